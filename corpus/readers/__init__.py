"""An input of any kind to its documents, one after another, in flat memory."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal, cast

from corpus.documents import Document, Outcome
from corpus.readers import folders, jsonl, streams, tables, urls, warc
from corpus.readers.rows import Columns
from extractor.errors import InputError, shorten

__all__ = ["Columns", "read_documents"]

Kind = Literal["jsonl", "csv", "parquet", "urls", "warc"]

_ENDINGS: dict[str, Kind] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".parquet": "parquet", ".pq": "parquet",
    ".txt": "urls", ".urls": "urls", ".warc": "warc",
}  # fmt: skip


def read_documents(source: str, columns: Columns | None = None) -> Iterator[Document | Outcome]:
    """Return an iterator over the documents of an input, and over the outcome of whatever in it is none.

    Inputs are JSON Lines, CSV, TSV, Parquet, lists of addresses, folders of pages and texts, and WARC; all but folders
    and Parquet may be packed by gzip or stand on standard input. The name's ending says which, else the first bytes.
    A document is called by the id that the input gives it, else by its address, else by the name of the file and the
    number of its line, row or record, or its path below the folder.

    Args:
        source: a path, or - for standard input.
        columns: which column holds what, where the usual names do not fit.

    Raises:
        InputError: there is no such input, or not one document can be made of it; from the iterator, where the input
            breaks off.
    """
    label = "stdin" if source == "-" else shorten(Path(source).name or source)
    documents = _told(_documents(source, label, columns or Columns()), label)
    first = next(documents, None)
    if first is None:
        raise InputError(f"{label}: there is no document in it")
    return _begun(first, documents)


def _begun(first: Document | Outcome, others: Iterator[Document | Outcome]) -> Iterator[Document | Outcome]:
    yield first
    yield from others


def _told(documents: Iterator[Document | Outcome], label: str) -> Iterator[Document | Outcome]:
    """Yield the documents; what breaks the stream itself is told as one error."""
    try:
        yield from documents
    except OSError as error:
        raise InputError(f"{label}: breaks off ({getattr(error, 'strerror', None) or error})") from error


def _documents(source: str, label: str, columns: Columns) -> Iterator[Document | Outcome]:
    if source == "-":
        yield from _of_file(cast("BinaryIO", sys.stdin.buffer), "", label, columns)
        return
    if Path(source).is_dir():
        yield from folders.read(Path(source))
        return
    try:
        file = Path(source).open("rb")  # noqa: SIM115  closed below
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a file name"
        raise InputError(f"{shorten(source)}: cannot be read ({why})") from error
    with file:
        yield from _of_file(file, source, label, columns)


def _of_file(file: BinaryIO, name: str, label: str, columns: Columns) -> Iterator[Document | Outcome]:
    head, stream = streams.looked_at(file)
    packed = head.startswith(streams.GZIP)
    kind = _ENDINGS.get(Path(name.lower().removesuffix(".gz")).suffix)
    if packed:
        stream = io.BufferedReader(streams.Members(stream))
        if kind is None:
            head, stream = streams.looked_at(stream)
    if not head.strip():
        raise InputError(f"{label}: is empty")
    kind = kind or _kind(head)
    if kind == "jsonl":
        yield from jsonl.read(stream, label, columns)
    elif kind == "csv":
        yield from tables.read_csv(stream, label, columns)
    elif kind == "urls":
        yield from urls.read(stream, label)
    elif kind == "warc":
        yield from warc.read(cast("BinaryIO", stream.raw), label)  # unbuffered: damage would take what stands before it
    elif kind == "parquet" and (packed or not file.seekable()):
        raise InputError(f"{label}: Parquet is read from a file alone, neither packed by gzip nor from a pipe")
    elif kind == "parquet":
        file.seek(0)
        yield from tables.read_parquet(file, label, columns)
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
    first = next((line for line in head.removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip()), b"").strip()
    if first.startswith(b"{"):
        return "jsonl"
    if first.startswith((b"http://", b"https://", b"#")):
        return "urls"
    return "csv" if tables.is_header(first.decode("utf-8", "replace")) else None
