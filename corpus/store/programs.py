"""Programs that were asked for, the newest first, a page at a time."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from corpus.store.rows import clean, fold
from corpus.store.tables import Program, ProgramValue, Record, Version
from extractor.errors import InputError, shorten

MAX_SIZE = 1000  # programs on a page
MAX_WORDS = 200  # characters of a filter
_CURSOR = re.compile(r"(\d{4}-\d\d-\d\d)\.(\d{1,18})", re.ASCII)
MAX_ID = 2**63 - 1  # what the databases take for a number


@dataclass(frozen=True, slots=True)
class Filter:
    """Which programs are meant: those for which all that is given holds.

    Attributes:
        facility: words of the facility's name, whole or in part.
        facility_id: the facility, as the gazetteer names it.
        facility_type: such as "lapas".
        province: its name, as records write it.
        skill_category: of one of its skills.
        partner: words of the name of one of its partners.
        partner_kind: of one of its partners.
        instructor: words of the name of one of its instructors.
        since: the first day; programs that end before it, or have no date, are left out.
        until: the last day; programs that start after it, or have no date, are left out.
        words: words that stand anywhere in the names or the article's title, each whole or in part.
        min_confidence: the least confidence.
    """

    facility: str | None = None
    facility_id: str | None = None
    facility_type: str | None = None
    province: str | None = None
    skill_category: str | None = None
    partner: str | None = None
    partner_kind: str | None = None
    instructor: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    words: str | None = None
    min_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class ProgramRow:
    """One program, with where it was read.

    Attributes:
        id: its own number in the store.
        record_id: the record it is of.
        position: its place among the record's programs, from 0.
        article_id: the article.
        fused_id: the program of several outlets that it was found to be, after fusion.
        day: what it is ordered by: its start, else the article's publication, else the day it was saved.
        program: the Program, as JSON by alias.
        article: the ArticleInfo, as JSON, without the text.
        record: what else the ArticleRecord says, as JSON: versions, status, relevance, warnings.
    """

    id: int
    record_id: int
    position: int
    article_id: int
    fused_id: int | None
    day: dt.date
    program: dict[str, Any]
    article: dict[str, Any]
    record: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Some programs in order, and what to ask for to have those after them; None where there are no more."""

    programs: list[ProgramRow]
    next: str | None


class _Has(FunctionElement[bool]):
    """Whether a folded text has a word in it; given a third part, whether it has it before that.

    A hundred thousand texts are looked through, so each database has it in its faster way: SQLite's GLOB takes two
    thirds of the time of its LIKE or instr, PostgreSQL's strpos a third of LIKE's. No folded word has a sign of GLOB's.
    """

    type = sa.Boolean()
    inherit_cache = True


