"""What an article is, however it came in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from extractor.schema import Status


@dataclass(frozen=True, slots=True)
class Article:
    """Title and body of one news article with its metadata.

    `text` holds the body's paragraphs in order, parted by a blank line; `published` is a date-time with
    zone where the page gave one, else a day. `status` is "ok" unless the page is not a readable article.
    """

    title: str
    text: str
    url: str | None = None
    canonical_url: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: dt.datetime | dt.date | None = None
    language: str | None = None
    status: Status = "ok"
    truncated: bool = False
