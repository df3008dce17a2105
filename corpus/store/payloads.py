"""A document as the JSON that an item of a job keeps until it is read, and back."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from corpus.documents import Document

MAX_HOST = 300  # characters of a site's name in the table; more is no name


def payload_of(document: Document) -> dict[str, Any]:
    """Return the document without its id; a page must be in UTF-8."""
    return {
        "url": document.url,
        "html": document.html and document.html.decode(),
        "text": document.text,
        "published": document.published and document.published.isoformat(),
    }


def document_of(name: str, payload: Any) -> Document:  # noqa: ANN401  as the database gives it
    """Return the document that `payload_of` was of."""
    html, published = payload["html"], payload["published"]
    read = None
    if published is not None:
        read = (dt.datetime if "T" in published else dt.date).fromisoformat(published)
    return Document(name, payload["url"], html and html.encode(), payload["text"], read)


def host_of(document: Document) -> str | None:
    """Return the site that a document has to be fetched from; None where it is at hand."""
    if document.url is None or document.html is not None or document.text is not None:
        return None
    try:
        return urlsplit(document.url).netloc.lower()[:MAX_HOST] or None
    except ValueError:
        return None
