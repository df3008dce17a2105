"""Records, one after the other, as a CSV, JSONL, Parquet or XLSX file."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from corpus.columns import CODES, TABLES, Column
from corpus.rows import Entry, Row, flat_rows, rows_of
from extractor.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa
    from openpyxl import Workbook
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Write = Callable[[Iterable[Entry], BinaryIO], None]

# A spreadsheet takes a cell that begins so for a formula, and the texts are strangers'. Where lists are separated by
# semicolons, as in Indonesia, it begins a new cell at each of them, quoted or not. The lookbehind and the possessive
# star hold the search to one pass over a run of blanks, however long.
_BEFORE = r';\s"\x00-\x1f\u200b-\u200f\ufeff'
_FORMULA = re.compile(rf"(?<![{_BEFORE}])([{_BEFORE}]*+)(?=[=+\-@＝＋－＠])")
_CELL_END = re.compile(r".*[;\t\r\n]", re.DOTALL)
_SHEET_ROWS = 1_048_576
# Rows of Python values take many times the memory that they take in a batch of Arrow; so few at a time become one.
_ROWS = 1_000
_ROW_GROUP = 16  # batches


def write_csv(entries: Iterable[Entry], file: BinaryIO) -> None:
    """Write a row a program, in UTF-8 with the mark Excel looks for; an article without a program has a row too."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text)
    columns = TABLES["programs"]
    writer.writerow(column.name for column in columns)
    for row in _flat(entries):
        writer.writerow([defuse(_cell(row.get(column.name))) for column in columns])
    text.flush()
    text.detach()


def write_jsonl(entries: Iterable[Entry], file: BinaryIO) -> None:
    """Write a record a line, what it is called beside its other keys as `id`."""
    for entry in entries:
        record = {"id": entry.name, **entry.record, "programs": [program for _, program, _ in entry.programs()]}
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        file.write(line.encode() + b"\n")


def write_parquet(entries: Iterable[Entry], file: BinaryIO) -> None:
    """Write a row a program, typed, each column with its meaning; an article without a program has a row too.

    Raises:
        InputError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415  an extra, and slow to import
        from pyarrow import parquet  # noqa: PLC0415  an extra, and slow to import
    except ImportError as error:
        raise missing("Parquet") from error
    schema = _schema(TABLES["programs"])
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        flat = _flat(entries)
        parts = iter(lambda: list(islice(flat, _ROWS)), [])
        batches = (pa.RecordBatch.from_pylist(rows, schema) for rows in parts)
        while group := list(islice(batches, _ROW_GROUP)):
            writer.write_table(pa.Table.from_batches(group))


def write_xlsx(entries: Iterable[Entry], file: BinaryIO) -> None:
    """Write a workbook: a sheet a table, a row an article, program or value, then the data dictionary and the codes.

    Raises:
        InputError: openpyxl is not installed, or there are more rows than a sheet holds.
    """
    try:
        from openpyxl import Workbook  # noqa: PLC0415  an extra, and slow to import
    except ImportError as error:
        raise missing("XLSX") from error
    book = Workbook(write_only=True)
    try:
        _fill(book, entries)
    except BaseException:
        for sheet in book.worksheets:
            sheet.close()  # else each of them complains when it is forgotten half-written
        raise
    book.save(file)


def _zipped(write: Write) -> Write:
    def zipped(entries: Iterable[Entry], file: BinaryIO) -> None:
        with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as stream:  # no name, no time: the same bytes every time
            write(entries, stream)  # type: ignore[arg-type]  # it is a BinaryIO in all but name

    return zipped


FORMATS: dict[str, Write] = {
    ".csv": write_csv,
    ".csv.gz": _zipped(write_csv),
    ".jsonl": write_jsonl,
    ".jsonl.gz": _zipped(write_jsonl),
    ".parquet": write_parquet,
    ".xlsx": write_xlsx,
}


def defuse(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula: an apostrophe before what would begin one."""
    safe = _FORMULA.sub(_marked, text)
    return f"'{safe}" if safe.startswith(("\t", "\r")) else safe


