"""A store and a run of it as files, on SQLite and PostgreSQL alike."""

import csv
import json

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from made_records import as_json, make_program, make_record

from corpus.documents import Outcome
from corpus.export import current, export_run, export_store, reading
from corpus.rows import Entry
from corpus.store import Filter, Store
from corpus.store.tables import Fused, Program
from extractor.errors import InputError

READER = "0.2.0+1.0.1"


def save(store, *records, reader=READER, first=0):
    """Save the records as a run of their own and return it; the documents are called d0, d1, …"""
    run = store.begin_run("batch", "made", reader)
    outcomes = [(n, Outcome(f"d{n}", f"{first + n:064x}", record)) for n, record in enumerate(records)]
    store.save(run, outcomes, reader)
    return run


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def cells(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_run_is_written_in_the_order_and_with_the_ids_of_its_input(store, tmp_path):
    records = [make_record(5), make_record(1, programs=[], status="not_relevant"), make_record(3)]
    run = save(store, *records)
    save(store, make_record(9))
    assert export_run(store, run, tmp_path / "out.jsonl") == 3
    assert lines(tmp_path / "out.jsonl") == [{"id": f"d{n}", **as_json(record)} for n, record in enumerate(records)]
    assert export_run(store, run, tmp_path / "out.csv") == 3
    assert [(row["id"], row["status"], row["program"]) for row in cells(tmp_path / "out.csv")] == [
        ("d0", "ok", "1"),
        ("d1", "not_relevant", ""),
        ("d2", "ok", "1"),
    ]


def test_a_store_is_written_as_its_current_records_named_by_their_addresses(store, tmp_path):
    save(store, make_record(0, pipeline_version="0.1.0"), make_record(1), reader="0.1.0+1.0.1")
    save(store, make_record(0), first=100)
    export_store(store, tmp_path / "out.jsonl")
    rows = {row["id"]: row["pipeline_version"] for row in lines(tmp_path / "out.jsonl")}
    assert rows == {"https://kabar.example/0": "0.2.0", "https://kabar.example/1": "0.2.0"}
    assert all(row["article"]["text"] for row in lines(tmp_path / "out.jsonl"))


def test_a_filter_chooses_programs_and_the_articles_that_have_them(store, tmp_path):
    sure, unsure = make_program(1), make_program(2, confidence=0.2)
    save(store, make_record(0, programs=[unsure, sure]), make_record(1, programs=[unsure]), make_record(2, programs=[]))
    assert export_store(store, tmp_path / "out.csv", Filter(min_confidence=0.5)) == 1
    assert [(row["id"], row["program"]) for row in cells(tmp_path / "out.csv")] == [("https://kabar.example/0", "2")]
    export_store(store, tmp_path / "out.jsonl", Filter(min_confidence=0.5))
    assert [len(row["programs"]) for row in lines(tmp_path / "out.jsonl")] == [1]


def test_rows_of_one_fused_program_share_its_number(store, tmp_path):
    save(store, make_record(0), make_record(1), make_record(2))
    with store.engine.connect().execution_options(writes=True) as connection, connection.begin():
        fused = {"id": 7, "key": "k", "body": {}, "sources": 2}
        connection.execute(sa.insert(Fused).values(**fused))
        connection.execute(sa.update(Program).where(Program.id.in_([1, 3])).values(fused_id=7))
    export_store(store, tmp_path / "out.parquet")
    assert pq.read_table(tmp_path / "out.parquet")["fused"].to_pylist() == [7, None, 7]


def test_a_filter_reaches_parquet_and_xlsx(store, tmp_path):
    save(store, make_record(0))
    for suffix in ("parquet", "xlsx"):
        assert export_store(store, tmp_path / f"out.{suffix}", Filter(province="Papua")) == 0
        assert (tmp_path / f"out.{suffix}").stat().st_size


def test_what_is_written_is_the_store_as_it_was_when_that_began(store):
    save(store, *(make_record(n) for n in range(3)))
    entries = current(store)
    names = [next(entries).name]
    save(store, make_record(0, pipeline_version="0.3.0"), make_record(7), reader="0.3.0+1.0.1", first=100)
    rest = list(entries)
    assert names + [entry.name for entry in rest] == [f"https://kabar.example/{n}" for n in range(3)]
    assert all(isinstance(entry, Entry) and len(list(entry.programs())) == 1 for entry in rest)


def test_an_export_that_is_cut_off_leaves_what_was_there(store, tmp_path, monkeypatch):
    run = save(store, *(make_record(n) for n in range(3)))
    path = tmp_path / "out.csv"
    path.write_text("before")

    def breaks_off(_run):
        yield "d0", as_json(make_record(0))
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "records", breaks_off)
    for name in ("out.csv", "out.jsonl.gz", "out.parquet", "out.xlsx"):
        with pytest.raises(KeyboardInterrupt):
            export_run(store, run, tmp_path / name)
    assert path.read_text() == "before"
    assert {file.name for file in tmp_path.iterdir()} <= {
        "out.csv",
        "store.sqlite",
        "store.sqlite-wal",
        "store.sqlite-shm",
    }


def test_a_file_has_the_rights_that_any_other_has(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as store:
        export_store(store, tmp_path / "out.csv")
    (tmp_path / "other").write_text("")
    assert (tmp_path / "out.csv").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("name", ["out.xls", "out", "csv", "out.csv.zip"])
def test_a_name_that_tells_no_format_is_refused(tmp_path, name):
    with Store.open(tmp_path / "store.sqlite") as store, pytest.raises(InputError, match=r"must end in one of \.csv"):
        export_store(store, tmp_path / name)


@pytest.mark.parametrize("name", ["no/such/folder/out.csv", f"{'x' * 300}.csv", "folder.csv"])
def test_a_file_that_cannot_be_written_is_said(tmp_path, name):
    (tmp_path / "folder.csv").mkdir()
    with Store.open(tmp_path / "store.sqlite") as store, pytest.raises(InputError, match="cannot be written"):
        export_store(store, tmp_path / name)
    assert not list(tmp_path.glob("*.part"))


def test_a_store_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(InputError, match="there is no store"):
        reading(tmp_path / "stroe.sqlite")
    assert not list(tmp_path.iterdir())
