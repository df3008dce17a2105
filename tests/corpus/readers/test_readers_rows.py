import datetime as dt
import json

import pytest
from written_inputs import jsonl, kinds, reading, reasons

from corpus.documents import Document
from corpus.readers import Columns
from corpus.readers.limits import MAX_LINE, MAX_NAME, MAX_VALUES
from corpus.readers.rows import day_of
from corpus.reading import read
from extractor import load
from extractor.errors import InputError
from extractor.limits import MAX_BYTES

WIB = dt.timezone(dt.timedelta(hours=7))


def test_a_row_becomes_a_document(tmp_path):
    rows = [
        {"id": 7, "url": "https://a.example/1", "title": "Judul\n  dua ", "text": "Isi.", "published": "2025-10-13"},
        {"id": 7.0, "html": "<p>é</p>", "text": "tidak", "published": "Senin, 13 Oktober 2025 10:30 WIB"},
        {"url": " https://a.example/2 ", "html": "", "text": None, "views": [{}, 3]},
        {"text": "Isi saja."},
    ]
    assert reading(tmp_path / "in.jsonl", jsonl(rows)) == [
        Document("7", "https://a.example/1", text="Judul dua\n\nIsi.", published=dt.date(2025, 10, 13)),
        Document("7", html="<p>é</p>".encode(), published=dt.datetime(2025, 10, 13, 10, 30, tzinfo=WIB)),
        Document("https://a.example/2", "https://a.example/2"),
        Document("in.jsonl:4", text="Isi saja."),
    ]


def test_keys_by_name(tmp_path):
    row = {"kode": "k", "berita": "Isi", "source_url": "https://a.example/"}
    assert reading(tmp_path / "in.jsonl", jsonl([row]), Columns(id="kode", text="berita")) == [
        Document("k", "https://a.example/", text="Isi")
    ]


def test_annotated_articles_are_an_input(tmp_path):
    row = {"id": "T-1", "source_url": "https://a.example/", "publisher": None, "published": None, "kind": "program"}
    row |= {"title": "A", "text": "B", "programs": [{"facility": {"start": 0}}]}
    assert reading(tmp_path / "gold.jsonl", jsonl([row])) == [Document("T-1", "https://a.example/", text="A\n\nB")]


def test_a_bad_row_is_a_failure_and_the_rest_is_read(tmp_path):
    bad = [
        b"{not json",
        b"[1]",
        b"\xff\xfe",
        b'{"text": "\xff"}',
        b'{"id": 1}',
        b'{"id": "l", "text": ["a"]}',
        b'{"id": true, "text": "a"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"id": ' + b"9" * 5000 + b', "text": "a"}',
        json.dumps({"id": "big", "text": "x" * (MAX_BYTES + 1)}).encode(),
        json.dumps({"id": "x" * (MAX_NAME + 1), "text": "a"}).encode(),
        json.dumps({"url": "https://a.example/" + "x" * MAX_NAME}).encode(),
        b'{"text": "a", "b": [' + b"{}," * MAX_VALUES + b"{}]}",
        b'"' + b"y" * (MAX_LINE + 10) + b'"',
    ]
    data = b"".join(line + b'\n{"id": "x", "text": "A"}\n' for line in bad) + b'{"id": "cut", "te'
    found = reading(tmp_path / "in.jsonl", data)
    assert kinds(found) == ["input", "document"] * len(bad) + ["input"]
    assert found[20].id == "big"
    assert len({one.digest for one in found[::2]}) == len(bad) + 1  # each is a failure of its own
    assert [reason.split(": ")[0] for reason in reasons(found)] == [f"in.jsonl:{n}" for n in range(1, 32, 2)]
    assert "cut off" in found[-1].reason


def test_what_no_encoding_or_database_has_does_not_reach_the_pipeline(tmp_path):
    line = (
        '{"id": "s\\u0000\\udfff", "url": "https://a.example/\\ud800", "text": "Lapas \\ud800 A\\u0000 \\ud83d\\ude00"}'
    )
    (found,) = reading(tmp_path / "in.jsonl", line)
    assert found == Document("s\ufffd", "https://a.example/\ufffd", text="Lapas \ufffd A 😀")
    (outcome,) = read([found], load("none"))
    assert outcome.record is not None


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2025-10-13", dt.date(2025, 10, 13)),
        ("20251013", dt.date(2025, 10, 13)),
        (20251013, dt.date(2025, 10, 13)),
        ("2025-10-13 00:00:00", dt.date(2025, 10, 13)),
        ("2025-10-13T10:30:00", dt.datetime(2025, 10, 13, 10, 30, tzinfo=WIB)),
        ("2025-10-13T10:30:00Z", dt.datetime(2025, 10, 13, 10, 30, tzinfo=dt.UTC)),
        ("2025-10-13T00:00:00+07:00", dt.datetime(2025, 10, 13, tzinfo=WIB)),
        ("Senin, 13 Okt 2025 | 10:30 WITA", dt.datetime(2025, 10, 13, 10, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))),
        ("13/10/2025", dt.date(2025, 10, 13)),
        (dt.date(2025, 10, 13), dt.date(2025, 10, 13)),
        (dt.datetime(2025, 10, 13), dt.date(2025, 10, 13)),  # noqa: DTZ001
        *((nothing, None) for nothing in ("", None, "kemarin", "0001-01-01", "9999-12-31", "31 Februari 2025", 0, True, 1.5, [])),
    ],
)  # fmt: skip
def test_days_of_publication(said, day):
    assert day_of(said) == day


def test_a_day_that_cannot_be_read_does_not_cost_the_row(tmp_path):
    assert reading(tmp_path / "in.jsonl", '{"text": "A", "published": "kemarin"}') == [Document("in.jsonl:1", text="A")]


def test_columns_that_are_not_there():
    with pytest.raises(InputError, match="no column 'isi'; there are: No, Judul"):
        Columns(text="isi").among(["No", "Judul"])
    with pytest.raises(InputError, match="there are: none"):
        Columns(text="isi").among([""])
    assert Columns(title="Judul").among(["No", "Isi", "isi", "Judul"]) == Columns(id="No", text="Isi", title="Judul")