@compiles(_Has, "sqlite")
def _glob(element: _Has, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401  SQLAlchemy's own
    text, *parts = (compiler.process(part, **options) for part in element.clauses)
    return f"{text} GLOB '*' || " + " || '*' || ".join(parts) + " || '*'"


@compiles(_Has, "postgresql")
def _strpos(element: _Has, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401  as SQLAlchemy calls it
    text, *parts = (compiler.process(part, **options) for part in element.clauses)
    word, *limit = (f"strpos({text}, {part})" for part in parts)
    return f"({word} BETWEEN 1 AND {limit[0]})" if limit else f"({word} > 0)"


def conditions(where: Filter | None = None) -> list[ColumnElement[bool]]:
    """Return what must hold of a row of `Program` for it to be current and as asked for.

    Raises:
        InputError: words to search for are too long.
    """
    where = where or Filter()
    exact: tuple[tuple[Any, str | None], ...] = (
        (Program.facility_id, where.facility_id),
        (Program.facility_type, where.facility_type),
        (Program.province, where.province),
    )
    found = [Program.current.is_(True), *(column == clean(value) for column, value in exact if value is not None)]
    if where.facility:
        found += _containing(Program.search, where.facility)  # most that lack a word are told at less cost
        # The facility's own names stand before the bar, which is in no folded word.
        found += [_Has(Program.search, sa.literal(w), sa.literal("|")) for w in _words(where.facility)]
    for slot, names, category in (
        ("skill", None, where.skill_category),
        ("partner", where.partner, where.partner_kind),
        ("instructor", where.instructor, None),
    ):
        if names or category is not None:
            found += _has_value(slot, names, category)
    if where.since is not None:
        found.append(Program.end >= where.since)
    if where.until is not None:
        found += [Program.start <= where.until, Program.day <= where.until]  # the same twice: pages are in order of day
    if where.words:
        found += _containing(Program.search, where.words)
    if where.min_confidence is not None:
        found.append(Program.confidence >= where.min_confidence)
    return found


def page(connection: Connection, where: Filter, after: str | None, size: int) -> Page:
    """Return the programs as asked for that come after the cursor `after`.

    Raises:
        InputError: the cursor is none that a page gave, the size is out of bounds, or words are too long.
    """
    if not 1 <= size <= MAX_SIZE:
        raise InputError(f"a page has 1 to {MAX_SIZE} programs, not {size}")
    # The ids first: the order is found without touching the wide rows.
    wanted = sa.select(Program.id).where(*conditions(where)).order_by(Program.day.desc(), Program.id.desc())
    if after is not None:
        day, number = _read(after)
        wanted = wanted.where(sa.tuple_(Program.day, Program.id) < (day, number))
    ids = list(connection.scalars(wanted.limit(size + 1)))
    programs = rows_by_id(connection, ids[:size])
    last = programs[-1] if len(ids) > size else None
    return Page(programs, f"{last.day.isoformat()}.{last.id}" if last else None)


def rows_by_id(connection: Connection, ids: list[int]) -> list[ProgramRow]:
    """Return the programs with these ids, the newest first."""
    return [
        ProgramRow(
            id=row.id,
            record_id=row.record_id,
            position=row.position,
            article_id=row.article_id,
            fused_id=row.fused_id,
            day=row.day,
            program=row.body["programs"][row.position],
            article={name: part for name, part in row.body["article"].items() if name != "text"},
            record={name: part for name, part in row.body.items() if name not in {"article", "programs"}},
        )
        for row in connection.execute(_whole(ids))
    ]


def _whole(ids: list[int]) -> Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Program.id, Program.record_id, Program.position, Program.fused_id, Program.day,
            Record.body, Version.article_id,
        )
        .join(Record, Record.id == Program.record_id)
        .join(Version, Version.id == Record.version_id)
        .where(Program.id.in_(ids))
        .order_by(Program.day.desc(), Program.id.desc())
    )  # fmt: skip


def _words(given: str) -> list[str]:
    """Return the words that are asked for, the long ones first: they are the seldom ones, and the rest need no look."""
    if len(given) > MAX_WORDS:
        raise InputError(f"what is searched for has at most {MAX_WORDS} characters")
    return sorted(fold(given).split(), key=len, reverse=True)


def _containing(column: Any, given: str) -> list[ColumnElement[bool]]:  # noqa: ANN401  a mapped attribute
    return [_Has(column, sa.literal(word)) for word in _words(given)]


def _has_value(slot: str, names: str | None, category: str | None) -> list[ColumnElement[bool]]:
    value = sa.select(ProgramValue.program_id).where(ProgramValue.slot == slot)
    if category is not None:
        value = value.where(ProgramValue.category == clean(category))
    if not names:
        return [Program.id.in_(value)]  # all that have the category are found at once, by its index
    # Few programs have the words at all; the values of these are looked at one by one.
    whose = value.where(ProgramValue.program_id == Program.id, *_containing(ProgramValue.folded, names))
    return [*_containing(Program.search, names), whose.correlate(Program).exists()]


def _read(cursor: str) -> tuple[dt.date, int]:
    found = _CURSOR.fullmatch(cursor)
    try:
        if found:
            return dt.date.fromisoformat(found[1]), int(found[2])
    except ValueError:  # a day that no calendar has
        pass
    raise InputError(f"{shorten(cursor, 40)!r} is no cursor that a page gave; leave it out for the first page")
