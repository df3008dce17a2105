"""Items of jobs that are lent to workers for a time, so that several share them and none is lost with one of them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from corpus.documents import Document, Outcome
from corpus.store import saving
from corpus.store.errors import told
from corpus.store.payloads import document_of
from corpus.store.store import Store
from corpus.store.tables import Item, Run, now

MAX_ATTEMPTS = 3
_WAITS = Item.state == sa.literal(
    "waiting", literal_execute=True
)  # as it is, so that the indexes of such rows are used
_BEGUN = Item.attempts > sa.literal(0, literal_execute=True)
_Free = sa.Row[int, int, str, object, int, str | None]
_LOOKED_AT = 32  # items of a job that one lease chooses from


@dataclass(frozen=True, slots=True)
class Leased:
    """A document that is a worker's to read, and its place in its job.

    `suspect` is one whose reading was begun before and not ended: what took that worker down may have been this.
    """

    run: int
    position: int
    document: Document
    suspect: bool

    @property
    def place(self) -> tuple[int, int]:
        """The job and the position in it."""
        return self.run, self.position


class Leases:
    """What one worker holds. The clocks of all machines that share a store must agree within a few seconds.

    Args:
        store: where the jobs are.
        owner: names the worker; no other has that name.
        seconds: how long an item is its own without being renewed.
    """

    def __init__(self, store: Store, owner: str, seconds: float = 60.0) -> None:
        self._store = store
        self._owner = owner
        self._lent = dt.timedelta(seconds=seconds)

    def take(self, most: int, *, holding: bool) -> list[Leased]:
        """Return items that are this worker's from now on; none where there is nothing to do.

        Every job that has something to do gets its turn, each in the order of its input; no page is lent of a site
        that another is lent of. A suspect is lent alone, to a worker that holds nothing: if it takes
        the worker down, nothing else is suspected. After three attempts it has failed.

        Args:
            most: how many at most.
            holding: whether the worker holds anything.
        """
        self._fail_hopeless()
        # Not `Store.writing`: rows that another worker looks at are skipped, nobody waits for anybody.
        with told(), self._store.engine.connect().execution_options(writes=True) as connection, connection.begin():
            suspects = connection.execute(_free([_BEGUN]).limit(1)).all()
            chosen = ([] if holding else suspects) if suspects else _fair(connection, most)
            if chosen:
                held = {"owner": self._owner, "leased_until": now() + self._lent, "attempts": Item.attempts + 1}
                connection.execute(sa.update(Item).where(_at(row.place for row in map(_leased, chosen))).values(held))
        return [_leased(row) for row in chosen]

    def renew(self, held: Iterable[Leased]) -> None:
        """Keep what is held for as long again."""
        longer = {"leased_until": now() + self._lent}
        self._change([item.place for item in held], longer)

    def mine(self, held: Sequence[Leased]) -> set[tuple[int, int]]:
        """Return the places of what is still this worker's to read: not cancelled, not another's."""
        asked = sa.select(Item.run_id, Item.position).where(_at(item.place for item in held), _WAITS)
        with self._store.reading() as connection:
            rows = connection.execute(asked.where(Item.owner == self._owner))
            return {(row.run_id, row.position) for row in rows}

    def give_back(self, held: Iterable[Leased]) -> None:
        """Let others have what was not read; that it was begun does not count."""
        free = {"owner": None, "leased_until": None, "attempts": Item.attempts - 1}
        self._change([item.place for item in held], free)

    def save(self, outcomes: Sequence[tuple[Leased, Outcome]], reader: str) -> None:
        """Save what came of items, but of those that were cancelled or that another was faster with; end jobs."""
        with self._store.writing() as connection:
            places = [item.place for item, _ in outcomes]
            asked = sa.select(Item.run_id, Item.position).where(_at(places), _WAITS)
            waiting = {(row.run_id, row.position) for row in connection.execute(asked)}
            for run in sorted({run for run, _ in waiting}):
                some = [(item.position, out) for item, out in outcomes if item.run == run and item.place in waiting]
                saving.save(connection, run, some, reader)
            _forget_payloads(connection, places)
            end_finished(connection, {run for run, _ in waiting}, reader)

    def known(self, held: Sequence[Leased], reader: str) -> list[Leased]:
        """Return those of the items that this reader has read before, as documents of whatever run; they are done."""
        digests = {item.document.digest: item for item in held}
        found = self._store.known(list(digests), reader)
        known = [item for item in held if item.document.digest in found]
        if known:
            with self._store.writing() as connection:
                for item in known:
                    record = found[item.document.digest]
                    saving.link(connection, item.run, [(item.position, item.document, record)])
                _forget_payloads(connection, [item.place for item in known])
                end_finished(connection, {item.run for item in known}, reader)
        return known

    def _change(self, places: Sequence[tuple[int, int]], values: Mapping[str, object]) -> None:
        if not places:
            return
        mine = (Item.owner == self._owner, _WAITS)
        with self._store.writing() as connection:
            connection.execute(sa.update(Item).where(_at(places), *mine).values(values))

    def _fail_hopeless(self) -> None:
        hopeless = _free([_BEGUN, Item.attempts >= MAX_ATTEMPTS])
        with self._store.reading() as connection:
            if connection.execute(hopeless.limit(1)).first() is None:
                return
        why = f"whatever read it ended before it was done, {MAX_ATTEMPTS} times"
        failed = {"state": "failed", "code": "read_limit", "reason": why, "payload": None}
        with self._store.writing() as connection:
            rows = connection.execute(hopeless).all()
            if rows:
                connection.execute(sa.update(Item).where(_at((r.run_id, r.position) for r in rows)).values(failed))
                end_finished(connection, {row.run_id for row in rows})


def end_finished(connection: Connection, runs: Iterable[int], reader: str | None = None) -> None:
    """Note of those of the runs that have nothing left to do that they are done."""
    left = sa.exists().where(Item.run_id == Run.id, _WAITS)
    ended = {"state": "done", "ended_at": now()} | ({"reader": reader} if reader else {})
    over = sa.update(Run).where(Run.id.in_(set(runs)), Run.state == "running", ~left)
    connection.execute(over.values(ended))


def _forget_payloads(connection: Connection, places: Sequence[tuple[int, int]]) -> None:
    """Drop the documents of items that are done: the articles are stored by now."""
    connection.execute(sa.update(Item).where(_at(places), Item.state != "waiting").values(payload=None))


def _free(
    also: Iterable[ColumnElement[bool]], job: int | None = None
) -> sa.Select[int, int, str, object, int, str | None]:
    """Return the query for items that can be lent, in the order of their input, but those that another looks at."""
    run = (Item.run_id == job) if job is not None else Item.run_id.in_(_running())
    nobodys = sa.or_(Item.leased_until.is_(None), Item.leased_until < now())
    asked = sa.select(Item.run_id, Item.position, Item.document_id, Item.payload, Item.attempts, Item.host)
    asked = asked.where(run, _WAITS, nobodys, *also).order_by(Item.run_id, Item.position)
    return asked.with_for_update(skip_locked=True)


def _running() -> sa.Select[int]:
    return sa.select(Run.id).where(Run.kind == "job", Run.state == "running")


def _fair(connection: Connection, most: int) -> list[_Free]:
    """Return as many fresh items from every job as there is room for, no two of a site that is being fetched from."""
    jobs = list(connection.scalars(_running()))
    busy = sa.select(Item.host).where(_WAITS, Item.leased_until >= now(), Item.host.is_not(None))
    hosts = set(connection.scalars(busy))
    chosen: list[_Free] = []
    turns: list[Sequence[_Free]] = []
    for job in random.sample(jobs, min(most, len(jobs))):
        open_hosts = [sa.or_(Item.host.is_(None), Item.host.not_in(hosts))] if hosts else []
        asked = _free([Item.attempts == 0, *open_hosts], job)
        turns.append(connection.execute(asked.limit(max(most, _LOOKED_AT))).all())
    for row in chain.from_iterable(zip_longest(*turns)):
        if row is not None and (row.host is None or row.host not in hosts) and len(chosen) < most:
            hosts.add(row.host)
            chosen.append(row)
    return chosen


def _leased(row: _Free) -> Leased:
    document = document_of(row.document_id, row.payload)
    return Leased(row.run_id, row.position, document, suspect=row.attempts > 0)


def _at(places: Iterable[tuple[int, int]]) -> ColumnElement[bool]:
    return sa.tuple_(Item.run_id, Item.position).in_(list(places))
