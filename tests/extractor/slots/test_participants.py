"""Counts of trainees, their group, and the counts that are of others."""

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

import extractor.language  # noqa: F401
from extractor.mentions import Mention
from extractor.slots import participants

NLP = spacy.blank("id")


def document(text: str):
    doc = NLP.make_doc(f"\n\n{text}")
    doc._.body_start = 2
    return doc


def read(text: str) -> list[tuple[int | None, str | None]]:
    doc = document(text)
    values = [participants.resolve(doc, mention) for mention in participants.find(doc)]
    return [(v.count, v.group) for v in values if v]


@pytest.mark.parametrize(
    ("text", "count", "group"),
    [
        ("diikuti 10 (sepuluh) orang peserta", 10, None),
        ("diikuti 27 laki-laki dan 3 perempuan", 30, None),
        ("Lima belas narapidana belajar", 15, None),
        ("diikuti 12 org WBP", 12, None),
        ("ada 25an warga yang ikut", 25, None),
        ("Pesertanya 19 orang", 19, None),
        ("diikuti 20 WBP", 20, None),
        ("sebanyak dua puluh tiga klien dilatih", 23, None),
        ("sebanyak 1.250 narapidana", 1250, None),
    ],
)
def test_count_is_read(text, count, group):
    assert read(text) == [(count, group)]


@pytest.mark.parametrize(
    ("words", "group"),
    [
        ("6 WBP wanita", "women"),
        ("20 warga binaan laki-laki", "men"),
        ("15 anak binaan", "youth"),
        ("20 narapidana", None),
    ],
)
def test_group_is_in_the_words(words, group):
    doc = document(words)
    value = participants.resolve(doc, Mention("participants", 2, len(doc.text), 0.5, "model"))
    assert value is not None
    assert value.group == group


@pytest.mark.parametrize(
    "text", ["Puluhan warga binaan belajar", "selama 10 hari", "Rp 20 ribu", "200 jam", "50 kursi"]
)
def test_nothing_is_counted(text):
    assert all(count is None for count, _ in read(text))


def test_the_trainees_beat_the_population():
    text = (
        "NGAWI – Sebanyak 20 warga binaan Lapas Ngawi mengikuti pelatihan menjahit.\n\n"
        "Lapas yang berkapasitas 200 orang itu kini dihuni 512 narapidana."
    )
    doc = document(text)
    best = max(participants.find(doc), key=lambda m: m.score)
    assert doc.text[best.start : best.end] == "20 warga binaan"


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    doc = document(text)
    for mention in participants.find(doc):
        assert 0 <= mention.start < mention.end <= len(doc.text)
        participants.resolve(doc, mention)


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_mention_with_edges_off_is_read(start, length):
    doc = document("diikuti 20 (dua puluh) WBP perempuan dan 5 laki-laki di aula")
    end = min(start + length, len(doc.text))
    value = participants.resolve(doc, Mention("participants", min(start, end), end, 0.5, "model"))
    assert value is None or value.count is None or value.count >= 1
