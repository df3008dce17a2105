"""What docs/corpus.md shows, run as it stands there, on a store of a few articles."""

import re
from pathlib import Path

import pytest
import typer
from made_records import make_program, make_record
from test_export import save
from typer.testing import CliRunner

from corpus.store import Store
from service.commands.export import export
from service.commands.stats import stats

DOCS = (Path(__file__).parents[2] / "docs" / "corpus.md").read_text("utf-8")
LINES = re.findall(r"^pembinaan (?:export|stats) store\.sqlite.*$", DOCS, re.MULTILINE)


@pytest.fixture
def here(tmp_path, monkeypatch):
    with Store.open(tmp_path / "store.sqlite") as store:
        save(store, make_record(0), make_record(1, programs=[make_program(date=None)]), make_record(2, programs=[]))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_code_of_the_documentation_runs(here):
    names = {}
    for code in re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL):
        exec(code, names)  # noqa: S102  our own words
    assert names["trained"].tolist() == [10]
    assert names["by_province"].loc["Jawa Barat", "culinary"] == 2
    assert len(names["sure"]) == 2
    assert len(names["longest"]) == 3
    assert (here / "overview.png").stat().st_size


@pytest.mark.parametrize("line", LINES)
def test_the_commands_of_the_documentation_run(here, line):
    app = typer.Typer()
    for command in (export, stats):
        app.command()(command)
    result = CliRunner().invoke(app, line.split()[1:])
    assert result.exit_code == 0, result.output
    for name in re.findall(r"(?:-o|--plot) (\S+)", line):
        assert (here / name).stat().st_size


def test_there_are_commands_in_the_documentation():
    assert len(LINES) >= 5
