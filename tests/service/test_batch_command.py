"""The command `batch`: from a file to a file or a store, its codes, and the file of what failed."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

TEXT = "Sepuluh warga binaan Lapas Kelas IIB Sukamaju belajar menjahit, Senin (13/10/2025)."


def batch(*arguments, stdin=None):
    command = [sys.executable, "-m", "service.cli", "batch", *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True, input=stdin, timeout=120)


@pytest.fixture
def articles(tmp_path):
    path = tmp_path / "articles.csv"
    path.write_text(f'nama,judul,isi\na,"Lapas Sukamaju Latih Menjahit","{TEXT}"\nb,"Cuaca Hari Ini","Hujan turun."\n')
    return path


def test_a_table_to_jsonl_and_once_more_for_nothing(articles, tmp_path):
    out = tmp_path / "out.jsonl"
    columns = ("--id", "nama", "--title", "judul", "--text", "isi", "--tagger", "none", "--workers", 1)
    first = batch(articles, "-o", out, *columns)
    assert (first.returncode, first.stdout) == (0, "")
    assert "read now: 2" in first.stderr
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [(line["id"], len(line["programs"])) for line in lines] == [("a", 1), ("b", 0)]
    written = out.read_bytes()
    out.unlink()
    second = batch(articles, "-o", out, *columns)
    assert "read now: 0, known before: 2" in second.stderr
    assert out.read_bytes() == written
    assert not (tmp_path / "out.jsonl.errors.jsonl").exists()


def test_what_failed_stands_in_a_file_of_its_own_and_in_the_code(tmp_path):
    rows = [
        {"id": "a", "text": f"Lapas Sukamaju\n\n{TEXT}"},
        {"id": "b", "text": " "},
        {"id": "c", "url": "http://127.0.0.1/c"},
    ]
    store, errors = tmp_path / "store.sqlite", tmp_path / "failed.jsonl"
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    run = batch("-", "-o", store, "--errors", errors, "--tagger", "none", "--workers", 1, stdin=lines)
    assert run.returncode == 1
    assert str(errors) in run.stderr
    failures = [json.loads(line) for line in errors.read_text("utf-8").splitlines()]
    assert [(failure["id"], failure["code"]) for failure in failures] == [("b", "input"), ("c", "blocked")]
    with sqlite3.connect(store) as connection:
        assert connection.execute("SELECT count(*) FROM records").fetchone() == (1,)
    assert batch("-", "-o", store, "--tagger", "none", stdin=lines.splitlines()[1]).returncode == 2


def test_ctrl_c_ends_it_cleanly_and_the_same_command_goes_on(tmp_path):
    source, store, many = tmp_path / "articles.jsonl", tmp_path / "store.sqlite", 1500
    source.write_text("".join(json.dumps({"text": f"Judul {n}\n\n{TEXT} {n}"}) + "\n" for n in range(many)))
    arguments = [str(source), "-o", str(store), "--tagger", "none"]
    command = [sys.executable, "-m", "service.cli", "batch", *arguments]
    # A group of its own, so that all its processes are told, as by a terminal; and one that hears Ctrl-C, which whoever
    # runs these tests in the background of a shell has taught them not to.
    command = ["env", "--default-signal=INT", *command]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as run:
        while run.poll() is None and not items(store):
            time.sleep(0.2)
        os.killpg(run.pid, signal.SIGINT)
        said = run.stderr.read()
    assert run.returncode == 130
    assert " ".join(said.split()) == "stopped; the same command goes on from here"
    done = items(store)
    assert done < many
    assert f"articles: {many:,}, read now: {many - done:,}, known before: {done:,}" in batch(*arguments).stderr


def items(store):
    """Return how many documents the store knows."""
    try:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
            return connection.execute("SELECT count(*) FROM readings").fetchone()[0]
    except sqlite3.OperationalError:  # it is not made yet
        return 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.jsonl", "-o", "out.jsonl"], "missing.jsonl"),
        (["-", "-o", "out.txt"], ".jsonl"),
        (["-", "-o", "out.jsonl", "--address", "127.0.0.1:1", "--tagger", "none"], "--engine ray"),
        (["-", "-o", "out.jsonl", "--engine", "spark"], "spark"),
    ],
)
def test_wrong_input_is_one_line_and_code_2(arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = batch(*arguments, stdin=json.dumps({"text": TEXT}))
    assert run.returncode == 2
    assert said in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())
