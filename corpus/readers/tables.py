"""Tables: CSV, TSV and Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from corpus.documents import Document, Outcome
from corpus.readers.limits import MAX_LINE
from corpus.readers.rows import Columns, document_of, failure
from extractor.errors import InputError

_DELIMITERS = ",;\t|"
_SAMPLE = 65_536
_ROWS = 64  # of a Parquet file in memory at a time
_MAX_ROW_LINES = 200_000  # of one CSV row: a quote that never closes ends here


def read_csv(stream: io.BufferedReader, label: str, columns: Columns) -> Iterator[Document | Outcome]:
    """Yield the document of each row below the header, or why there is none. The delimiter is found in the header.

    Raises:
        InputError: there is no header, or none of its columns can be read.
    """
    csv.field_size_limit(MAX_LINE)
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")
    head = text.readline(_SAMPLE)
    if not head.strip():
        raise InputError(f"{label}: is empty")
    delimiter = max(_DELIMITERS, key=head.count)
    names = next(csv.reader([head], delimiter=delimiter))
    chosen = columns.among(names)
    source = _Lines(text)
    rows = csv.reader(source, delimiter=delimiter)
    while True:
        source.taken, number = 0, source.number + 2
        place = f"{label}:{number}"
        try:
            cells = next(rows)
        except StopIteration:
            return
        except (csv.Error, _EndlessRowError) as error:
            yield failure(place, place, InputError(f"the row cannot be read ({error})"))
            # The reader is in the middle of a row; a new one begins at the next line.
            rows = csv.reader(source, delimiter=delimiter)
            continue
        if any(cell.strip() for cell in cells):
            yield document_of(dict(zip(names, cells, strict=False)), chosen, place)


def read_parquet(file: BinaryIO, label: str, columns: Columns) -> Iterator[Document | Outcome]:
    """Yield the document of each row, or why there is none; columns that are not needed are not read.

    Raises:
        InputError: pyarrow is missing, the file is not Parquet, or none of its columns can be read.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415  an extra, and slow to import
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        raise InputError("Parquet needs the extra: pip install 'pembinaan[tables]'") from error
    try:
        table = parquet.ParquetFile(file)
        chosen = columns.among(table.schema_arrow.names)
        wanted = [name for field in Columns.__slots__ if (name := getattr(chosen, field))]
        number = 0
        for batch in table.iter_batches(_ROWS, columns=wanted):
            for row in batch.to_pylist():
                number += 1
                yield document_of(row, chosen, f"{label}:{number}")
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{label}: cannot be read as Parquet ({' '.join(str(error).split())[:200]})") from error


class _EndlessRowError(Exception):
    """A row that goes on and on."""


class _Lines:
    """Lines for the csv reader, counted, with a bound on those of one row and on the length of each."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.number = 0
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.taken += 1
        if self.taken > _MAX_ROW_LINES:
            self.taken = 0
            raise _EndlessRowError("a quotation mark is never closed")
        line = self._text.readline(MAX_LINE)
        if not line:
            raise StopIteration
        self.number += line.endswith("\n")
        # The csv module refuses them in old versions, and no text means them.
        return line.replace("\0", "")
