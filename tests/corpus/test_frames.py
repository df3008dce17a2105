"""Tables of a store as data frames, on SQLite and PostgreSQL alike."""

import subprocess
import sys

import pandas as pd
import pytest
from made_records import make_program, make_record
from test_export import save

import corpus
from corpus.columns import CODES, TABLES
from extractor.errors import InputError


@pytest.fixture
def filled(store, address):
    empty = make_program(facility=None, date=None, partners=[], instructors=[], skills=[], participants=None)
    save(store, make_record(0, programs=[]), make_record(1, programs=[make_program(1), empty]), make_record(2))
    return address


def test_programs_are_typed(filled):
    programs = corpus.load(filled)
    assert list(programs.columns) == [column.name for column in TABLES["programs"]]
    assert len(programs) == 3
    assert pd.api.types.is_datetime64_dtype(programs["date_start"])
    assert programs["participants"].dtype == "Int64"
    assert programs["participants"].isna().tolist() == [False, True, False]
    assert list(programs["facility_type"].cat.categories) == list(CODES["facility_type"])
    assert programs["skills"].tolist() == [["membuat dimsum", "menjahit"], [], ["membuat dimsum", "menjahit"]]
    assert programs["program_confidence"].dtype == "float64"
    assert str(programs["date_start"].max().date()) == "2025-10-15"


@pytest.mark.parametrize(
    ("table", "rows"), [("articles", 3), ("facilities", 2), ("partners", 4), ("instructors", 2), ("skills", 4)]
)
def test_every_table_loads(filled, table, rows):
    frame = corpus.load(filled, table)
    assert list(frame.columns) == [column.name for column in TABLES[table]]
    assert len(frame) == rows


def test_rows_beyond_one_part_keep_their_types(filled, monkeypatch):
    whole = corpus.load(filled)
    monkeypatch.setattr("corpus.frames._ROWS", 1)
    pd.testing.assert_frame_equal(corpus.load(filled), whole)


def test_filters_are_the_stores(filled):
    assert len(corpus.load(filled, province="Jawa Barat")) == 2
    assert corpus.load(filled, "articles", province="Papua").empty
    with pytest.raises(InputError, match="the filters are facility"):
        corpus.load(filled, color="red")


@pytest.mark.filterwarnings("error")
def test_a_table_without_rows_has_its_types(store, address):
    frame = corpus.load(address, "articles")
    assert frame.empty
    assert frame["published"].dtype == "datetime64[s]"
    assert frame["truncated"].dtype == "boolean"


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(InputError, match="no table 'facility', only articles"):
        corpus.load(tmp_path / "store.sqlite", "facility")
    with pytest.raises(InputError, match="there is no store"):
        corpus.load(tmp_path / "store.sqlite")


def test_nothing_heavy_is_imported_until_it_is_used():
    code = """
import sys
import corpus
print(sorted({"sqlalchemy", "numpy", "spacy", "extractor"} & set(sys.modules)))
import corpus.export, corpus.stats, corpus.plots, corpus.frames
print(sorted({"pandas", "pyarrow", "openpyxl", "matplotlib"} & set(sys.modules)))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n[]\n"
