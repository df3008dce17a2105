"""A store is opened: made, brought up to date, or refused with what to do."""

import socket
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from corpus.store import Store, migrations, opening
from corpus.store.tables import SCHEMA, VERSION_TABLE, Base
from extractor.errors import InputError


def test_the_migrations_make_the_tables_that_the_code_has(store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_the_schema_is_that_of_the_last_migration():
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == SCHEMA


def test_a_store_is_opened_again_as_it_was(address):
    with Store.open(address) as store:
        run = store.begin_run("batch", "in.jsonl", "r")
    with Store.open(address) as store:
        assert store.begin_run("batch", "in.jsonl", "r") == run + 1


def test_a_store_of_a_newer_schema_is_refused(address):
    with Store.open(address) as store:
        set_schema(store, "9999")
    with pytest.raises(InputError, match=rf"newer pembinaan \(schema 9999, here {SCHEMA}\): pip install --upgrade"):
        Store.open(address)


def set_schema(store, version):
    with store.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(sa.update(sa.table(VERSION_TABLE, sa.column("version_num"))).values(version_num=version))


def test_a_file_that_is_no_store_is_refused_and_left_as_it_is(tmp_path):
    page = tmp_path / "page.html"
    page.write_bytes(b"<html>" * 100)
    with pytest.raises(InputError, match="not an SQLite file; name another path"):
        Store.open(page)
    assert page.read_bytes() == b"<html>" * 100


def test_a_broken_file_is_refused(tmp_path):
    path = tmp_path / "store.sqlite"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    with pytest.raises(InputError, match="cannot be used as a store: "):
        Store.open(path)


def test_another_programs_sqlite_file_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "browser.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(InputError, match="SQLite file of another program"):
        Store.open(path)
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_store(tmp_path):
    path = tmp_path / "store.sqlite"
    path.touch()
    with Store.open(path) as store:
        assert store.programs().programs == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing/store.sqlite", r"the folder .*missing does not exist; make it first"),
        (".", r"is a folder; name a file in it"),
        ("a\0b", r"is no path of a store"),
        ("x" * 300, r"is no path of a store|cannot be used"),
    ],
)
def test_a_path_where_no_store_can_be_says_why(tmp_path, name, said):
    with pytest.raises(InputError, match=said):
        Store.open(f"{tmp_path}/{name}")


@pytest.mark.parametrize("name", ["a?b=c&mode=ro.sqlite", "100%.sqlite", "spasi dan ünïcode.sqlite", ":memory:"])
def test_any_name_of_a_file_will_do(tmp_path, name):
    Store.open(tmp_path / name).close()
    assert (tmp_path / name).is_file()


@pytest.mark.parametrize(
    ("dsn", "said"),
    [
        (
            "postgresql://budi:s3cret@127.0.0.1:1/store",
            r"budi:\*\*\*@127.0.0.1:1/store cannot be used as a store: .*refused",
        ),
        ("postgres://127.0.0.1:1/store?user=budi&password=s3cret", "127.0.0.1:1/store cannot be used as a store"),
        ("postgresql://budi:s3cret@127.0.0.1:port/store", "cannot be read; write postgresql://"),
        ("postgresql://budi:a?s3cret@127.0.0.1:1/store", r"budi:\*\*\*@127.0.0.1:1/store cannot be used"),
        ("postgresql://127.0.0.1:1/store?s3cret=1", "cannot be read; write postgresql://"),
        ("mysql://budi:s3cret@127.0.0.1/store", "mysql:// is not known here"),
    ],
)
def test_a_database_that_cannot_be_had_says_so_without_the_password(dsn, said):
    with pytest.raises(InputError, match=said) as caught:
        Store.open(dsn)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_server_that_does_not_answer_is_given_up(monkeypatch):
    monkeypatch.setattr(opening, "CONNECT", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with pytest.raises(InputError, match="cannot be used as a store: .*timeout"):
            Store.open(f"postgresql://budi@127.0.0.1:{silent.getsockname()[1]}/store")


def test_what_is_already_there_in_a_shared_database_is_left(database):
    engine = sa.create_engine(database.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num text)"))
    with Store.open(database):
        assert "alembic_version" in sa.inspect(engine).get_table_names()
    engine.dispose()
