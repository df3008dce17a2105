"""Outcomes into rows, in few statements however many there are, and so that doing it twice is doing it once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from corpus.documents import Document, Outcome
from corpus.store.rows import Row, Rows, clean, rows_of
from corpus.store.tables import Article, Base, Item, Program, ProgramValue, Reading, Record, Version, now


def save(connection: Connection, run: int, outcomes: Sequence[tuple[int, Outcome]], reader: str) -> None:
    """Save the outcomes of documents at positions of a run. The transaction must hold off other writers."""
    read = {position: rows_of(outcome.record) for position, outcome in outcomes if outcome.record is not None}
    ids = dict(zip(read, _save_records(connection, list(read.values()), reader), strict=True))
    readings = {o.digest: ids[position] for position, o in outcomes if position in ids}
    if readings:
        adding = insert(connection, Reading)
        connection.execute(
            adding.on_conflict_do_update(
                index_elements=[Reading.digest, Reading.reader], set_={"record_id": adding.excluded.record_id}
            ),
            [{"digest": digest, "reader": reader, "record_id": record} for digest, record in readings.items()],
        )
    _save_items(
        connection,
        [
            _item(run, position, o.id, o.digest)
            | {"record_id": ids.get(position), "state": "done" if position in ids else "failed"}
            | {"code": o.code, "reason": o.reason and clean(o.reason)}
            for position, o in outcomes
        ],
    )


def link(connection: Connection, run: int, items: Sequence[tuple[int, Document, int]]) -> None:
    """Save that documents at positions of a run have records already."""
    _save_items(
        connection,
        [
            _item(run, position, document.id, document.digest)
            | {"record_id": record, "state": "done", "code": None, "reason": None}
            for position, document, record in items
        ],
    )


def insert(connection: Connection, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that can be told what to do where the row is there already."""
    return (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(table)


def _save_records(connection: Connection, found: list[Rows], reader: str) -> list[int]:
    """Return the ids of the records, of those that were there already too."""
    if not found:
        return []
    articles = _ids(connection, Article, [Article.address], {(r.address,): {"first_seen": now()} for r in found})
    of_article = [articles[(r.address,)] for r in found]
    versions = _ids(
        connection,
        Version,
        [Version.article_id, Version.sha256],
        {
            (article, r.version["sha256"]): r.version | {"seen_at": now()}
            for article, r in zip(of_article, found, strict=True)
        },
    )
    of_version = [versions[article, r.version["sha256"]] for article, r in zip(of_article, found, strict=True)]
    present = _records_of(connection, of_version, reader)
    fresh = {v: (a, r) for v, a, r in zip(of_version, of_article, found, strict=True) if v not in present}
    if fresh:
        _replace_current(connection, [article for article, _ in fresh.values()])
        # Of two versions of one article the later in the input is the current one.
        newest = {article: version for version, (article, _) in fresh.items()}
        current = set(newest.values())
        connection.execute(
            sa.insert(Record),
            [
                r.record | {"version_id": v, "reader": reader, "current": v in current, "created_at": now()}
                for v, (_, r) in fresh.items()
            ],
        )
        present = _records_of(connection, of_version, reader)
        _save_programs(connection, [(present[v], v in current, r) for v, (_, r) in fresh.items()])
    return [present[version] for version in of_version]


def _ids(
    connection: Connection,
    table: Any,  # noqa: ANN401  a mapped class
    columns: list[Any],
    rows: dict[tuple[Any, ...], Row],
) -> dict[tuple[Any, ...], int]:
    """Return the id of each row by its key in `columns`; those that are not there are added."""
    names = [column.key for column in columns]
    connection.execute(
        insert(connection, table).on_conflict_do_nothing(index_elements=columns),
        [row | dict(zip(names, key, strict=True)) for key, row in rows.items()],
    )
    asked = sa.select(table.id, *columns)
    for column, values in zip(columns, zip(*rows, strict=True), strict=True):
        asked = asked.where(column.in_(set(values)))
    return {tuple(key): number for number, *key in connection.execute(asked)}


def _records_of(connection: Connection, versions: list[int], reader: str) -> dict[int, int]:
    asked = sa.select(Record.version_id, Record.id).where(Record.version_id.in_(versions), Record.reader == reader)
    return {row.version_id: row.id for row in connection.execute(asked)}


def _replace_current(connection: Connection, articles: list[int]) -> None:
    """Take the mark of being current from what there is of the articles."""
    versions = sa.select(Version.id).where(Version.article_id.in_(articles))
    records = sa.select(Record.id).where(Record.version_id.in_(versions))
    for table, column in ((Program, Program.record_id), (Record, Record.id)):
        connection.execute(sa.update(table).where(column.in_(records), table.current.is_(True)).values(current=False))


def _save_programs(connection: Connection, records: list[tuple[int, bool, Rows]]) -> None:
    today = now().date()
    rows = [
        row | {"record_id": record, "current": current, "day": row["day"] or today}
        for record, current, found in records
        for row, _ in found.programs
    ]
    if not rows:
        return
    added = connection.execute(sa.insert(Program).returning(Program.id, Program.record_id, Program.position), rows)
    ids = {(row.record_id, row.position): row.id for row in added}
    values = [
        value | {"program_id": ids[record, row["position"]]}
        for record, _, found in records
        for row, several in found.programs
        for value in several
    ]
    if values:
        connection.execute(sa.insert(ProgramValue), values)


def _item(run: int, position: int, document_id: str, digest: str) -> Row:
    return {"run_id": run, "position": position, "document_id": clean(document_id), "digest": digest, "attempts": 1}


def _save_items(connection: Connection, rows: list[Row]) -> None:
    if not rows:
        return
    adding = insert(connection, Item)
    changed = ("digest", "state", "record_id", "code", "reason")
    connection.execute(
        adding.on_conflict_do_update(
            index_elements=[Item.run_id, Item.position],
            set_={name: adding.excluded[name] for name in changed} | {"leased_until": None, "owner": None},
            where=Item.state != "done",
        ),
        rows,
    )
