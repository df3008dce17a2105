"""A run into the store: known documents cost nothing, and being cut off loses nothing."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from run_made_batch import made

from corpus.batch import run_batch, working_store, write_failures
from corpus.documents import Document, Outcome
from corpus.export import export_run
from corpus.reading import read
from corpus.store import Store
from extractor import load
from extractor.errors import InputError

SCRIPT = Path(__file__).with_name("run_made_batch.py")
READER = "test+1"


class Here:
    """Reads in this process, last come first served, and counts what it is given."""

    def __init__(self):
        self.given = 0

    def run(self, documents):
        for position, document in reversed(list(documents)):
            self.given += 1
            yield position, next(read([document], load("none")))


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as opened:
        yield opened


def lines(store, run, path):
    export_run(store, run, path)
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_records_come_out_in_the_order_of_the_input_and_failures_aside(store, tmp_path):
    broken = Outcome("row 2", "0" * 64, code="input", reason="there is nothing in row 2")
    documents = [made(0), made(1), broken, Document("empty", text=" "), made(4)]
    tally = run_batch(documents, Here(), store, READER, label="made")
    assert (tally.total, tally.read, tally.known, tally.failed) == (5, 3, 0, 2)
    out = lines(store, tally.run, tmp_path / "out.jsonl")
    assert [line["id"] for line in out] == ["d0", "d1", "d4"]
    assert out[2]["article"]["title"] == "Lapas Sukamaju Latih Menjahit 4"
    write_failures(store, tally.run, tmp_path / "errors.jsonl")
    failures = [json.loads(line) for line in (tmp_path / "errors.jsonl").read_text("utf-8").splitlines()]
    assert [failure["id"] for failure in failures] == ["row 2", "empty"]
    assert failures[0] == {"id": "row 2", "code": "input", "reason": "there is nothing in row 2"}


def test_known_documents_are_not_read_again_but_by_another_version(store, tmp_path):
    documents = [made(n) for n in range(100)]
    first = run_batch(documents, Here(), store, READER, label="made")
    engine = Here()
    second = run_batch([*documents, made(100)], engine, store, READER, label="made")
    assert (engine.given, second.read, second.known) == (1, 1, 100)
    assert lines(store, second.run, tmp_path / "b.jsonl")[:100] == lines(store, first.run, tmp_path / "a.jsonl")
    engine = Here()
    assert run_batch(documents, engine, store, "test+2", label="made").read == engine.given == 100


def test_the_errors_file_of_an_earlier_run_goes_when_nothing_fails(store, tmp_path):
    path = tmp_path / "errors.jsonl"
    write_failures(store, run_batch([Document("a")], Here(), store, READER, label="made").run, path)
    assert path.exists()
    write_failures(store, run_batch([made(1)], Here(), store, READER, label="made").run, path)
    assert not path.exists()


def test_an_input_that_breaks_off_keeps_what_was_read(store):
    class Streaming(Here):
        def run(self, documents):
            for position, document in documents:
                yield position, next(read([document], load("none")))

    def documents():
        yield from map(made, range(64))
        raise InputError("line 65 is broken")

    with pytest.raises(InputError, match="line 65"):
        run_batch(documents(), Streaming(), store, READER, label="made")
    engine = Here()
    assert run_batch([made(n) for n in range(64)], engine, store, READER, label="made").known == 64
    assert engine.given == 0
    with store.engine.connect() as connection:
        assert list(connection.scalars(sa.text("SELECT state FROM runs ORDER BY id"))) == ["failed", "done"]


def test_where_a_run_works():
    assert working_store("postgresql://h/d") == ("postgresql://h/d", None)
    assert working_store("a/b.sqlite") == (Path("a/b.sqlite"), None)
    assert working_store("a/b.csv") == (Path("a/b.csv.store.sqlite"), Path("a/b.csv"))
    with pytest.raises(InputError, match=r"\.jsonl"):
        working_store("a/b.txt")


def test_killed_at_any_point_it_goes_on(tmp_path):
    path, many = tmp_path / "store.sqlite", 300
    command = [sys.executable, str(SCRIPT), str(path), str(many), "local"]
    for least in (0, 150):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
            for line in run.stdout:
                if int(line) > least:
                    break
            tasks = Path(f"/proc/{run.pid}/task").glob("*/children")
            children = [child for task in tasks for child in task.read_text("ascii").split()]
            run.send_signal(signal.SIGKILL)
        assert len(children) >= 2
    words = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    read_now, known, failed = map(int, words[-3:])
    assert (read_now + known, failed) == (many, 0)
    assert known > 150
    with Store.open(path) as store, store.engine.connect() as connection:
        counts = [
            connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name)))
            for name in ("articles", "versions", "records", "readings")
        ]
        last = connection.scalar(sa.text("SELECT max(id) FROM runs"))
    assert counts == [many] * 4
    with Store.open(path) as store:
        assert [name for name, _ in store.records(last)] == [f"d{n}" for n in range(many)]
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
