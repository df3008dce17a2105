"""Dates: every form, the days it names, and which is the training's."""

import datetime as dt

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

import extractor.language  # noqa: F401
from extractor.slots import date

NLP = spacy.blank("id")
PUBLISHED = dt.date(2023, 4, 6)  # a Thursday


def document(text: str, title: str = ""):
    doc = NLP.make_doc(f"{title}\n\n{text}")
    doc._.body_start = len(title) + 2
    return doc


def read(text: str, published: dt.date | None = PUBLISHED) -> list[tuple[str, str, str]]:
    doc = document(text)
    values = [date.resolve(doc, mention, published) for mention in date.find(doc, published)]
    return [(v.start.isoformat(), v.end.isoformat(), v.precision) for v in values if v]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("digelar Senin 13 Oktober 2025.", "2025-10-13", "2025-10-13"),
        ("digelar Selasa, 01 November 2022.", "2022-11-01", "2022-11-01"),
        ("digelar Sabtu (01/04/2023).", "2023-04-01", "2023-04-01"),
        ("digelar Kamis (20/07/23).", "2023-07-20", "2023-07-20"),
        ("digelar 26-30/5/2022 di aula.", "2022-05-26", "2022-05-30"),
        ("digelar Kamis-Senin (26-30/5/2022).", "2022-05-26", "2022-05-30"),
        ("digelar Senin – Selasa (20 – 21/03/2023).", "2023-03-20", "2023-03-21"),
        ("berlangsung 18 s/d 23 Februari 2021.", "2021-02-18", "2021-02-23"),
        ("berlangsung 27 s.d 29 Oktober 2022.", "2022-10-27", "2022-10-29"),
        ("berlangsung 28 Februari hingga 2 Maret 2019.", "2019-02-28", "2019-03-02"),
        ("10 Oktober 2024 sampai dengan tanggal 17 Oktober 2024", "2024-10-10", "2024-10-17"),
        ("Senin (21/6/2021) sampai Sabtu 3 Juli 2021", "2021-06-21", "2021-07-03"),
        ("28 Desember 2021 hingga 3 Januari 2022", "2021-12-28", "2022-01-03"),
        ("pada 5 Des 2021 lalu", "2021-12-05", "2021-12-05"),
    ],
)
def test_written_year_needs_no_publication(text, start, end):
    assert read(text, None) == [(start, end, "day")]


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("dibuka Rabu (5/4) kemarin.", "2023-04-05", "2023-04-05", "day"),
        ("dibuka Jum’at (31/3).", "2023-03-31", "2023-03-31", "day"),
        ("dibuka Selasa.", "2023-04-04", "2023-04-04", "day"),
        ("dibuka Senin (28/11).", "2022-11-28", "2022-11-28", "day"),
        ("akan dibuka Selasa (18/4).", "2023-04-18", "2023-04-18", "day"),
        ("dibuka kemarin.", "2023-04-05", "2023-04-05", "day"),
        ("dibuka hari ini.", "2023-04-06", "2023-04-06", "day"),
        ("dibuka pekan lalu.", "2023-03-27", "2023-04-02", "day"),
        ("berlangsung kemarin hingga 12 April 2023", "2023-04-05", "2023-04-12", "day"),
        ("sejak pertengahan Maret", "2023-03-01", "2023-03-31", "month"),
        ("sejak bulan Desember", "2022-12-01", "2022-12-31", "month"),
        ("sejak September hingga Oktober 2021", "2021-09-01", "2021-10-31", "month"),
        ("pekan pertama Desember 2022", "2022-12-01", "2022-12-07", "day"),
        ("Sepanjang 2022 lapas sibuk", "2022-01-01", "2022-12-31", "year"),
        ("Tahun 2022 lapas sibuk", "2022-01-01", "2022-12-31", "year"),
        ("dibuka Rabu (05/04/202).", "2023-04-05", "2023-04-05", "day"),
    ],
)
def test_unwritten_parts_come_from_publication(text, start, end, precision):
    assert read(text) == [(start, end, precision)]


def test_unwritten_year_comes_from_the_other_dates():
    assert read("Dibuka Senin (6/2/2023). Ditutup 10 Februari.", None)[1] == ("2023-02-10", "2023-02-10", "day")


@pytest.mark.parametrize(
    "text", ["dua minggu lamanya", "pukul 08.00 WIB", "Rp 1.000.000", "UU Nomor 22 Tahun 2022", "dibuka 31/2/2023"]
)
def test_no_day_is_named(text):
    assert read(text) == []


@pytest.mark.parametrize("form", ["Selasa", "Senin (6/2)", "kemarin", "6 Februari"])
def test_without_any_year_there_is_no_day(form):
    assert read(f"dibuka {form}.", None) == []


def best(text: str) -> str:
    doc = document(text)
    mention = max(date.find(doc, PUBLISHED), key=lambda m: m.score)
    return doc.text[mention.start : mention.end]


def test_the_trainings_day_beats_the_quotes():
    text = (
        "NGAWI – Pelatihan menjahit bagi 20 warga binaan digelar Senin (3/4/2023) di aula Lapas Ngawi.\n\n"
        "“Kami senang,” kata Kalapas saat ditemui wartawan, Kamis (6/4/2023)."
    )
    assert best(text) == "Senin (3/4/2023)"


def test_the_range_beats_the_opening_day():
    text = (
        "NGAWI – Pelatihan menjahit bagi 20 warga binaan dibuka Senin (3/4/2023) di Lapas Ngawi. "
        "Jadwalnya enam hari, mulai 3 hingga 8 April 2023."
    )
    assert best(text) == "3 hingga 8 April 2023"


@given(st.text(max_size=300), st.one_of(st.none(), st.dates(), st.datetimes()))
def test_any_text_is_read(text, published):
    doc = document(text)
    for mention in date.find(doc, published):
        assert 0 <= mention.start < mention.end <= len(doc.text)
        value = date.resolve(doc, mention, published)
        assert value is None or value.start <= value.end


@given(
    st.lists(
        st.sampled_from(
            [
                "Senin",
                "(",
                "31",
                "/",
                "2",
                "/12",
                "-",
                "hingga",
                "kemarin",
                "Mei",
                "Februari",
                "2023",
                "1999",
                "tahun",
                "pekan",
                "lalu",
                "\n",
                ".",
            ]
        )
    ),
    st.dates(),
)
def test_any_mixture_of_date_words_is_read(words, published):
    doc = document(" ".join(words))
    for mention in date.find(doc, published):
        value = date.resolve(doc, mention, published)
        assert value is None or value.start <= value.end
