"""Programs of the store in any of several orders, a page at a time, and what can be narrowed further."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from corpus.store import Filter, ProgramRow, Store
from corpus.store.programs import conditions, rows_by_id
from corpus.store.tables import Fused, Program, ProgramValue
from extractor.errors import InputError

# What programs are ordered by, and whether the largest comes first. What is not known comes last.
ORDERS: dict[str, tuple[ColumnElement[Any], bool]] = {
    "newest": (Program.day.expression, True),
    "oldest": (Program.day.expression, False),
    "surest": (Program.confidence.expression, True),
    "least_sure": (Program.confidence.expression, False),
    "largest": (sa.func.coalesce(Program.participants, -1), True),
    "facility_name": (sa.func.coalesce(Program.facility, "\U0010ffff"), False),
}
FACETS = ("province", "facility_type", "skill_category", "partner_kind")
_VALUES = {"skill_category": "skill", "partner_kind": "partner"}
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of programs.

    Attributes:
        programs: in order.
        next: what to ask for to have those behind them; None where there are none.
    """

    programs: list[ProgramRow]
    next: str | None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many programs a filter lets through, and of each facet how many have which value, the most frequent first."""

    programs: int
    values: dict[str, list[tuple[str, int]]]


def listing(store: Store, where: Filter, order: str, after: str | None = None, size: int = 50) -> Listing:
    """Return the programs behind the one that `after` names.

    Raises:
        InputError: `after` is none that a page gave, or words to search for are too long.
    """
    with store.reading() as connection:
        ids = _ids(connection, where, order, _number(after), size + 1)
        return Listing(_rows(connection, ids[:size]), str(ids[size - 1]) if len(ids) > size else None)


def every(store: Store, where: Filter, order: str) -> Iterator[ProgramRow]:
    """Yield all programs that the filter lets through, in order; no transaction is open between some and the next."""
    after: int | None = None
    while True:
        with store.reading() as connection:
            ids = _ids(connection, where, order, after, _CHUNK)
            rows = _rows(connection, ids)
        yield from rows
        if len(ids) < _CHUNK:
            return
        after = ids[-1]


def facets(store: Store, where: Filter) -> Facets:
    """Return what a filter lets through, counted.

    Raises:
        InputError: words to search for are too long.
    """
    chosen = conditions(where)
    size = sa.func.count().label("size")
    with store.reading() as connection:
        asked = sa.select(Program.province, Program.facility_type, size).where(*chosen)
        rows = connection.execute(asked.group_by(Program.province, Program.facility_type)).all()
        tallies: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        for row in rows:
            for name in ("province", "facility_type"):
                value = getattr(row, name)
                if value is not None:
                    tallies[name][value] = tallies[name].get(value, 0) + row.size
        for name, slot in _VALUES.items():
            tallies[name] = _categories(connection, chosen, slot)
    ranked = {name: sorted(tally.items(), key=lambda pair: (-pair[1], pair[0])) for name, tally in tallies.items()}
    return Facets(sum(row.size for row in rows), ranked)


def fused_sources(store: Store, ids: set[int]) -> dict[int, tuple[str, int]]:
    """Return of fused programs the key and how many sources each has."""
    if not ids:
        return {}
    with store.reading() as connection:
        rows = connection.execute(sa.select(Fused.id, Fused.key, Fused.sources).where(Fused.id.in_(ids)))
        return {row.id: (row.key, row.sources) for row in rows}


def _ids(connection: Connection, where: Filter, order: str, after: int | None, size: int) -> list[int]:
    column, descending = ORDERS[order]
    asked = sa.select(Program.id).where(*conditions(where))
    if after is not None:
        # The last one's own place in the order, so that a cursor is a number and nothing to be parsed.
        place = sa.select(column, Program.id).where(Program.id == after).scalar_subquery()
        behind = sa.tuple_(column, Program.id)
        asked = asked.where(behind < place if descending else behind > place)
    ends = (column.desc(), Program.id.desc()) if descending else (column, Program.id)
    return list(connection.scalars(asked.order_by(*ends).limit(size)))


def _rows(connection: Connection, ids: list[int]) -> list[ProgramRow]:
    found = {row.id: row for row in rows_by_id(connection, ids)}
    return [found[number] for number in ids if number in found]


def _categories(connection: Connection, chosen: list[ColumnElement[bool]], slot: str) -> dict[str, int]:
    size = sa.func.count(ProgramValue.program_id.distinct()).label("size")
    asked = (
        sa.select(ProgramValue.category, size)
        .join(Program, Program.id == ProgramValue.program_id)
        .where(ProgramValue.slot == slot, ProgramValue.category.is_not(None), *chosen)
        .group_by(ProgramValue.category)
    )
    return {row.category: row.size for row in connection.execute(asked)}


def _number(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not cursor.isascii() or not cursor.isdecimal() or len(cursor) > 18:
        raise InputError("this is no page that follows another; begin with the first")
    return int(cursor)
