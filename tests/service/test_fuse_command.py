"""`pembinaan fuse` says what it did; a store that is not there is wrong input."""

import pytest
import typer
from typer.testing import CliRunner

from corpus.documents import Outcome
from corpus.store import Store
from extractor.errors import InputError
from service.commands.fuse import fuse

app = typer.Typer()
app.command()(fuse)


def test_it_says_what_it_did(tmp_path, record):
    path = tmp_path / "store.sqlite"
    with Store.open(path) as store:
        run = store.begin_run("batch", "test", "1+rules")
        store.save(run, [(0, Outcome("a", "0" * 64, record))], "1+rules")
    told = CliRunner().invoke(app, [str(path)])
    assert told.exit_code == 0
    assert told.stdout.startswith(
        "programs: 1 of 1 tellings; of several sources: 0, with conflicts: 0; new or changed: 1"
    )
    assert "new or changed: 0" in CliRunner().invoke(app, [str(path)]).stdout


def test_there_must_be_a_store(tmp_path):
    told = CliRunner().invoke(app, [str(tmp_path / "absent.sqlite")])
    assert isinstance(told.exception, InputError)
    with pytest.raises(InputError, match="there is no store"):
        raise told.exception
