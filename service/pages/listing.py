"""Programs of the store in any of several orders, a page at a time, and what can be narrowed further."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from corpus.store import Filter, ProgramRow, Store
from corpus.store.programs import conditions, rows_by_id
from corpus.store.tables import LARGEST, NAMED, Fused, Program, ProgramValue
from extractor.errors import InputError

# What programs are ordered by, and whether the largest comes first. What is not known comes last.
ORDERS: dict[str, tuple[ColumnElement[Any], bool]] = {
    "newest": (Program.day.expression, True),
    "oldest": (Program.day.expression, False),
    "surest": (Program.confidence.expression, True),
    "least_sure": (Program.confidence.expression, False),
    "largest": (sa.literal_column(LARGEST.text), True),
    "facility_name": (sa.literal_column(NAMED.text), False),
}
FACETS = ("province", "facility_type", "skill_category", "partner_kind")
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


# Of each facet how many programs have which value, the most frequent first.
Facets = dict[str, list[tuple[str, int]]]


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


def count(store: Store, where: Filter) -> int:
    """Return how many programs a filter lets through.

    Raises:
        InputError: words to search for are too long.
    """
    with store.reading() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(Program).where(*conditions(where))) or 0


def facets(store: Store, where: Filter) -> Facets:
    """Return what a filter lets through, counted by each facet; of a hundred thousand it takes half a second.

    Raises:
        InputError: words to search for are too long.
    """
    chosen = conditions(where)
    with store.reading() as connection:
        tallies = {
            "province": _tally(connection, Program.province, chosen),
            "facility_type": _tally(connection, Program.facility_type, chosen),
            "skill_category": _categories(connection, chosen, "skill"),
            "partner_kind": _categories(connection, chosen, "partner"),
        }
    return {name: sorted(tally.items(), key=lambda pair: (-pair[1], pair[0])) for name, tally in tallies.items()}


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


def _tally(connection: Connection, column: Any, chosen: list[ColumnElement[bool]]) -> dict[str, int]:  # noqa: ANN401  a column or an expression
    size = sa.func.count().label("size")
    rows = connection.execute(sa.select(column.label("value"), size).where(*chosen).group_by(column))
    return {row.value: row.size for row in rows if row.value is not None}


def _categories(connection: Connection, chosen: list[ColumnElement[bool]], slot: str) -> dict[str, int]:
    of = sa.and_(ProgramValue.slot == slot, ProgramValue.program_id.in_(sa.select(Program.id).where(*chosen)))
    # Each program once in a category; told apart first, which is quicker than counting the distinct.
    pairs = sa.select(ProgramValue.category, ProgramValue.program_id).where(of).distinct().subquery()
    rows = connection.execute(sa.select(pairs.c.category, sa.func.count().label("size")).group_by(pairs.c.category))
    return {row.category: row.size for row in rows if row.category is not None}


def _number(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not cursor.isascii() or not cursor.isdecimal() or len(cursor) > 18:
        raise InputError("this is no page that follows another; begin with the first")
    return int(cursor)
