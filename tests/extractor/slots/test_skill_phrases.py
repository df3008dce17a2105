"""Which phrases may name what is taught, and how much of the text they take."""

import pytest
import spacy

from extractor.slots import skills


def phrases(text):
    doc = spacy.blank("id").make_doc(f"Judul\n\n{text}")
    doc._.body_start = 7
    return [doc.text[slice(*c.span)] for c in skills.candidates(doc)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mereka belajar tata boga dan hidroponik.", ["tata boga", "hidroponik"]),
        ("Dua bidang yaitu tata boga sama laundry.", ["tata boga", "laundry"]),
        ("Kejuruan menjahit dan kecantikan dibuka.", ["menjahit", "kecantikan"]),
        ("Ada pertanian serta instalasi listrik.", ["pertanian", "instalasi listrik"]),
        ("Mereka diajari membuat roti dan kue.", ["membuat roti dan kue"]),
        ("Pelatihan pembuatan paving block dibuka.", ["pembuatan paving block"]),
    ],
)
def test_two_trades_are_two_and_two_products_of_one_head_are_one(text, found):
    assert phrases(text) == found


def test_a_phrase_is_one_candidate_however_often_it_stands():
    assert phrases("Mereka menjahit. Menjahit itu mudah, kata mereka. MENJAHIT!") == ["menjahit"]
