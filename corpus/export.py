"""A store, or one run of it, as a file: CSV, JSONL (gzip of each), Parquet or XLSX."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa

from corpus.rows import Entry
from corpus.store import Filter, ProgramRow, Store
from corpus.store.errors import told
from corpus.store.programs import conditions
from corpus.store.rows import name_of
from corpus.store.tables import Article, Program, Record, Version
from corpus.writers import FORMATS, Write
from extractor.errors import InputError, shorten

_ROWS = 500  # of the store in memory at a time


def export_run(store: Store, run: int, path: Path) -> int:
    """Write the records of a run, in the order of its input and named by its ids; return how many there are.

    Raises:
        InputError: The suffix is of no format, a library is missing, or the file cannot be written.
    """
    return _export((Entry(name, record) for name, record in store.records(run)), path)


def export_store(store: Store, path: Path, where: Filter | None = None) -> int:
    """Write the current record of every article, named by its address; return how many there are.

    With `where`, only the programs that it lets through, and only articles that have one.

    Raises:
        InputError: The suffix is of no format, a library is missing, or the file cannot be written.
    """
    return _export(current(store, where), path)


def entry_of(row: ProgramRow) -> Entry:
    """Return a row of a page of programs as what is exported: its one program, at its place in the record."""
    programs = [*({} for _ in range(row.position)), row.program]
    record = row.record | {"article": row.article, "programs": programs}
    return Entry(name_of(row.article), record, {row.position: row.fused_id})


def current(store: Store, where: Filter | None = None) -> Iterator[Entry]:
    """Yield the current record of every article, as the store was when this began.

    With `where`, only the programs that it lets through, and only articles that have one.
    """
    query = (
        sa.select(Article.address, Record.id, Record.body, Version.text, Program.position, Program.fused_id)
        .select_from(Record)
        .join(Version, Version.id == Record.version_id)
        .join(Article, Article.id == Version.article_id)
        .join(Program, Program.record_id == Record.id, isouter=where is None)
        .where(Record.current, *(conditions(where) if where else ()))
        .order_by(Record.id, Program.position)
    )
    with told(), store.engine.connect() as connection:
        rows = connection.execution_options(yield_per=_ROWS).execute(query)
        for _, programs in groupby(rows, attrgetter("id")):
            row, *others = programs
            record = row.body | {"article": row.body["article"] | {"text": row.text}}
            yield Entry(row.address, record, {program.position: program.fused_id for program in (row, *others)})


def reading(address: str | Path) -> Store:
    """Open a store that is there already.

    Raises:
        InputError: There is none, or it cannot be opened.
    """
    if "://" not in str(address) and not Path(address).expanduser().exists():
        raise InputError(f"{shorten(str(address))}: there is no store; pembinaan batch or monitor makes one")
    return Store.open(address)


def format_of(path: Path) -> Write:
    """Return what writes a file of this name.

    Raises:
        InputError: The suffix is of no format.
    """
    for suffix, write in FORMATS.items():
        if path.name.lower().endswith(suffix):
            return write
    raise InputError(f"{shorten(str(path))}: the name must end in one of {', '.join(FORMATS)}")


@contextmanager
def into_place(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write that lies beside `path` and takes its name once it is whole; else it is removed.

    Raises:
        InputError: It cannot be written.
    """
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise InputError(f"{shorten(str(path))}: cannot be written ({error.strerror})") from error
    finally:
        with suppress(OSError):  # it has its name by now, or was never there
            part.unlink()


def _export(entries: Iterator[Entry], path: Path) -> int:
    write = format_of(path)
    number = 0

    def counted() -> Iterator[Entry]:
        nonlocal number
        for entry in entries:
            yield entry
            number += 1

    with into_place(path) as file:
        write(counted(), file)
    return number
