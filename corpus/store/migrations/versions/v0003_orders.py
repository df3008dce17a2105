"""The table of programs by participants and by facility, a page at a time without sorting the whole."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add it."""
    named = sa.text("coalesce(substr(facility, 1, 200), '\U0010ffff')")
    op.create_index("programs_largest", "programs", ["current", sa.text("coalesce(participants, -1)"), "id"])
    op.create_index("programs_named", "programs", ["current", named, "id"])
