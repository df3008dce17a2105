"""What the files hold, read back with the readers that people use."""

import csv
import datetime as dt
import gzip
import io
import json
import string
import zipfile

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_records import as_json, make_program, make_record

from corpus.columns import CODES, TABLES
from corpus.rows import Entry
from corpus.writers import FORMATS, defuse, write_csv, write_jsonl, write_parquet, write_xlsx
from extractor.errors import InputError

HOSTILE = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", ' "=1', "a;=1", 'a; "=1', "a\n=1", "\ufeff=1", "＝1"]


def written(write, *records):
    file = io.BytesIO()
    write([Entry(f"row-{number}", as_json(record)) for number, record in enumerate(records)], file)
    return file.getvalue()


def rows_of_csv(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_has_a_row_a_program_and_says_which_articles_have_none():
    both = make_record(1, programs=[make_program(1), make_program(2)])
    rows = rows_of_csv(written(write_csv, make_record(0, programs=[], status="not_relevant"), both))
    assert [(row["id"], row["program"]) for row in rows] == [("row-0", ""), ("row-1", "1"), ("row-1", "2")]
    assert rows[0]["status"] == "not_relevant"
    assert rows[0]["partners"] == rows[0]["date_start"] == ""
    assert rows[1]["partners"] == "Disnaker Sukamaju; CV Maju Jaya"
    assert rows[1]["partner_confidences"] == "0.9; 0.8"
    assert rows[2]["date_start"] == "2025-10-15"


def test_csv_begins_with_the_mark_by_which_excel_knows_utf_8():
    data = written(write_csv, make_record(title="Pelatihan é"))
    assert data.startswith(b"\xef\xbb\xbfid,url,")
    assert pd.read_csv(io.BytesIO(data)).columns[0] == "id"


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_of_a_csv_begins_a_formula_whatever_the_separator(title, separator):
    text = written(write_csv, make_record(title=title)).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        for cell in row:
            assert not cell.strip(string.whitespace + '"\ufeff').startswith(tuple("=+-@＝＋－＠")), cell


@given(st.text(alphabet='ab ;,"\t\r\n=+-@\ufeff\x00'))
def test_defusing_leaves_the_text_and_only_adds_apostrophes(text):
    assert defuse(text).replace("'", "") == text
    assert defuse(defuse(text)).count("'") == defuse(text).count("'")


def test_defusing_leaves_what_cannot_be_a_formula():
    for text in ("Dinas Tenaga Kerja", "2025-10-13", "a = b", "https://kabar.example/?a=1&b=-1", "0.9; 0.8", ""):
        assert defuse(text) == text


def test_defusing_takes_time_in_proportion_to_the_text():
    for blank in (";", "\n", " ", '"', "\t;"):
        text = f"a{blank * 500_000}b"
        assert defuse(text) == text  # by one pass: a pass for each blank would take hours


def test_a_semicolon_within_a_name_does_not_look_like_the_next_name():
    partner = make_program().partners[0].model_copy(update={"name": "Dinas A; B"})
    rows = rows_of_csv(written(write_csv, make_record(programs=[make_program(partners=[partner])])))
    assert rows[0]["partners"].split("; ") == ["Dinas A, B"]


def test_jsonl_has_the_whole_record_beside_its_id():
    record = make_record()
    (line,) = written(write_jsonl, record).splitlines()
    assert json.loads(line) == {"id": "row-0", **as_json(record)}


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_gzip_holds_the_same_and_is_the_same_every_time(suffix):
    plain, zipped = (written(FORMATS[end], make_record()) for end in (suffix, f"{suffix}.gz"))
    assert gzip.decompress(zipped) == plain
    assert zipped == written(FORMATS[f"{suffix}.gz"], make_record())


def test_parquet_is_typed_and_carries_the_dictionary():
    file = pq.ParquetFile(io.BytesIO(written(write_parquet, make_record(0, programs=[]), make_record(1))))
    schema = file.schema_arrow
    assert str(schema.field("date_start").type) == "date32[day]"
    assert schema.field("skills").type.value_type == "string"
    assert schema.field("date_start").metadata[b"description"].startswith(b"The first day")
    nothing, program = file.read().to_pylist()
    assert nothing["program"] is nothing["skills"] is None
    assert program["date_start"] == dt.date(2025, 10, 14)
    assert program["skills"] == ["membuat dimsum", "menjahit"]
    assert program["skill_confidences"] == [0.93, 0.7]
    assert program["participants"] == 10


def test_xlsx_has_a_sheet_an_entity_and_the_dictionary():
    data = written(write_xlsx, make_record(0, programs=[]), make_record(1))
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    assert book.sheetnames == [*TABLES, "dictionary", "codes"]
    sheets = {name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames}
    sizes = {"articles": 2, "programs": 1, "facilities": 1, "partners": 2, "instructors": 1, "skills": 2}
    assert {table: len(sheets[table]) - 1 for table in TABLES} == sizes
    for table, columns in TABLES.items():
        assert list(sheets[table][0]) == [column.name for column in columns]
    program = dict(zip(sheets["programs"][0], sheets["programs"][1], strict=True))
    assert program["date_start"].date() == dt.date(2025, 10, 14)
    assert program["participants"] == 10
    assert len(sheets["dictionary"]) - 1 == sum(len(columns) for columns in TABLES.values())
    assert len(sheets["codes"]) - 1 == sum(len(codes) for codes in CODES.values())


@pytest.mark.parametrize("title", [*HOSTILE, "#N/A", "nul \x00 bell \x07", "x" * 40_000])
def test_xlsx_keeps_hostile_text_as_text(title):
    data = written(write_xlsx, make_record(title=title))
    book = openpyxl.load_workbook(io.BytesIO(data))
    cell = book["articles"]["D2"]
    assert cell.data_type == "s"
    assert cell.value.replace("_x000D_", "\r") == title.replace("\x00", "").replace("\x07", "")[:32_767]
    if title in HOSTILE:
        assert cell.quotePrefix
    sheets = zipfile.ZipFile(io.BytesIO(data))
    assert not any(b"<f>" in sheets.read(name) for name in sheets.namelist())


def test_xlsx_says_what_to_do_where_a_sheet_is_full(monkeypatch):
    monkeypatch.setattr("corpus.writers._SHEET_ROWS", 3)
    with pytest.raises(InputError, match=r"write \.csv or \.parquet"):
        written(write_xlsx, *[make_record(number) for number in range(3)])


@pytest.mark.parametrize(("suffix", "module"), [(".parquet", "pyarrow"), (".xlsx", "openpyxl")])
def test_a_missing_library_is_named_with_the_extra(monkeypatch, suffix, module):
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(InputError, match=r"pip install 'pembinaan\[tables\]'"):
        written(FORMATS[suffix], make_record())
