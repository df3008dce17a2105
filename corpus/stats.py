"""How many programs there are: by month, province, facility, type of facility, field of skill, kind of partner."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from corpus.columns import CODES
from corpus.store import Filter, Store
from corpus.store.errors import told
from corpus.store.programs import conditions
from corpus.store.tables import Program, ProgramValue
from extractor.errors import InputError
from extractor.gazetteers.facilities import units

Key = str | None  # None: not known
Words = tuple[str, str]  # Indonesian, English

_DATA = tomllib.loads(files("corpus").joinpath("stats.toml").read_text("utf-8"))
# What programs can be counted by, with the title of each.
TITLES: dict[str, Words] = {by: (pair[0], pair[1]) for by, pair in _DATA["titles"].items()}
WORDS: dict[str, Words] = {key: (pair[0], pair[1]) for key, pair in _DATA["words"].items()}
# A program has one of the others at most, of these any number: the slot that each is of.
SLOTS = {"skill_category": "skill", "partner_kind": "partner"}


@dataclass(frozen=True, slots=True)
class Bar:
    """How many programs have one value, and what to call it, in one line that can be shown anywhere.

    The key is None where the value is not known.
    """

    key: Key
    id: str
    en: str
    programs: int


@dataclass(frozen=True, slots=True)
class Stats:
    """How many programs there are and what they were counted by.

    Attributes:
        programs: how many there are, each counted once.
        accounts: how many accounts of them articles give.
        fused: whether accounts of one program were brought together before, by `pembinaan fuse`.
        by: the bars; months in order and without gaps, else the most frequent first, and last those not known.
    """

    programs: int
    accounts: int
    fused: bool
    by: dict[str, list[Bar]]

    @property
    def counted(self) -> str:
        """A sentence that says what was counted."""
        if self.fused:
            return f"Programs: {self.programs:,}, each counted once; accounts of them in articles: {self.accounts:,}."
        return (
            f"Programs: {self.programs:,}, each counted once for every article that tells of it, "
            "until `pembinaan fuse` has found which are the same."
        )

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON shows: the same, and the sentence."""
        return {"counted": self.counted, **asdict(self)}


def count(store: Store, by: Sequence[str] | None = None, where: Filter | None = None) -> Stats:
    """Return how many programs of current records there are, by each of `by`, or by all of `TITLES`.

    Accounts that were fused count once, with what most of them say.

    Raises:
        InputError: It is not one of those that programs can be counted by.
    """
    by = list(by or TITLES)
    for name in by:
        if name not in TITLES:
            raise InputError(f"programs cannot be counted by {name!r}, only by {', '.join(TITLES)}")
    chosen = sa.and_(*conditions(where))
    with told(), store.engine.connect() as connection:
        programs, accounts, fused = _totals(connection, chosen)
        tallies = _tallies(connection, chosen, [name for name in by if name not in SLOTS])
        tallies |= {name: _categories(connection, chosen, name, programs) for name in by if name in SLOTS}
    bars = {name: _months(tallies[name]) if name == "month" else _ranked(name, tallies[name]) for name in by}
    return Stats(programs, accounts, fused, bars)


# Fused accounts are one program, every other account is one of its own: ids above and below zero.
_PROGRAM = sa.func.coalesce(Program.fused_id, -Program.id)


def _totals(connection: sa.Connection, chosen: sa.ColumnElement[bool]) -> tuple[int, int, bool]:
    query = sa.select(sa.func.count(_PROGRAM.distinct()), sa.func.count(), sa.func.count(Program.fused_id))
    programs, accounts, fused = connection.execute(query.where(chosen)).one()
    return programs, accounts, fused > 0


def _tallies(connection: sa.Connection, chosen: sa.ColumnElement[bool], by: Sequence[str]) -> dict[str, Counter[Key]]:
    """Return how many programs have each month, province, facility and type of facility."""
    fields = (Program.start, Program.precision, Program.province, Program.facility_id, Program.facility)
    query = sa.select(_PROGRAM.label("program"), *fields, Program.facility_type).where(chosen).order_by("program")
    tallies: dict[str, Counter[Key]] = {name: Counter() for name in by}
    rows = connection.execution_options(yield_per=1000).execute(query)
    for _, accounts in groupby(rows, attrgetter("program")):
        said = list(accounts)
        for name, tally in tallies.items():
            tally[_most([_value(name, account) for account in said])] += 1
    return tallies


def _value(by: str, account: sa.Row[*tuple[Any, ...]]) -> Key:
    if by == "month":
        return f"{account.start:%Y-%m}" if account.start and account.precision != "year" else None
    value: Key = (account.facility_id or account.facility) if by == "facility" else getattr(account, by)
    return value


def _most(values: Sequence[Key]) -> Key:
    """Return what most say, where as many say another the first of them in order; None where nobody knows."""
    if len(values) == 1:  # most programs, and a tenth of the work
        return values[0] or None
    known = Counter(value for value in values if value)
    return min(known, key=lambda value: (-known[value], value)) if known else None


def _categories(connection: sa.Connection, chosen: sa.ColumnElement[bool], by: str, programs: int) -> Counter[Key]:
    """Return how many programs have a skill or a partner of each category; None: how many have none at all."""
    of = sa.and_(chosen, ProgramValue.slot == SLOTS[by])
    size = sa.func.count(_PROGRAM.distinct()).label("size")
    joined = sa.join(Program, ProgramValue, ProgramValue.program_id == Program.id)
    query = sa.select(ProgramValue.category, size).select_from(joined).where(of).group_by(ProgramValue.category)
    tally: Counter[Key] = Counter({row.category: row.size for row in connection.execute(query)})
    having = connection.execute(sa.select(size).select_from(joined).where(of)).scalar_one()
    tally[None] = programs - having
    return tally


def _months(tally: Counter[Key]) -> list[Bar]:
    """Return a bar a month from the first to the last, those in between that have no program too."""
    known = sorted(key for key in tally if key)
    bars = []
    if known:
        first, last = (int(key[:4]) * 12 + int(key[5:]) - 1 for key in (known[0], known[-1]))
        keys = [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1)]
        bars = [Bar(key, key, key, tally[key]) for key in keys]
    return bars + _unknown(tally)


def _ranked(by: str, tally: Counter[Key]) -> list[Bar]:
    names = {unit.facility_id: unit.name for unit in units()} if by == "facility" else {}
    known = sorted((key for key in tally if key), key=lambda key: (-tally[key], key))
    bars = []
    for key in known:
        indonesian, english = CODES.get(by, {}).get(key) or (_shown(names.get(key, key)),) * 2
        bars.append(Bar(key, indonesian, english, tally[key]))
    return bars + _unknown(tally)


def _unknown(tally: Counter[Key]) -> list[Bar]:
    return [Bar(None, *WORDS["unknown"], tally[None])] if tally[None] else []


def _shown(name: str) -> str:
    """Return a name, which may be a stranger's, without what is not shown as it stands."""
    return "".join(c if c.isprintable() else " " for c in name)
