"""A store's tables as pandas data frames, for notebooks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.columns import CODES, TABLES, Column
from corpus.export import current, reading
from corpus.rows import Row, rows_of
from corpus.store import Filter
from corpus.writers import missing
from extractor.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

_ROWS = 1_000  # become a frame at a time: rows of Python values take many times the memory


def load(address: str | Path, table: str = "programs", **filters: Any) -> pd.DataFrame:  # noqa: ANN401  the fields of Filter, each of its type
    """Return a table of a store, of the current record of every article.

    Days are timestamps, counts are whole numbers that can be missing, codes are categories (all of them, so that
    counts show those that nothing has), lists are lists.

    Args:
        address: the store: a file, or postgresql://…
        table: articles, programs, facilities, partners, instructors or skills; docs/corpus.md has their columns.
        filters: fields of `corpus.store.Filter`; only programs that it lets through, and articles that have one.

    Raises:
        InputError: There is no such table, filter or store, or pandas is not installed.
    """
    if table not in TABLES:
        raise InputError(f"there is no table {table!r}, only {', '.join(TABLES)}")
    try:
        where = Filter(**filters) if filters else None
    except TypeError as error:
        raise InputError(f"{error}: the filters are {', '.join(Filter.__dataclass_fields__)}") from error
    try:
        import pandas as pd  # noqa: PLC0415  an extra, and slow to import
    except ImportError as error:
        raise missing("a data frame") from error
    with reading(address) as store:
        rows = (row for entry in current(store, where) for row in rows_of(table, entry))
        parts = [_frame(TABLES[table], []), *_frames(TABLES[table], rows)]
    return pd.concat(parts, ignore_index=True)


def _frames(columns: tuple[Column, ...], rows: Iterator[Row]) -> Iterator[pd.DataFrame]:
    while part := list(islice(rows, _ROWS)):
        yield _frame(columns, part)


def _frame(columns: tuple[Column, ...], rows: list[Row]) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415  an extra, and slow to import

    return pd.DataFrame(
        {c.name: pd.Series([row.get(c.name) for row in rows], dtype=_dtype(c)) for c in columns},
        columns=[c.name for c in columns],
    )


def _dtype(column: Column) -> Any:  # noqa: ANN401  pandas takes names and objects
    import pandas as pd  # noqa: PLC0415  an extra, and slow to import

    if column.codes and column.type == "text":
        return pd.CategoricalDtype(list(CODES[column.codes]))
    return {
        "text": "string",
        "texts": "object",
        "integer": "Int64",
        "number": "float64",
        "numbers": "object",
        "day": "datetime64[s]",
        "flag": "boolean",
    }[column.type]
