"""What can go wrong with a store that was opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from extractor.errors import PembinaanError, shorten


class StoreError(PembinaanError):
    """The store could not be read or written: the disk is full, the database went away, another holds the lock."""

    code = "store"


@contextmanager
def told() -> Iterator[None]:
    """Raise what the database raises as a StoreError."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(
            f"the store could not be read or written ({cause(error)}); what was saved before is kept: "
            "mend that and run the same command again"
        ) from error


def cause(error: SQLAlchemyError) -> str:
    """Return in one line what the database said."""
    said = str(error.orig if isinstance(error, DBAPIError) else error)
    return shorten(" ".join(said.split()), 300)
