"""The store: runs, the records that they gave, and what people and monitors know of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from corpus.documents import Document, Outcome
from corpus.store import programs, saving
from corpus.store.errors import told
from corpus.store.opening import lock_out_writers, open_engine
from corpus.store.programs import Filter, Page
from corpus.store.rows import address_of, clean
from corpus.store.saving import insert
from corpus.store.tables import Correction, Item, Reading, Record, Run, Seen, Source, Version, now
from extractor.errors import InputError

RunKind = Literal["batch", "monitor", "job"]
RunState = Literal["running", "done", "failed", "cancelled"]
Action = Literal["accept", "edit", "reject", "add"]

T = TypeVar("T")

_CHUNK = 500  # rows asked for at a time: memory stays flat, and no statement holds a lock for long


class Store:
    """Everything that was read. Several threads may use one; several processes may each open the same.

    Every method that writes does so in one transaction: when it returns, what it was given outlives a kill of the
    process. Methods raise StoreError where the database fails.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine  # for queries of one's own

    @classmethod
    def open(cls, address: str | Path) -> Store:
        """Return the store at a path (SQLite) or a `postgresql://…` address, made or brought up to date where need be.

        Raises:
            InputError: it cannot be; the message says what to do.
        """
        return cls(open_engine(address))

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def begin_run(
        self, kind: RunKind, label: str, reader: str, total: int | None = None, key: str | None = None
    ) -> int:
        """Return the id of a new run, or of the run that was begun with this `key` before.

        Args:
            kind: what goes through the documents.
            label: what people call it, such as the name of the input.
            reader: `corpus.reading.reader_of` of the pipeline.
            total: how many documents there are, where that is known.
            key: the caller's own name for it.
        """
        row = {"kind": kind, "label": clean(label), "reader": reader, "total": total, "key": key and clean(key)}
        with self.writing() as connection:
            if key is not None:
                known = connection.scalar(sa.select(Run.id).where(Run.key == row["key"]))
                if known is not None:
                    return known
            adding = sa.insert(Run).values(**row, started_at=now(), state="running").returning(Run.id)
            return connection.execute(adding).scalar_one()

    def end_run(self, run: int, state: RunState = "done") -> None:
        """Note how and when a run ended."""
        with self.writing() as connection:
            connection.execute(sa.update(Run).where(Run.id == run).values(state=state, ended_at=now()))

    def known(self, digests: Sequence[str], reader: str) -> dict[str, int]:
        """Return the record's id for each of the documents' digests that this reader has read."""
        found: dict[str, int] = {}
        with self.reading() as connection:
            for some in _chunks(digests):
                asked = sa.select(Reading.digest, Reading.record_id)
                rows = connection.execute(asked.where(Reading.reader == reader, Reading.digest.in_(some)))
                found |= {row.digest: row.record_id for row in rows}
        return found

    def save(self, run: int, outcomes: Sequence[tuple[int, Outcome]], reader: str) -> None:
        """Save what came of documents of a run, each with its position in the input; all of them, or none.

        Saving the same again changes nothing; an item that is done stays as it is, one that failed may be done later.
        A record of an article that has records takes their place as the current one.
        """
        with self.writing() as connection:
            for some in _chunks(outcomes):
                saving.save(connection, run, some, reader)

    def link(self, run: int, items: Sequence[tuple[int, Document, int]]) -> None:
        """Note for documents of a run which record they have already: position, document, record's id."""
        with self.writing() as connection:
            for some in _chunks(items):
                saving.link(connection, run, some)

    def records(self, run: int) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the document's id and the record's JSON, with its text, of each document that was read, in order."""
        asked = (
            sa.select(Item.position, Item.document_id, Record.body, Version.text)
            .join(Record, Record.id == Item.record_id)
            .join(Version, Version.id == Record.version_id)
        )
        for row in self._items(asked, run):
            body = row.body
            body["article"]["text"] = row.text
            yield row.document_id, body

    def failures(self, run: int) -> Iterator[dict[str, Any]]:
        """Yield `id`, `code` and `reason` of each document that could not be read, in order."""
        asked = sa.select(Item.position, Item.document_id, Item.code, Item.reason).where(Item.state == "failed")
        for row in self._items(asked, run):
            yield {"id": row.document_id, "code": row.code, "reason": row.reason}

    def programs(self, where: Filter | None = None, after: str | None = None, size: int = 50) -> Page:
        """Return a page of the programs of current records, the newest first.

        Args:
            where: which ones; all where None.
            after: `next` of the page before.
            size: how many, at most 1,000.

        Raises:
            InputError: the cursor is none that a page gave, or the size is out of bounds.
        """
        with self.reading() as connection:
            return programs.page(connection, where or Filter(), after, size)

    def add_correction(  # noqa: PLR0913  a row has that many parts
        self,
        record: int,
        program: int | None,
        slot: str,
        action: Action,
        *,
        author: str,
        before: Any = None,  # noqa: ANN401  a value as JSON
        after: Any = None,  # noqa: ANN401  a value as JSON
        note: str | None = None,
    ) -> int:
        """Add what a person says of a value, and return its id. It stands for good; a later one may say otherwise.

        Args:
            record: the record's id.
            program: the program's position in the record; None where the record as a whole is meant.
            slot: the slot of the value, such as "skill".
            action: what is said.
            author: who says so.
            before: the value as it was read; None where it was not.
            after: the value as it should be; None where there should be none.
            note: why.

        Raises:
            InputError: there is no such record, or it has no such program.
        """
        with self.writing() as connection:
            body = connection.scalar(sa.select(Record.body).where(Record.id == record))
            if body is None:
                raise InputError(f"there is no record {record} to correct")
            if program is not None and not 0 <= program < len(body["programs"]):
                raise InputError(f"record {record} has {len(body['programs'])} programs, none at position {program}")
            row = {"slot": slot, "action": action, "before": before, "after": after, "author": author, "note": note}
            adding = sa.insert(Correction).values(record_id=record, program=program, at=now(), **clean(row))
            return connection.execute(adding.returning(Correction.id)).scalar_one()

    def corrections(self, record: int | None = None) -> Iterator[dict[str, Any]]:
        """Yield the corrections, those of one record or all, in the order in which they were made."""
        columns = Correction.__table__.columns
        last = 0
        while True:
            asked = sa.select(*columns).where(Correction.id > last).order_by(Correction.id).limit(_CHUNK)
            with self.reading() as connection:
                some = connection.execute(asked if record is None else asked.where(Correction.record_id == record))
                rows = some.mappings().all()
            yield from (dict(row) for row in rows)
            if len(rows) < _CHUNK:
                return
            last = rows[-1]["id"]

    def seen(self, urls: Sequence[str]) -> set[str]:
        """Return those of the addresses that a source named before."""
        names = {url: address_of(url) for url in urls}
        found: set[str] = set()
        with self.reading() as connection:
            for some in _chunks(list(names.values())):
                found |= set(connection.scalars(sa.select(Seen.url).where(Seen.url.in_(some))))
        return {url for url, name in names.items() if name in found}

    def mark_seen(self, source: str, entries: Sequence[tuple[str, str | None]], state: str) -> None:
        """Note that a source named addresses, each with its title, and what was done about them.

        An address that was seen before keeps when and where it was found; its state becomes the new one.
        """
        with self.writing() as connection:
            source_id = _source_id(connection, source)
            for some in _chunks(entries):
                rows = {address_of(url): (title and clean(title)) for url, title in some}
                adding = insert(connection, Seen).values(
                    [
                        {"url": url, "source_id": source_id, "title": title, "state": state, "found_at": now()}
                        for url, title in rows.items()
                    ]
                )
                connection.execute(
                    adding.on_conflict_do_update(index_elements=[Seen.url], set_={"state": adding.excluded.state})
                )

    def source_state(self, source: str) -> dict[str, Any]:
        """Return what `set_source_state` left for a source; empty where there is nothing."""
        with self.reading() as connection:
            return connection.scalar(sa.select(Source.state).where(Source.name == clean(source))) or {}

    def set_source_state(self, source: str, state: dict[str, Any]) -> None:
        """Keep JSON for the next round of a source, and that it was checked now."""
        with self.writing() as connection:
            row = {"state": clean(state), "checked_at": now()}
            connection.execute(sa.update(Source).where(Source.id == _source_id(connection, source)).values(row))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection to read with; what the database raises is a StoreError."""
        with told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction that holds off other writers until it ends; errors as in `reading`."""
        with told(), self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            lock_out_writers(connection)
            yield connection

    def _items(self, asked: sa.Select[*tuple[Any, ...]], run: int) -> Iterator[sa.Row[Any]]:
        """Yield the rows of a run in the order of the input, some at a time, no transaction open between."""
        last = -1
        while True:
            some = asked.where(Item.run_id == run, Item.position > last).order_by(Item.position).limit(_CHUNK)
            with self.reading() as connection:
                rows = connection.execute(some).all()
            yield from rows
            if len(rows) < _CHUNK:
                return
            last = rows[-1].position


def _source_id(connection: Connection, name: str) -> int:
    name = clean(name)
    found = connection.scalar(sa.select(Source.id).where(Source.name == name))
    if found is not None:
        return found
    return connection.execute(sa.insert(Source).values(name=name, state={}).returning(Source.id)).scalar_one()


def _chunks(rows: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(rows)
    while some := list(islice(rest, _CHUNK)):
        yield some
