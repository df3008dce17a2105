"""Persons by their form: where a name begins and ends among titles and other capitals."""

import pytest

from extractor.language.names import find_persons


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("disampaikan Sri Umi Ningsih, juru latih", ["Sri Umi Ningsih"]),
        ("dipandu Umi Kalsum di aula", ["Kalsum"]),
        ("bersama Chef Dyah Retnani dan Pak Darno", ["Dyah Retnani", "Darno"]),
        ("hadir I Gede Pasek Mardika", ["I Gede Pasek Mardika"]),
        ("dibimbing Siti Andi Nurhaliza", ["Siti Andi Nurhaliza"]),
    ],
)
def test_titles_open_a_name_or_stand_within_it(text, names):
    assert [text[p.start : p.end] for p in find_persons(text)] == names
