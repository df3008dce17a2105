"""What an article is, however it came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from extractor.schema import Status


@dataclass(frozen=True, slots=True)
class Article:
    """Title and body of one news article with its metadata.

    `text` holds the body's paragraphs in order, parted by a blank line; `published` and `modified` are
    date-times with zone where the page gave one, else days. `status` is "ok" unless the page is not a
    readable article; `text` then holds what was there. `truncated` says that the page was cut at a limit.
    `pages` has the addresses of the article's further pages, as the page claims them.
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
    editor: str | None = None
    modified: dt.datetime | dt.date | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    pages: tuple[str, ...] = ()
