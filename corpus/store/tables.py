"""The tables of the store. Times are UTC; a JSON body holds a record as the schema's aliases name its parts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA = "0003"  # the last step of migrations/versions
VERSION_TABLE = "pembinaan_schema"  # Alembic's own name may be taken where a database is shared


class Time(TypeDecorator[dt.datetime]):
    """An instant: goes in and comes out with the zone UTC, which SQLite does not keep."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: D102, ARG002  SQLAlchemy's
        return value and value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: D102, ARG002  SQLAlchemy's
        return value and (value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC))


def now() -> dt.datetime:
    """Return the time, in UTC."""
    return dt.datetime.now(dt.UTC)


# SQLite numbers rows by itself only where the column is called INTEGER; it has 64 bits there too.
Number = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """Of all tables."""

    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads it from the class
        str: Text,
        int: Number,
        dt.datetime: Time,
        dict[str, Any]: JSON,
        # None is stored as NULL, so that a query can ask for it.
        Any: JSON(none_as_null=True),
    }


class Article(Base):
    """What stands at one address, whatever its words are today."""

    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(unique=True)  # canonical URL, else URL, else "sha256:" of its text
    first_seen: Mapped[dt.datetime]


class Version(Base):
    """What an article said at one time. Its text is kept here, and once."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("article_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    sha256: Mapped[str]  # over all that a reader reads: `rows.version_of`
    url: Mapped[str | None]
    title: Mapped[str]
    text: Mapped[str | None]
    author: Mapped[str | None]
    publisher: Mapped[str | None]
    published: Mapped[str | None]  # as ISO 8601: a day, or a time with the zone that the page gave
    published_day: Mapped[dt.date | None]
    language: Mapped[str | None]
    seen_at: Mapped[dt.datetime]


class Record(Base):
    """What one reader read in one version. `body` is the ArticleRecord with the article's text left out (null)."""

    __tablename__ = "records"
    __table_args__ = (UniqueConstraint("version_id", "reader"), Index("records_current", "current", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    reader: Mapped[str]  # versions of pipeline and model
    status: Mapped[str]
    relevance: Mapped[float]
    body: Mapped[dict[str, Any]]
    current: Mapped[bool]  # the last one saved of its article
    created_at: Mapped[dt.datetime]


# Orders that have what is not known last. The index is used only where a query has these very words.
LARGEST = text("coalesce(participants, -1)")
NAMED = text("coalesce(substr(facility, 1, 200), '\U0010ffff')")


class Program(Base):
    """A program of a record, as columns that can be asked for. The whole of it stands in the record's body."""

    __tablename__ = "programs"
    __table_args__ = (
        UniqueConstraint("record_id", "position"),
        # The order of pages, with what most filters ask for, so that they are answered without touching the table.
        Index("programs_page", "current", "day", "id", "end", "confidence", "facility_type", "search"),
        Index("programs_province", "province", "current", "day", "id"),
        Index("programs_facility", "facility_id", "current", "day", "id"),
        Index("programs_fused", "fused_id"),
        Index("programs_key", "key"),
        Index("programs_largest", "current", LARGEST, "id"),
        Index("programs_named", "current", NAMED, "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"))
    position: Mapped[int]  # in the body's list, from 0
    key: Mapped[str]
    day: Mapped[dt.date]  # its place in time: the start, else the article's publication, else the day it was saved
    confidence: Mapped[float]
    facility: Mapped[str | None]
    facility_id: Mapped[str | None]
    facility_type: Mapped[str | None]
    place: Mapped[str | None]
    province: Mapped[str | None]
    start: Mapped[dt.date | None]
    end: Mapped[dt.date | None]
    precision: Mapped[str | None]
    participants: Mapped[int | None]
    group: Mapped[str | None]
    search: Mapped[str]  # the facility's names, "|", all other names and the title: folded, cut to fit in an index
    current: Mapped[bool]  # as of its record
    fused_id: Mapped[int | None] = mapped_column(ForeignKey("fused.id", ondelete="SET NULL"))


class ProgramValue(Base):
    """One of a program's partners, instructors or skills."""

    __tablename__ = "program_values"
    __table_args__ = (
        Index("program_values_program", "program_id", "slot"),
        Index("program_values_category", "slot", "category", "program_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    slot: Mapped[str]  # partner, instructor, skill
    name: Mapped[str]
    folded: Mapped[str]
    category: Mapped[str | None]  # a skill's category, a partner's kind


class Reading(Base):
    """Which record a document gave, so that it need not be read again."""

    __tablename__ = "readings"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    reader: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"))


class Run(Base):
    """One going-through of many documents: a batch, a round of the monitor, a job of the service."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # batch, monitor, job
    label: Mapped[str]
    reader: Mapped[str]
    started_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    state: Mapped[str]  # running, done, failed, cancelled
    total: Mapped[int | None]
    key: Mapped[str | None] = mapped_column(unique=True)  # a caller's own name, so that asking twice begins one run
    digest: Mapped[str | None]  # of what a job was asked to do, so that a key is not used for two things


_WAITING = text("state = 'waiting'")
_LEASED = text("state = 'waiting' AND leased_until IS NOT NULL")
_BEGUN = text("state = 'waiting' AND attempts > 0")


class Item(Base):
    """One document of a run, and what came of it."""

    __tablename__ = "items"
    # What jobs have still to do, in the order of their input, and what was begun of it: few rows among many.
    __table_args__ = (
        Index("items_waiting", "run_id", "position", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("items_leased", "leased_until", sqlite_where=_LEASED, postgresql_where=_LEASED),
        Index("items_begun", "run_id", "position", sqlite_where=_BEGUN, postgresql_where=_BEGUN),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document_id: Mapped[str]
    digest: Mapped[str]
    state: Mapped[str]  # waiting, done, failed, cancelled
    record_id: Mapped[int | None] = mapped_column(ForeignKey("records.id"))
    code: Mapped[str | None]
    reason: Mapped[str | None]
    payload: Mapped[Any | None]  # the document of a job that waits
    host: Mapped[str | None]  # the site that it has to be fetched from
    leased_until: Mapped[dt.datetime | None]
    owner: Mapped[str | None]
    attempts: Mapped[int]


class Correction(Base):
    """What a person said of a value. Rows are only ever added: a trigger refuses all else."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"), index=True)
    program: Mapped[int | None]  # its position in the record; None where the record as a whole is meant
    slot: Mapped[str]
    action: Mapped[str]  # accept, edit, reject, add
    before: Mapped[Any | None]
    after: Mapped[Any | None]
    author: Mapped[str]
    note: Mapped[str | None]
    at: Mapped[dt.datetime]


class Source(Base):
    """A site that is watched, and what its last round left to be known in the next."""

    __tablename__ = "sources"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    checked_at: Mapped[dt.datetime | None]
    state: Mapped[dict[str, Any]]


class Seen(Base):
    """An address that a source named, and what was done about it."""

    __tablename__ = "seen"

    url: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    title: Mapped[str | None]
    state: Mapped[str]
    found_at: Mapped[dt.datetime]


class Fused(Base):
    """One program as all outlets that told of it have it."""

    __tablename__ = "fused"
    __table_args__ = (Index("fused_key", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    body: Mapped[dict[str, Any]]
    facility: Mapped[str | None]
    facility_id: Mapped[str | None]
    start: Mapped[dt.date | None]
    end: Mapped[dt.date | None]
    sources: Mapped[int]
