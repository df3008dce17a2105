"""Sentence starts on the abbreviations, numbers and quotes of the news."""

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

import extractor.language.sentences  # noqa: F401

NLP = spacy.blank("id")
NLP.add_pipe("sentences")


def split(text: str) -> list[str]:
    return [s.text.strip() for s in NLP(text).sents if s.text.strip()]


@pytest.mark.parametrize(
    "whole",
    [
        "Kalapas Ahmad Rifai, S.Sos., M.H. membuka kelas itu.",
        "Biayanya Rp. 1.000.000 per orang.",
        "Lihat UU No. 12 tentang itu.",
        "Acara dimulai pukul 08.00 WIB di aula.",
        "Kelas dibuka H. Ahmad bersama CV. Maju Jaya.",
        "“Alhamdulillah lancar.” kata Siti.",
        "Pelatihan dipandu M. Iqbal.",
    ],
)
def test_one_sentence_stays_whole(whole):
    assert split(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Untuk lingkungan.Keterampilan itu penting.", ["Untuk lingkungan.", "Keterampilan itu penting."]),
        ("Ini Lapas Kelas II A. Mereka belajar.", ["Ini Lapas Kelas II A.", "Mereka belajar."]),
        ("1. Operator Komputer\n2. Teknik Las", ["1. Operator Komputer", "2. Teknik Las"]),
        ("Judul tanpa titik\n\nIsi berita.", ["Judul tanpa titik", "Isi berita."]),
        ("Siapa dia? Pelatih.", ["Siapa dia?", "Pelatih."]),
        ("Harganya Rp30 ribu pada 2022. 20 orang membeli.", ["Harganya Rp30 ribu pada 2022.", "20 orang membeli."]),
    ],
)
def test_sentences_part(text, parts):
    assert split(text) == parts


@given(st.text(max_size=200))
def test_no_sentence_holds_a_line_break_inside(text):
    for line in split(text):
        assert "\n" not in line
