"""Jobs: many documents that were accepted at once, and are read as there is time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from corpus.documents import Document
from corpus.store.payloads import host_of, payload_of
from corpus.store.rows import clean
from corpus.store.store import RunState, Store
from corpus.store.tables import Item, Record, Run, Version, now
from extractor.errors import InputError, PembinaanError

ItemState = Literal["waiting", "done", "failed", "cancelled"]
MAX_WAITING = 200_000  # documents of all jobs; a worker reads some thousands an hour from sites, of texts many more
_CHUNK = 500


_WAITING = sa.select(sa.func.count()).where(Item.state == sa.literal("waiting", literal_execute=True))


class KeyTakenError(InputError):
    """The key stands for another job already."""

    code = "idempotency_key_reused"


class FullError(PembinaanError):
    """So much waits to be read that nothing more is accepted."""

    code = "busy"


@dataclass(frozen=True, slots=True)
class Job:
    """How far a job is.

    Attributes:
        id: its number.
        label: what its caller calls it.
        state: "running" from the moment that it is accepted.
        started_at: when it was accepted.
        ended_at: when it was done or cancelled.
        items: how many of its documents are in each state.
    """

    id: int
    label: str
    state: RunState
    started_at: dt.datetime
    ended_at: dt.datetime | None
    items: dict[ItemState, int]

    @property
    def total(self) -> int:
        """All its documents."""
        return sum(self.items.values())

    def seconds_left(self) -> float | None:
        """Return how long it takes yet at its pace so far; None while nothing is known, 0 when it has ended."""
        if self.state != "running":
            return 0.0
        finished = self.total - self.items["waiting"]
        passed = (now() - self.started_at).total_seconds()
        return passed / finished * self.items["waiting"] if finished else None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one document of a job: a record with its text, or why there is none."""

    position: int
    document_id: str
    state: ItemState
    record: dict[str, Any] | None
    code: str | None
    reason: str | None


def accept(store: Store, documents: Sequence[Document], label: str, digest: str, key: str | None = None) -> int:
    """Return the id of a job for the documents; when this returns, it outlives whatever happens to this process.

    Args:
        store: where it is kept.
        documents: what to read.
        label: what the caller calls it.
        digest: of all that was asked for.
        key: the caller's own name for the job; the same again is the same job.

    Raises:
        KeyTakenError: with this key, something else was asked for before.
        FullError: too many documents wait.
    """
    with store.writing() as connection:
        if key is not None:
            known = connection.execute(sa.select(Run.id, Run.digest).where(Run.key == clean(key))).first()
            if known is not None:
                if known.digest != digest:
                    raise KeyTakenError("this Idempotency-Key stands for another job; take a new one for this")
                return int(known.id)
        if connection.execute(_WAITING).scalar_one() + len(documents) > MAX_WAITING:
            raise FullError("too many documents are waiting to be read; try again later")
        row = {"kind": "job", "label": clean(label), "reader": "", "started_at": now(), "state": "running"}
        row |= {"total": len(documents), "key": key and clean(key), "digest": digest}
        job = connection.execute(sa.insert(Run).values(row).returning(Run.id)).scalar_one()
        for start in range(0, len(documents), _CHUNK):
            some = enumerate(documents[start : start + _CHUNK], start)
            connection.execute(sa.insert(Item), [_row(job, position, document) for position, document in some])
        return job


def find(store: Store, job: int) -> Job | None:
    """Return how far a job is; None where there is none."""
    with store.reading() as connection:
        return _find(connection, job)


def cancel(store: Store, job: int) -> Job | None:
    """End a job: what waits is not read, and what is being read is not saved. One that has ended stays as it is."""
    with store.writing() as connection:
        mine = (Run.id == job, Run.kind == "job", Run.state == "running")
        ended = sa.update(Run).where(*mine).values(state="cancelled", ended_at=now())
        if connection.execute(ended).rowcount:
            waiting = sa.update(Item).where(Item.run_id == job, Item.state == "waiting")
            gone = {"state": "cancelled", "payload": None, "owner": None, "leased_until": None}
            connection.execute(waiting.values(gone))
        return _find(connection, job)


def results(store: Store, job: int, after: int = -1, size: int = 100) -> list[Result]:
    """Return what came of the documents behind position `after`, in the order of the input.

    They end before the first that is not read yet: whoever goes on from the last position that it has gets each once.
    """
    with store.reading() as connection:
        behind = (Item.run_id == job, Item.position > after)
        first = sa.select(sa.func.min(Item.position)).where(*behind, Item.state == "waiting").scalar_subquery()
        rows = connection.execute(
            sa.select(Item.position, Item.document_id, Item.state, Item.code, Item.reason, Record.body, Version.text)
            .join(Record, Record.id == Item.record_id, isouter=True)
            .join(Version, Version.id == Record.version_id, isouter=True)
            .where(*behind, sa.or_(first.is_(None), Item.position < first))
            .order_by(Item.position)
            .limit(size)
        ).all()
    found = []
    for row in rows:
        if row.body is not None:
            row.body["article"]["text"] = row.text
        found.append(Result(row.position, row.document_id, row.state, row.body, row.code, row.reason))
    return found


def _find(connection: Connection, job: int) -> Job | None:
    asked = sa.select(Run.id, Run.label, Run.state, Run.started_at, Run.ended_at)
    run = connection.execute(asked.where(Run.id == job, Run.kind == "job")).first()
    if run is None:
        return None
    counted = sa.select(Item.state, sa.func.count().label("number")).where(Item.run_id == job).group_by(Item.state)
    items: dict[ItemState, int] = dict.fromkeys(("waiting", "done", "failed", "cancelled"), 0)
    items |= {row.state: row.number for row in connection.execute(counted)}
    return Job(run.id, run.label, run.state, run.started_at, run.ended_at, items)


def _row(job: int, position: int, document: Document) -> dict[str, Any]:
    return {
        "run_id": job,
        "position": position,
        "document_id": clean(document.id),
        "digest": document.digest,
        "state": "waiting",
        "payload": payload_of(document),
        "host": host_of(document),
        "attempts": 0,
    }
