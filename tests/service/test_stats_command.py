"""`pembinaan stats` and `pembinaan export` as they are typed."""

import datetime as dt
import json

import pytest
import typer
from typer.testing import CliRunner

from corpus.documents import Outcome
from corpus.stats import TITLES
from corpus.store import Store
from extractor.errors import InputError
from service.commands.export import export
from service.commands.stats import By, stats

READER = "0.1.0+rules"
app = typer.Typer()
for command in (export, stats):
    app.command()(command)


@pytest.fixture
def path(tmp_path, record):
    """A store with one article; its facility has a name that tries to style the terminal."""
    record.programs[0].facility.name = "[red]Rutan[/red] \x1b[31mmerah"
    with Store.open(tmp_path / "store.sqlite") as store:
        save(store, record)
    return tmp_path / "store.sqlite"


def save(store, record):
    store.save(store.begin_run("batch", "made", READER), [(0, Outcome("d0", "0" * 64, record))], READER)


def run(*args):
    return CliRunner().invoke(app, [str(arg) for arg in args])


def test_what_can_be_counted_by_is_what_the_corpus_counts_by():
    assert [by.value for by in By] == list(TITLES)


def test_stats_prints_a_table_for_each_and_says_what_was_counted(path):
    result = run("stats", path)
    assert result.exit_code == 0, result.output
    for words in ("Programs by province", "Jawa Barat", "Kuliner", "2025-10", "Programs: 1, each counted once"):
        assert words in result.output


def test_a_strangers_name_cannot_style_the_terminal(path):
    result = run("stats", path, "--by", "facility")
    assert "[red]Rutan[/red]" in result.output
    assert "\x1b" not in result.output


def test_stats_prints_json_and_nothing_else(path):
    told = json.loads(run("stats", path, "--by", "month", "--by", "province", "--json").stdout)
    assert list(told["by"]) == ["month", "province"]
    assert told["by"]["province"] == [{"key": "Jawa Barat", "id": "Jawa Barat", "en": "Jawa Barat", "programs": 1}]


def test_a_long_table_says_how_many_it_leaves_out(tmp_path, record):
    program = record.programs[0]
    years = [program.date.model_copy(update={"start": dt.date(year, 1, 1)}) for year in (2015, 2025)]
    record.programs = [program.model_copy(update={"date": year}) for year in years]
    with Store.open(tmp_path / "store.sqlite") as store:
        save(store, record)
    output = run("stats", tmp_path / "store.sqlite", "--by", "month").output
    assert "2025-01" in output
    assert "2015-01" not in output
    assert "… 83 lainnya" in output


def test_stats_draws(path, tmp_path):
    assert run("stats", path, "--by", "month", "--plot", tmp_path / "months.svg").exit_code == 0
    assert "2025-10" in (tmp_path / "months.svg").read_text("utf-8")


def test_export_writes_and_says_how_many_articles_on_stderr(path, tmp_path):
    result = run("export", path, "-o", tmp_path / "out.jsonl")
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert result.stderr.endswith("out.jsonl: articles: 1\n")
    assert json.loads((tmp_path / "out.jsonl").read_text("utf-8"))["status"] == "ok"


@pytest.mark.parametrize("command", [("stats",), ("export", "-o", "out.csv")])
def test_a_mistyped_store_is_refused_and_not_made(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    name, *options = command
    result = run(name, "stroe.sqlite", *options)
    assert isinstance(result.exception, InputError)
    assert not list(tmp_path.iterdir())


def test_a_name_that_tells_no_format_is_refused_before_the_store_is_read(tmp_path):
    assert "must end in one of" in str(run("export", tmp_path / "none.sqlite", "-o", "out.doc").exception)
