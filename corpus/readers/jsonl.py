"""JSON Lines: an object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from corpus.documents import Document, Outcome
from corpus.readers.limits import MAX_LINE, MAX_VALUES, lines
from corpus.readers.rows import Columns, document_of, failure
from extractor.errors import InputError

_KEYS = {name: name for name in ("id", "url", "html", "title", "text", "published")}


def read(stream: BinaryIO, label: str, columns: Columns) -> Iterator[Document | Outcome]:
    """Yield the document of each line, or why there is none.

    The keys are id, url (or source_url, as in annotated articles), html, title, text and published, or those that
    `columns` names; others are left alone.
    """
    usual = Columns(**(_KEYS | columns.named()))
    annotated = Columns(**(_KEYS | {"url": "source_url"} | columns.named()))
    for number, line in lines(stream):
        place = f"{label}:{number}"
        try:
            row = _object(line)
        except InputError as error:
            yield failure(place, place, error)
        else:
            yield document_of(row, usual if "url" in row else annotated, place)


def _object(line: bytes | None) -> dict[str, object]:
    if line is None:
        raise InputError(f"the line is longer than {MAX_LINE // 2**20} MiB")
    if sum(line.count(mark) for mark in b"[{,") > MAX_VALUES:
        raise InputError(f"the line has more than {MAX_VALUES:,} values")
    try:
        row = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        raise InputError("the line is not JSON (was the file cut off?)") from error
    if not isinstance(row, dict):
        raise InputError("the line is not a JSON object")
    return row
