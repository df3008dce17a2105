"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)

_REFUSE_SQLITE = """
CREATE TRIGGER corrections_{event} BEFORE {event} ON corrections {when}
BEGIN SELECT RAISE(ABORT, 'corrections are only added, never changed'); END
"""
_REFUSE_POSTGRESQL = (
    """
    CREATE FUNCTION corrections_stand() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'corrections are only added, never changed'; END $$
    """,
    """
    CREATE TRIGGER corrections_row BEFORE UPDATE OR DELETE ON corrections
    FOR EACH ROW EXECUTE FUNCTION corrections_stand()
    """,
    """
    CREATE TRIGGER corrections_all BEFORE TRUNCATE ON corrections
    FOR EACH STATEMENT EXECUTE FUNCTION corrections_stand()
    """,
)


def upgrade() -> None:
    """Make them."""
    _articles()
    _runs()
    _programs()
    _corrections()
    _monitor()


def _articles() -> None:
    op.create_table(
        "articles",
        _id(),
        _text("address"),
        sa.Column("first_seen", _TIME, nullable=False),
        sa.UniqueConstraint("address"),
    )
    op.create_table(
        "versions",
        _id(),
        _refers("article_id", "articles.id"),
        _text("sha256"),
        _text("url", nullable=True),
        _text("title"),
        *(_text(name, nullable=True) for name in ("text", "author", "publisher", "published")),
        sa.Column("published_day", sa.Date()),
        _text("language", nullable=True),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.UniqueConstraint("article_id", "sha256"),
    )
    op.create_table(
        "records",
        _id(),
        _refers("version_id", "versions.id"),
        _text("reader"),
        _text("status"),
        sa.Column("relevance", sa.Float(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.UniqueConstraint("version_id", "reader"),
    )
    op.create_index("records_current", "records", ["current", "id"])


def _runs() -> None:
    op.create_table(
        "readings",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("reader", sa.Text(), primary_key=True),
        _refers("record_id", "records.id"),
    )
    op.create_table(
        "runs",
        _id(),
        *(_text(name) for name in ("kind", "label", "reader")),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME),
        _text("state"),
        sa.Column("total", _NUMBER),
        _text("key", nullable=True),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "items",
        sa.Column("run_id", _NUMBER, sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("position", _NUMBER, primary_key=True, autoincrement=False),
        *(_text(name) for name in ("document_id", "digest", "state")),
        _refers("record_id", "records.id", nullable=True),
        _text("code", nullable=True),
        _text("reason", nullable=True),
        sa.Column("payload", sa.JSON()),
        sa.Column("leased_until", _TIME),
        _text("owner", nullable=True),
        sa.Column("attempts", _NUMBER, nullable=False),
    )


def _programs() -> None:
    op.create_table(
        "fused",
        _id(),
        _text("key"),
        sa.Column("body", sa.JSON(), nullable=False),
        _text("facility", nullable=True),
        _text("facility_id", nullable=True),
        sa.Column("start", sa.Date()),
        sa.Column("end", sa.Date()),
        sa.Column("sources", _NUMBER, nullable=False),
    )
    op.create_table(
        "programs",
        _id(),
        _refers("record_id", "records.id"),
        sa.Column("position", _NUMBER, nullable=False),
        _text("key"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        *(_text(name, nullable=True) for name in ("facility", "facility_id", "facility_type", "place", "province")),
        sa.Column("start", sa.Date()),
        sa.Column("end", sa.Date()),
        _text("precision", nullable=True),
        sa.Column("participants", _NUMBER),
        _text("group", nullable=True),
        _text("search"),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("fused_id", _NUMBER, sa.ForeignKey("fused.id", ondelete="SET NULL")),
        sa.UniqueConstraint("record_id", "position"),
    )
    op.create_index(
        "programs_page", "programs", ["current", "day", "id", "end", "confidence", "facility_type", "search"]
    )
    op.create_index("programs_province", "programs", ["province", "current", "day", "id"])
    op.create_index("programs_facility", "programs", ["facility_id", "current", "day", "id"])
    op.create_index("programs_fused", "programs", ["fused_id"])
    op.create_table(
        "program_values",
        _id(),
        _refers("program_id", "programs.id"),
        *(_text(name) for name in ("slot", "name", "folded")),
        _text("category", nullable=True),
    )
    op.create_index("program_values_program", "program_values", ["program_id", "slot"])
    op.create_index("program_values_category", "program_values", ["slot", "category", "program_id"])


def _corrections() -> None:
    op.create_table(
        "corrections",
        _id(),
        _refers("record_id", "records.id"),
        sa.Column("program", _NUMBER),
        _text("slot"),
        _text("action"),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        _text("author"),
        _text("note", nullable=True),
        sa.Column("at", _TIME, nullable=False),
    )
    op.create_index("ix_corrections_record_id", "corrections", ["record_id"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in _REFUSE_POSTGRESQL:
            op.execute(statement)
    else:
        # REPLACE takes a row out and puts another in; where triggers are not recursive, only the insertion is told.
        replaced = "WHEN EXISTS (SELECT 1 FROM corrections WHERE id = NEW.id)"
        for event, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", replaced)):
            op.execute(_REFUSE_SQLITE.format(event=event, when=when))


def _monitor() -> None:
    op.create_table(
        "sources",
        _id(),
        _text("name"),
        sa.Column("checked_at", _TIME),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "seen",
        sa.Column("url", sa.Text(), primary_key=True),
        _refers("source_id", "sources.id"),
        _text("title", nullable=True),
        _text("state"),
        sa.Column("found_at", _TIME, nullable=False),
    )


def _id() -> sa.Column[int]:
    return sa.Column("id", _NUMBER, primary_key=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _refers(name: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, _NUMBER, sa.ForeignKey(target), nullable=nullable)
