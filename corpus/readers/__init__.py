"""An input of any kind to its documents, one after another, in flat memory."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal, cast

from corpus.documents import Document, Outcome
from corpus.readers import folders, jsonl, tables, urls, warc
from corpus.readers.rows import Columns
from extractor.errors import InputError, shorten

__all__ = ["Columns", "read_documents"]

Kind = Literal["jsonl", "csv", "parquet", "urls", "warc"]

_ENDINGS: dict[str, Kind] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".parquet": "parquet", ".pq": "parquet",
    ".txt": "urls", ".urls": "urls", ".warc": "warc",
}  # fmt: skip
_GZIP = b"\x1f\x8b"
_HEAD = 65_536


def read_documents(source: str, columns: Columns | None = None) -> Iterator[Document | Outcome]:
    """Return an iterator over the documents of an input, and over the outcome of whatever in it is none.

    Inputs are JSON Lines, CSV, TSV, Parquet, lists of addresses, folders of pages and texts, and WARC; all but folders
    and Parquet may be packed by gzip or stand on standard input. The name's ending says which, else the first bytes.

    Args:
        source: a path, or - for standard input.
        columns: which column holds what, where the usual names do not fit.

    Raises:
        InputError: there is no such input, or nothing in it can be read; also in the middle, where it breaks off.
    """
    chosen = columns or Columns()
    label = "stdin" if source == "-" else shorten(Path(source).name)
    if source != "-" and Path(source).is_dir():
        return _told(folders.read(Path(source)), label)
    try:
        file = cast("BinaryIO", sys.stdin.buffer) if source == "-" else Path(source).open("rb")  # noqa: SIM115
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a file name"
        raise InputError(f"{shorten(source)}: cannot be read ({why})") from error
    return _told(_documents(file, Path(source), label, chosen), label)


def _documents(file: BinaryIO, path: Path, label: str, columns: Columns) -> Iterator[Document | Outcome]:
    with file:
        stream = file if isinstance(file, io.BufferedReader) else io.BufferedReader(cast("io.RawIOBase", file))
        if stream.peek(2)[:2] == _GZIP:
            path = path.with_suffix("") if path.suffix.lower() == ".gz" else path
            if _ENDINGS.get(path.suffix.lower()) != "warc":
                stream = io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=stream)), _HEAD)
        head = stream.peek(_HEAD)[:_HEAD]
        if not head.strip():
            raise InputError(f"{label}: is empty")
        kind = _ENDINGS.get(path.suffix.lower()) or _kind(head)
        if kind == "jsonl":
            yield from jsonl.read(stream, label, columns)
        elif kind == "csv":
            yield from tables.read_csv(stream, label, columns)
        elif kind == "parquet":
            yield from tables.read_parquet(stream, label, columns)
        elif kind == "warc":
            yield from warc.read(stream, label)
        elif kind == "urls":
            yield from urls.read(stream, label)
        else:
            raise InputError(
                f"{label}: is neither JSON Lines, a table with a header, a list of addresses nor an archive "
                "(one article is read by `pembinaan extract`)"
            )


def _kind(head: bytes) -> Kind | None:
    """Return what an input is by its first bytes, inflated."""
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"WARC/"):
        return "warc"
    first = next((line.strip() for line in head.removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip()), b"")
    if first.startswith(b"{"):
        return "jsonl"
    if first.startswith((b"http://", b"https://", b"#")):
        return "urls"
    names = first.decode("utf-8", "replace")
    try:
        Columns().among(names.replace(";", ",").replace("\t", ",").split(","))
    except InputError:
        return None
    return "csv"


def _told(documents: Iterator[Document | Outcome], label: str) -> Iterator[Document | Outcome]:
    """Yield the documents; what breaks the stream itself is told as one error."""
    try:
        yield from documents
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{label}: breaks off ({getattr(error, 'strerror', None) or error})") from error
