"""From the name of a store to an engine whose tables are as this code wants them."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from corpus.store.errors import cause
from corpus.store.tables import SCHEMA, VERSION_TABLE
from extractor.errors import InputError, shorten

BUSY = 30  # seconds that a writer waits for another's transaction; each takes milliseconds
CONNECT = 10  # seconds until a server that does not answer is given up
WRITERS = 0x70656D62  # "pemb": the name of the lock that writers on PostgreSQL take in turn
_UNREADABLE = (
    "the address of the database cannot be read; write postgresql://user:password@host:5432/database, "
    "with signs such as @, / and ? in the password as %40, %2F and %3F"
)
_POSTGRES = ("postgresql", "postgres", "postgresql+psycopg")


def open_engine(address: str | Path) -> Engine:
    """Return an engine on the store at `address`, made or brought up to this schema where need be.

    Raises:
        InputError: there is no store at that address and none can be made, it is something else, it is a newer
            program's, or the database does not answer. The message never has the password.
    """
    url = _url(address)
    try:
        engine = _engine(url)
    except ImportError:
        raise InputError("PostgreSQL needs its driver: pip install 'pembinaan[postgres]'") from None
    name = shown(url)
    try:
        _bring_up(engine, name)
    except SQLAlchemyError as error:
        engine.dispose()
        if isinstance(error, ProgrammingError) and getattr(error.orig, "sqlstate", None) is None:
            raise InputError(_UNREADABLE) from None  # the driver's words would repeat a part of the address
        raise InputError(f"{name} cannot be used as a store: {cause(error)}") from None
    except InputError:
        engine.dispose()
        raise
    return engine


def shown(url: URL) -> str:
    """Return the address of a store as a message may show it: without a password."""
    if url.get_backend_name() == "sqlite":
        return shorten(url.database or "")
    return shorten(url.set(query={}, drivername="postgresql").render_as_string(hide_password=True))


def lock_out_writers(connection: Connection) -> None:
    """Hold off other writers until the transaction ends, so that none meets half of another's work.

    SQLite does so when a transaction begins as one that writes.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITERS)))


def _url(address: str | Path) -> URL:
    text = str(address)
    if "://" not in text:
        return _path(Path(text))
    scheme = text.partition("://")[0]
    if scheme not in _POSTGRES:
        raise InputError(
            f"a store is a path or postgresql://user@host/database; {shorten(scheme, 20)}:// is not known here"
        )
    try:
        return make_url(text).set(drivername="postgresql+psycopg")
    except (SQLAlchemyError, ValueError):
        raise InputError(_UNREADABLE) from None


def _path(path: Path) -> URL:
    try:
        path = path.expanduser().resolve()
        is_folder, has_parent, exists = path.is_dir(), path.parent.is_dir(), path.exists()
    except (OSError, RuntimeError, ValueError) as error:
        raise InputError(f"{shorten(str(path))} is no path of a store: {error}") from None
    if is_folder:
        raise InputError(f"{shorten(str(path))} is a folder; name a file in it, such as {path.name}/store.sqlite")
    if not has_parent:
        raise InputError(f"the folder {shorten(str(path.parent))} does not exist; make it first")
    if exists and path.stat().st_size:
        with path.open("rb") as file:
            if file.read(16) != b"SQLite format 3\0":
                raise InputError(f"{shorten(str(path))} is not an SQLite file; name another path for the store")
    return URL.create("sqlite", database=str(path))


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        return sa.create_engine(
            url,
            pool_pre_ping=True,
            json_serializer=to_json,
            connect_args={"connect_timeout": CONNECT, "application_name": "pembinaan"},
        )
    engine = sa.create_engine(url, json_serializer=to_json, connect_args={"timeout": BUSY})

    @event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin transactions late, and not for all statements
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")  # with WAL a crash of the machine loses the last moments only
        connection.execute("PRAGMA cache_size = -16000")  # kibibytes
        connection.execute("PRAGMA recursive_triggers = ON")  # INSERT OR REPLACE is a deletion to triggers too

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer says so at once and waits its turn; one that first reads would be refused without waiting.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def to_json(value: Any) -> str:  # noqa: ANN401  as json has it
    """Return JSON for the store, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _bring_up(engine: Engine, name: str) -> None:
    """Make the tables, or change those of an older schema; nothing is imported or locked where they are as wanted."""
    with engine.connect() as connection:
        if _schema_of(connection) == SCHEMA:
            return
        if _is_another(connection):
            raise InputError(f"{name} is the SQLite file of another program; name another path for the store")
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            # Past SQLAlchemy, which would begin a transaction, where the mode cannot change.
            _use_wal(connection.connection.cursor())
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        lock_out_writers(connection)
        _migrate(connection, name)


def _use_wal(cursor: DBAPICursor) -> None:
    """Have SQLite keep a write-ahead log; where another process makes the tables just now, wait for it.

    SQLite's own wait for locks does not hold for this: it fails at once.
    """
    until = time.monotonic() + BUSY
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def _schema_of(connection: Connection) -> str | None:
    """Return the schema of the store; None where there is none yet."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    version: str | None = connection.scalar(sa.select(sa.column("version_num")).select_from(sa.table(VERSION_TABLE)))
    return version


def _is_another(connection: Connection) -> bool:
    if connection.dialect.name != "sqlite":
        return False  # a database may be shared
    names = sa.inspect(connection).get_table_names()
    return bool(names) and VERSION_TABLE not in names


def _migrate(connection: Connection, name: str) -> None:
    from alembic import command  # noqa: PLC0415  slow to load, and seldom needed
    from alembic.config import Config  # noqa: PLC0415  with Alembic alone
    from alembic.script import ScriptDirectory  # noqa: PLC0415  with Alembic alone

    from corpus.store import migrations  # noqa: PLC0415  with Alembic alone

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    found = _schema_of(connection)  # anew: another process may have been faster
    if found is not None and found not in {
        step.revision for step in ScriptDirectory.from_config(config).walk_revisions()
    }:
        raise InputError(
            f"{name} was written by a newer pembinaan (schema {shorten(found, 20)}, here {SCHEMA}): "
            "pip install --upgrade pembinaan"
        )
    command.upgrade(config, "head")
