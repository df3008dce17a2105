"""Tables: CSV, TSV and Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO

from corpus.documents import Document, Outcome
from corpus.readers.limits import MAX_LINE, MAX_VALUES
from corpus.readers.rows import Columns, document_of, failure
from extractor.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

_DELIMITERS = ",;\t"
_MAX_HEADER = 65_536
_ROWS = 16  # of a Parquet file in memory at a time, each of which may be the largest that there is
_BUFFER = 2**20  # bytes of each of its columns


def is_header(line: str) -> bool:
    """Return whether a line is the header of a table of articles, by the usual names of columns."""
    return _known(_split(line, Columns())[1], Columns()) > 0


def read_csv(stream: io.BufferedReader, label: str, columns: Columns) -> Iterator[Document | Outcome]:
    """Yield the document of each row below the header, or why there is none. The delimiter is found in the header.

    Raises:
        InputError: there is no header, or none of its columns can be read.
    """
    csv.field_size_limit(MAX_LINE)
    # Bytes that are no UTF-8 are kept as what no text has, so that they are found in the cells where they stand.
    lines = _Lines(io.TextIOWrapper(stream, "utf-8-sig", "surrogateescape", newline=""))
    try:
        names, delimiter = _header(lines, columns)
        chosen = columns.among(names)
    except (csv.Error, _TooLargeError) as error:
        raise InputError(f"{label}: the header cannot be read ({error})") from error
    except InputError as error:
        raise InputError(f"{label}: {error}") from error
    wanted = {name: names.index(name) for name in chosen.named().values()}
    while True:
        lines.begin_row(delimiter)
        place = f"{label}:{lines.number + 1}"
        try:
            # A new one each time: after an error it stands in the middle of a row.
            cells = next(csv.reader(lines, delimiter=delimiter, strict=True), None)
            if cells is None:
                return
            if not any(map(str.strip, cells)):
                continue
            row = _row(cells, wanted, len(names), ended=lines.ended)
        except (csv.Error, _TooLargeError, InputError) as error:
            span = f" to {lines.number}" if not place.endswith(f":{lines.number}") else ""
            why = "the quotation marks do not fit" if isinstance(error, csv.Error) else str(error)
            yield failure(place, place + span, InputError(why))
        else:
            yield document_of(row, chosen, place)


def read_parquet(file: BinaryIO, label: str, columns: Columns) -> Iterator[Document | Outcome]:
    """Yield the document of each row, or why there is none; columns that are not needed are not read.

    Raises:
        InputError: pyarrow is missing, the file is not Parquet, or none of its columns can be read.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415  an extra, and slow to import
        from pyarrow import parquet  # noqa: PLC0415  an extra, and slow to import
    except ImportError as error:
        raise InputError("Parquet needs the extra: pip install 'pembinaan[tables]'") from error
    try:
        # Anything else has whole groups of rows in memory, and pandas writes all rows as one.
        table = parquet.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False)
        chosen = columns.among(table.schema_arrow.names)
        wanted = list(dict.fromkeys(chosen.named().values()))
        number = 0
        for batch in table.iter_batches(_ROWS, columns=wanted, use_threads=False):
            held = {name: _in_microseconds(batch.column(name)) for name in wanted}
            for at in range(batch.num_rows):
                number += 1
                place = f"{label}:{number}"
                try:
                    row = {name: _value(column[at]) for name, column in held.items()}
                except ValueError:
                    yield failure(place, place, InputError("it holds a text that is not in UTF-8"))
                else:
                    yield document_of(row, chosen, place)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{label}: cannot be read as Parquet ({' '.join(str(error).split())[:200]})") from error
    except InputError as error:
        raise InputError(f"{label}: {error}") from error


def _header(lines: _Lines, columns: Columns) -> tuple[list[str], str]:
    """Return the names of the columns, and what parts them."""
    first = next((line for line in lines if line.strip()), "")
    if len(first) > _MAX_HEADER:
        raise InputError(f"the first line is longer than {_MAX_HEADER:,} characters; it has to name the columns")
    delimiter, _ = _split(first, columns)
    return next(csv.reader(chain([first], lines), delimiter=delimiter, strict=True), []), delimiter


def _split(line: str, columns: Columns) -> tuple[str, list[str]]:
    """Return the delimiter of a header and its names: those of which most are known, else the most."""
    names = {each: next(csv.reader([line], delimiter=each), []) for each in _DELIMITERS}
    best = max(names, key=lambda each: (_known(names[each], columns), len(names[each])))
    return best, names[best]


def _known(names: list[str], columns: Columns) -> int:
    return sum(name in names for name in columns.found(names).named().values())


def _row(cells: list[str], wanted: dict[str, int], width: int, *, ended: bool) -> dict[str, str]:
    """Return the cells of a row by the names of their columns.

    Raises:
        InputError: they are not those of the header, or no text: what was read would be something else.
    """
    if any(map(str.strip, cells[width:])):
        raise InputError(f"it has {len(cells)} cells and the header {width} (a text with delimiters needs quotes)")
    if len(cells) < width and not ended:
        raise InputError("it is cut off")
    row = {name: cells[at] for name, at in wanted.items() if at < len(cells)}
    try:
        "".join(row.values()).encode()
    except UnicodeEncodeError as error:
        raise InputError("it is not in UTF-8 (spreadsheets save it as “CSV UTF-8”)") from error
    return row


def _in_microseconds(column: pa.Array[Any]) -> pa.Array[Any]:
    """Return a column whose times, if it holds some, Python has too."""
    import pyarrow as pa  # noqa: PLC0415  an extra, and slow to import

    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return column


def _value(cell: pa.Scalar[Any]) -> object:
    """Return a cell's value; None for a time that Python has not.

    Raises:
        UnicodeDecodeError: it is a text that is not in UTF-8.
    """
    try:
        return cell.as_py()
    except UnicodeDecodeError:
        raise
    except (ValueError, OverflowError, KeyError):
        return None


class _TooLargeError(Exception):
    """A row that is longer than any document."""


class _Lines:
    """Lines for the csv reader: counted, and bounded for one row."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.number = 0
        self.ended = True
        self.begin_row(",")

    def begin_row(self, delimiter: str) -> None:
        """Count what one row takes from here on."""
        self._delimiter = delimiter
        self._size = self._values = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(MAX_LINE + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self._size += len(line)
        self._values += line.count(self._delimiter)
        end = line
        while len(line) > MAX_LINE and end and not end.endswith(("\n", "\r")):
            end = self._text.readline(MAX_LINE)  # what is over is passed by
        self.ended = end.endswith(("\n", "\r"))
        if self._size > MAX_LINE:
            raise _TooLargeError(f"it is longer than {MAX_LINE // 2**20} MiB (is a quotation mark never closed?)")
        if self._values > MAX_VALUES:
            raise _TooLargeError(f"it has more than {MAX_VALUES:,} values")
        return line
