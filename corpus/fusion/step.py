"""Fusing what a store holds: copies found, programs brought together, each kept under a key that stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import Connection, Select

from corpus.copies import Text, find_copies
from corpus.fusion.fusing import group_profiles, originals_of
from corpus.fusion.merging import merge
from corpus.fusion.model import FusedProgram
from corpus.fusion.telling import Origin, Profile, Telling, TellingId, profile, read_cues
from corpus.store import Store
from corpus.store.tables import Article, Fused, Program, Record, Version
from extractor.schema import Program as Read

_ROWS = 200  # articles, or programs, in memory at a time, and in one transaction
Group = tuple[str, list[Profile]]

_PROGRAMS = cast("sa.Table", Program.__table__)
_LINK = (
    sa.update(_PROGRAMS)
    .where(_PROGRAMS.c.record_id == sa.bindparam("record"), _PROGRAMS.c.position == sa.bindparam("at"))
    .where(_PROGRAMS.c.fused_id.is_distinct_from(sa.bindparam("fused")))
    .values(fused_id=sa.bindparam("fused"))
)


@dataclass(slots=True)
class Fusion:
    """What came of fusing a store.

    Attributes:
        programs: how many there are.
        tellings: of how many an article tells, one that several tell of counted by each.
        several: how many of the programs have more than one source.
        copies: how many articles with programs repeat another's text.
        conflicts: how many programs have sources that contradict each other.
        changed: how many programs are new or not as they were stored.
    """

    programs: int = 0
    tellings: int = 0
    several: int = 0
    copies: int = 0
    conflicts: int = 0
    changed: int = 0


def fuse_store(store: Store) -> Fusion:
    """Fuse the current programs of a store; what is as it was stays untouched.

    Programs are written some at a time: a run that is killed has done a part, and the next does the rest.

    Raises:
        StoreError: the database fails.
    """
    profiles: list[Profile] = []
    records: dict[str, int] = {}  # by article
    with store.reading() as connection:
        copies = list(find_copies(_texts(connection, profiles, records)))
        known = _keys(connection)
    groups = iter(group_profiles(profiles, copies, known))
    originals = originals_of(copies)
    fusion = Fusion(tellings=len(profiles), copies=len({copy.article for copy in copies}))
    while some := list(islice(groups, _ROWS)):
        with store.writing() as connection:
            _write(connection, _merged(connection, some, records, originals), records, fusion)
    with store.writing() as connection:
        _clear(connection)
    return fusion


def _articles() -> Select[*tuple[Any, ...]]:
    """Return the query for current records that have programs, with their articles; no text."""
    return (
        sa.select(
            Article.address, Record.id, Record.body,
            Version.url, Version.title, Version.publisher, Version.published_day,
        )
        .join(Version, Version.article_id == Article.id)
        .join(Record, Record.version_id == Version.id)
        .where(Record.current, Record.id.in_(sa.select(Program.record_id).where(Program.current)))
    )  # fmt: skip


def _texts(connection: Connection, profiles: list[Profile], records: dict[str, int]) -> Iterator[Text]:
    """Yield the articles with programs as `find_copies` wants them, and note the programs in passing."""
    query = _articles().add_columns(Version.text).order_by(sa.nulls_first(Version.published_day), Article.address)
    for row in connection.execution_options(yield_per=_ROWS).execute(query):
        text = row.text or ""
        records[row.address] = row.id
        for telling in _tellings(row):
            cues = read_cues(telling.program, row.title, text)
            profiles.append(profile(replace(telling, cues=cues)))
        yield Text(row.address, row.published_day, row.title, text)


def _tellings(row: sa.Row[Any]) -> list[Telling]:
    origin = Origin(row.address, row.url, row.title, row.publisher, row.published_day)
    return [Telling(origin, n, Read.model_validate(p)) for n, p in enumerate(row.body["programs"])]


def _keys(connection: Connection) -> dict[TellingId, str]:
    """Return the fused programs that tellings were of; that of a record which another has replaced counts on."""
    query = (
        sa.select(Article.address, Program.position, Fused.key)
        .join(Version, Version.article_id == Article.id)
        .join(Record, Record.version_id == Version.id)
        .join(Program, Program.record_id == Record.id)
        .join(Fused, Fused.id == Program.fused_id)
        .order_by(Program.current, Program.id)
    )
    return {(row.address, row.position): row.key for row in connection.execute(query)}


def _merged(
    connection: Connection, groups: Sequence[Group], records: Mapping[str, int], originals: Mapping[str, str]
) -> list[FusedProgram]:
    wanted = {records[one.article] for _, group in groups for one in group}
    tellings = {
        (row.address, telling.position): telling
        for row in connection.execute(_articles().where(Record.id.in_(wanted)))
        for telling in _tellings(row)
    }
    # A record that another has replaced since it was read is left to the next fusion.
    kept = ((key, [tellings[one.id] for one in group if one.id in tellings]) for key, group in groups)
    return [merge(members, originals, key) for key, members in kept if members]


def _write(
    connection: Connection, programs: Sequence[FusedProgram], records: Mapping[str, int], fusion: Fusion
) -> None:
    """Store the programs where they are not as they were, and say of each telling which it is of."""
    rows = {program.key: _row(program) for program in programs}
    stored = {
        row.key: (row.id, row.body)
        for row in connection.execute(sa.select(Fused.id, Fused.key, Fused.body).where(Fused.key.in_(rows)))
    }
    ids = {key: number for key, (number, _) in stored.items()}
    changed = [{"id": n} | rows[key] for key, (n, body) in stored.items() if body != rows[key]["body"]]
    added = [row for key, row in rows.items() if key not in stored]
    if changed:
        connection.execute(sa.update(Fused), changed)
    if added:
        fresh = connection.execute(sa.insert(Fused).returning(Fused.id, Fused.key), added)
        ids |= {row.key: row.id for row in fresh}
    links = [
        {"record": records[source.article], "at": source.program, "fused": ids[program.key]}
        for program in programs
        for source in program.sources
    ]
    if links:
        connection.execute(_LINK, links)
    fusion.programs += len(programs)
    fusion.several += sum(len(program.sources) > 1 for program in programs)
    fusion.conflicts += sum(bool(program.conflicts) for program in programs)
    fusion.changed += len(changed) + len(added)


def _row(program: FusedProgram) -> dict[str, Any]:
    facility, when = program.facility, program.date
    return {
        "key": program.key,
        "body": program.model_dump(mode="json", by_alias=True),
        "facility": facility and facility.value.name,
        "facility_id": facility and facility.value.facility_id,
        "start": when and when.value.start,
        "end": when and when.value.end,
        "sources": len(program.sources),
    }


def _clear(connection: Connection) -> None:
    """Take fused programs away that no current program is of."""
    stale = sa.update(Program).where(Program.current.is_(False), Program.fused_id.is_not(None))
    connection.execute(stale.values(fused_id=None))
    used = sa.exists().where(Program.fused_id == Fused.id)
    connection.execute(sa.delete(Fused).where(~used))
