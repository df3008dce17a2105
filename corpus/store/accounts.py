"""What the store has of one program, by its key, and of one article, by its number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from corpus.store.programs import MAX_SIZE, ProgramRow, rows_by_id
from corpus.store.rows import clean, short_key
from corpus.store.store import Store
from corpus.store.tables import Article, Correction, Fused, Program, Record, Version


@dataclass(frozen=True, slots=True)
class Known:
    """A program as fusion has it, as JSON, None where nothing was fused under this key; and the accounts of it."""

    fused: dict[str, Any] | None
    accounts: list[ProgramRow]


@dataclass(frozen=True, slots=True)
class Kept:
    """An article with its current record.

    Attributes:
        id: its number.
        address: what names it in the store.
        first_seen: when it was first read.
        versions: how many versions of it were read.
        record_id: the record's number.
        record: the ArticleRecord's JSON, with the text.
        corrections: what people said of the record, in the order in which they did.
    """

    id: int
    address: str
    first_seen: dt.datetime
    versions: int
    record_id: int
    record: dict[str, Any]
    corrections: list[dict[str, Any]]


def known_by(store: Store, key: str) -> Known:
    """Return what is known of a program by its key: the fused one's, or that of accounts that none was fused with."""
    key = clean(key)
    with store.reading() as connection:
        found = sa.select(Fused.id, Fused.body)
        fused = connection.execute(found.where(Fused.key == key)).first()
        if fused is None:
            # A fused program has the key of one of its accounts; those of the others lead to it too.
            numbers = sa.select(Program.fused_id).where(Program.key == short_key(key), Program.current.is_(True))
            several = connection.execute(found.where(Fused.id.in_(numbers)).limit(2)).all()
            fused = several[0] if len(several) == 1 else None
        of = Program.key == short_key(key) if fused is None else Program.fused_id == fused.id
        asked = sa.select(Program.id).where(of, Program.current.is_(True)).order_by(Program.id).limit(MAX_SIZE)
        accounts = rows_by_id(connection, list(connection.scalars(asked)))
        return Known(None if fused is None else fused.body, accounts)


def fused_keys(store: Store, accounts: Iterable[ProgramRow]) -> dict[int, str]:
    """Return the keys of the fused programs that accounts are of, by their numbers."""
    numbers = {account.fused_id for account in accounts if account.fused_id is not None}
    with store.reading() as connection:
        rows = connection.execute(sa.select(Fused.id, Fused.key).where(Fused.id.in_(numbers)))
        return {row.id: row.key for row in rows}


def kept(store: Store, article: int) -> Kept | None:
    """Return an article; None where there is none."""
    # Not a bare column: SQLite would go through all current records by their index.
    current = sa.func.coalesce(Record.current, sa.false())
    versions = sa.select(sa.func.count()).where(Version.article_id == article).scalar_subquery()
    with store.reading() as connection:
        row = connection.execute(
            sa.select(
                Article.address, Article.first_seen, Record.id, Record.body, Version.text, versions.label("versions")
            )
            .join(Version, Version.article_id == Article.id)
            .join(Record, Record.version_id == Version.id)
            .where(Article.id == article, current.is_(True))
        ).first()
        if row is None:
            return None
        said = sa.select(*Correction.__table__.columns).where(Correction.record_id == row.id).order_by(Correction.id)
        corrections = [dict(one) for one in connection.execute(said).mappings()]
    row.body["article"]["text"] = row.text
    return Kept(article, row.address, row.first_seen, row.versions, row.id, row.body, corrections)