def _marked(found: re.Match[str]) -> str:
    """Return what stands before a formula's first sign, with an apostrophe where a cell begins, if one does."""
    before = found[1]
    end = _CELL_END.match(before)
    if end is None and found.start():
        return before
    begin = end.end() if end else 0
    return f"{before[:begin]}'{before[begin:]}"


def missing(what: str) -> InputError:
    """Return the error that says how to install what tables need."""
    return InputError(f"{what} needs the extra: pip install 'pembinaan[tables]'")


def _flat(entries: Iterable[Entry]) -> Iterator[Row]:
    for entry in entries:
        yield from flat_rows(entry)


def _cell(value: Any) -> str:  # noqa: ANN401  whatever a column holds
    """Return a value as the text of a cell; a list's parts are joined by semicolons, and so hold none themselves."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(str(part).replace(";", ",") for part in value)
    return str(value)


def _schema(columns: Sequence[Column]) -> pa.Schema:
    import pyarrow as pa  # noqa: PLC0415  an extra, and slow to import

    types = {
        "text": pa.string(),
        "texts": pa.list_(pa.string()),
        "integer": pa.int64(),
        "number": pa.float64(),
        "numbers": pa.list_(pa.float64()),
        "day": pa.date32(),
        "flag": pa.bool_(),
    }
    return pa.schema([pa.field(c.name, types[c.type], metadata={"description": c.en, "arti": c.id}) for c in columns])


def _fill(book: Workbook, entries: Iterable[Entry]) -> None:
    sheets = {table: _sheet(book.create_sheet(table), [c.name for c in columns]) for table, columns in TABLES.items()}
    for entry in entries:
        for table, append in sheets.items():
            for row in rows_of(table, entry):
                append([row.get(column.name) for column in TABLES[table]])
    append = _sheet(book.create_sheet("dictionary"), ["table", "column", "type", "unit", "codes", "meaning", "arti"])
    for table, columns in TABLES.items():
        for column in columns:
            append([table, column.name, column.type, column.unit, column.codes, column.en, column.id])
    append = _sheet(book.create_sheet("codes"), ["codes", "code", "meaning", "arti"])
    for kind, words in CODES.items():
        for code, (indonesian, english) in words.items():
            append([kind, code, english, indonesian])


def _sheet(sheet: WriteOnlyWorksheet, header: Sequence[str]) -> Callable[[Sequence[Any]], None]:
    """Return what appends a row of values to the sheet; its header is bold, stays in sight and can filter."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415  an extra, and slow to import
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415  an extra, and slow to import
    from openpyxl.styles import Font  # noqa: PLC0415  an extra, and slow to import
    from openpyxl.utils import get_column_letter  # noqa: PLC0415  an extra, and slow to import

    rows = 1

    def cell(value: Any) -> Any:  # noqa: ANN401  openpyxl takes plain values and cells alike
        if value is None or isinstance(value, bool | int | float | dt.date):
            return value
        text = ILLEGAL_CHARACTERS_RE.sub("", _cell(value))
        if text.startswith("#") or defuse(text) != text:
            safe = WriteOnlyCell(sheet, text)
            safe.data_type = "s"  # text, not the formula or the error that it looks like
            safe.quotePrefix = True  # … and text it stays when somebody edits the cell
            return safe
        return text

    def append(values: Sequence[Any]) -> None:
        nonlocal rows
        rows += 1
        if rows > _SHEET_ROWS:
            raise InputError(f"a sheet holds {_SHEET_ROWS:,} rows, and {sheet.title} has more: write .csv or .parquet")
        sheet.append([cell(value) for value in values])

    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}1"  # type: ignore[attr-defined]  # it has one
    for index, name in enumerate(header, 1):
        sheet.column_dimensions[get_column_letter(index)].width = max(12, len(name) + 4)  # type: ignore[attr-defined]  # its stub lacks it
    bold = []
    for name in header:
        bold.append(WriteOnlyCell(sheet, name))
        bold[-1].font = Font(bold=True)
    sheet.append(bold)
    return append
