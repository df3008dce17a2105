"""The first tables."""

from alembic import op

from corpus.store.tables import Base

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    Base.metadata.create_all(op.get_bind())
