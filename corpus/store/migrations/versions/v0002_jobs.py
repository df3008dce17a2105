"""What jobs need: which items wait and which are being read, and what was asked for; keys of programs are found."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_WAITING = sa.text("state = 'waiting'")
_LEASED = sa.text("state = 'waiting' AND leased_until IS NOT NULL")
_BEGUN = sa.text("state = 'waiting' AND attempts > 0")


def upgrade() -> None:
    """Add it."""
    op.add_column("runs", sa.Column("digest", sa.Text()))
    op.add_column("items", sa.Column("host", sa.Text()))
    for name, columns, where in (
        ("items_waiting", ["run_id", "position"], _WAITING),
        ("items_leased", ["leased_until"], _LEASED),
        ("items_begun", ["run_id", "position"], _BEGUN),
    ):
        op.create_index(name, "items", columns, sqlite_where=where, postgresql_where=where)
    op.execute("UPDATE programs SET key = substr(key, 1, 200) WHERE length(key) > 200")  # longer ones fit in no index
    op.create_index("programs_key", "programs", ["key"])
    op.create_index("fused_key", "fused", ["key"])
