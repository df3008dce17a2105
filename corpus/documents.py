"""One input of a corpus, and what came of it."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from extractor.schema import ArticleRecord


@dataclass(frozen=True, slots=True)
class Document:
    """One article as it came in: a page, else a text, else the address of one to fetch.

    Attributes:
        id: how the input names it; its address, path or line number where the input has no ids.
        url: where the page or text came from, or what to fetch where neither is given.
        html: the page, as bytes.
        text: the text, its title on the first line.
        published: the day of publication, where the input knows it.
    """

    id: str
    url: str | None = None
    html: bytes | None = None
    text: str | None = None
    published: dt.date | dt.datetime | None = None

    @property
    def digest(self) -> str:
        """SHA-256 over all that the record depends on, in hexadecimal; the id is not part of it."""
        parts = (self.url, self.html, self.text, self.published and self.published.isoformat())
        whole = hashlib.sha256()
        for part in parts:
            data = part if isinstance(part, bytes) else (part or "").encode("utf-8", "surrogatepass")
            whole.update(b"%d:" % len(data) if part is not None else b"-")
            whole.update(data)
        return whole.hexdigest()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a document: its record, or why there is none.

    `code` is that of a `PembinaanError`, `reason` its message for a person.
    """

    id: str
    digest: str
    record: ArticleRecord | None = None
    code: str | None = None
    reason: str | None = None
