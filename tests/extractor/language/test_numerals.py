"""Indonesian numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.language.numerals import parse_number, spell


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("sepuluh", 10),
        ("Lima belas", 15),
        ("dua puluh tiga", 23),
        ("seratus dua", 102),
        ("dua ribu lima ratus", 2500),
        ("25an", 25),
        ("25-an", 25),
        ("1.250", 1250),
        ("3 ribu", 3000),
        ("kelima", 5),
    ],
)
def test_number_is_read(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["Puluhan", "belasan", "sejumlah", "belas", "dua tiga", "", "orang", "1.25"])
def test_vague_or_broken_has_no_number(text):
    assert parse_number(text) is None


@given(st.integers(0, 999_999))
def test_spelled_number_reads_back(number):
    assert parse_number(spell(number)) == number


@pytest.mark.parametrize("number", [-1, 1_000_000])
def test_out_of_range_has_no_words(number):
    with pytest.raises(ValueError, match="no words"):
        spell(number)


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_not(text):
    value = parse_number(text)
    assert value is None or value >= 0
