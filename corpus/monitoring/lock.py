"""One run of the monitor at a time on one store, on whatever machine. A run that is killed leaves no lock behind."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine

from corpus.store.errors import told
from extractor.errors import InputError

_KEY = 7_367_736_301  # among a database's advisory locks; it means nothing


@contextmanager
def alone(engine: Engine) -> Iterator[bool]:
    """Yield whether no other run is under way on this store; while it is held, others are told so.

    Raises:
        InputError: the lock beside the store cannot be written.
    """
    if engine.dialect.name == "sqlite":
        path = Path(f"{engine.url.database}.monitor.lock")
        try:
            file = path.open("w", encoding="utf-8")
        except OSError as error:
            raise InputError(f"{path}: cannot be written ({error.strerror})") from error
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
        return
    with told(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Held by the connection, which goes back to a pool: so it is given back by name.
        mine = bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_KEY))))
        try:
            yield mine
        finally:
            if mine:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(_KEY)))
