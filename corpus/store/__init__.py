"""Where everything that was read is kept: SQLite by a path, PostgreSQL by its address."""

from corpus.store.errors import StoreError
from corpus.store.programs import Filter, Page, ProgramRow
from corpus.store.store import Store

__all__ = ["Filter", "Page", "ProgramRow", "Store", "StoreError"]
