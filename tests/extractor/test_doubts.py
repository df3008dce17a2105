"""Warnings: a weekday that contradicts its day, values that were nearly taken."""

import datetime as dt

import pytest
import spacy

from extractor import doubts
from extractor.language.dates import wrong_weekday
from extractor.mentions import Mention


@pytest.mark.parametrize(
    ("words", "day", "wrong"),
    [
        ("Senin (13/10/2025)", dt.date(2025, 10, 13), None),
        ("Selasa (13/10/2025)", dt.date(2025, 10, 13), "Selasa"),
        ("Jum’at, 17 Oktober 2025", dt.date(2025, 10, 17), None),
        ("13 Oktober 2025", dt.date(2025, 10, 13), None),
        ("Rabuk 13 Oktober 2025", dt.date(2025, 10, 13), None),
    ],
)
def test_a_weekday_is_checked_against_its_day(words, day, wrong):
    assert wrong_weekday(words, day, day) == wrong


def test_the_weekdays_of_a_range_are_its_days():
    first, last = dt.date(2025, 8, 4), dt.date(2025, 8, 6)
    assert wrong_weekday("Senin-Rabu (4-6/8)", first, last) is None
    assert wrong_weekday("Senin-Kamis (4-6/8)", first, last) == "Kamis"


def test_what_was_nearly_taken_is_named_likeliest_first_and_noise_is_not():
    doc = spacy.blank("id").make_doc("Pelatihan\n\nBersama PT Satu, PT Dua dan PT Tiga.")
    doc._.rankers = {"partner": {">": 0.5}}

    def mention(words, score):
        at = doc.text.index(words)
        return Mention("partner", at, at + len(words), score, "rule")

    found = doubts.left_out(doc, [mention("PT Satu", 0.35), mention("PT Dua", 0.45), mention("PT Tiga", 0.05)])
    assert found == [
        'left out, as not sure enough: partner "PT Dua" (0.45)',
        'left out, as not sure enough: partner "PT Satu" (0.35)',
    ]
