"""What the words about a program say of its batch, its length, and its first and last day."""

import pytest
from tellings import LAS, tell

from corpus.fusion.telling import Cues, read_cues
from extractor.schema import Evidence


def cues(text, words="Senin", title="Judul"):
    start = text.index(words)
    evidence = [Evidence(field="text", start=start, end=start + len(words), text=words, method="rule")]
    program = tell("a", LAS).program
    date = program.date.model_copy(update={"evidence": evidence})
    return read_cues(program.model_copy(update={"date": date}), title, text)


@pytest.mark.parametrize(
    ("text", "batch"),
    [
        ("Pelatihan las angkatan II digelar Senin.", 2),
        ("Pelatihan las gelombang kedua, Senin.", 2),
        ("Senin, pelatihan angkatan pertama", 1),
        ("Senin, batch 3 pelatihan las", 3),
        ("Senin, angkatan ke-4 pelatihan las", 4),
        ("Senin, angkatan 2023 pelatihan las", None),
        ("Setelah angkatan I lulus, Senin angkatan II dibuka.", None),
        ("Senin, pelatihan las.", None),
    ],
)
def test_batch(text, batch):
    assert cues(text).batch == batch


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Senin. Pelatihan berlangsung selama 10 hari.", 10),
        ("Senin. Dua belas hari lamanya mereka belajar.", 12),
        ("Senin. Kelas berjalan 3 minggu.", 21),
        ("Senin. Selama dua bulan, 12 hari tiap bulan.", 60),
        ("Dua hari lalu, Senin.", None),
        ("Senin. Ia dihukum 12 bulan.", None),
        ("Senin.", None),
    ],
)
def test_length(text, days):
    assert cues(text).days == days


@pytest.mark.parametrize(
    ("text", "opening", "closing"),
    [
        ("Pelatihan dibuka Senin.", True, False),
        ("Penutupan pelatihan berlangsung Senin.", False, True),
        ("Dibuka Senin dan ditutup Jumat.", False, False),
        ("Senin, mereka belajar mengelas.", False, False),
        ("Senin, mereka belajar mengelas. " + "x" * 200 + " Acara dibuka kepala lapas.", False, False),
    ],
)
def test_first_and_last_day(text, opening, closing):
    assert cues(text)[2:] == (opening, closing)


def test_the_title_counts():
    assert cues("Senin.", title="Pelatihan Las Angkatan II Dibuka") == Cues(batch=2, opening=True)
