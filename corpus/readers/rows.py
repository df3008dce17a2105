"""A row of named values, from whatever table, to a Document."""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Any

from corpus.documents import Document, Outcome
from corpus.readers.limits import MAX_BYTES
from extractor.article import dates
from extractor.errors import InputError

_HEADERS: dict[str, list[str]] = tomllib.loads(files("corpus.readers").joinpath("headers.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a table holds what; None where the usual names decide (`headers.toml`)."""

    id: str | None = None
    url: str | None = None
    html: str | None = None
    title: str | None = None
    text: str | None = None
    published: str | None = None

    def among(self, names: Iterable[str]) -> Columns:
        """Return the columns of a table with these names, each where there is one.

        Raises:
            InputError: a column that was asked for is not among them, or there is none to read.
        """
        have = [name for name in names if name]
        folded = {name.strip().casefold(): name for name in reversed(have)}
        found: dict[str, str | None] = {}
        for field in fields(self):
            asked = getattr(self, field.name)
            if asked is not None and asked not in have:
                raise InputError(f"there is no column {asked!r}; there are: {', '.join(have) or 'none'}")
            usual = (folded[name] for name in _HEADERS[field.name] if name in folded)
            found[field.name] = asked or next(usual, None)
        if not any(found[name] for name in ("url", "html", "text")):
            raise InputError(
                f"none of the columns ({', '.join(have) or 'none'}) is known as one with addresses, pages or texts; "
                "name it by --url, --html or --text"
            )
        return Columns(**found)


def document_of(row: Mapping[str, Any], columns: Columns, place: str) -> Document | Outcome:
    """Return the document of a row, or why there is none.

    A title goes before the text, as its first line. A day of publication that cannot be read is left out, not the
    document: the page may say it too. Where the row has no id its address is the id, else its place in the input.
    """
    cells = {f.name: row.get(name) if (name := getattr(columns, f.name)) else None for f in fields(columns)}
    name = place
    try:
        name = _text(cells["id"], "id") or _text(cells["url"], "address") or place
        return _document(cells, name)
    except InputError as error:
        return failure(name, place, error)


def _document(cells: Mapping[str, Any], name: str) -> Document:
    url, html, text = _text(cells["url"], "address"), _text(cells["html"], "page"), _text(cells["text"], "text")
    if not (url or html or text):
        raise InputError("the row has no address, page or text")
    published = _published(cells["published"])
    if html:
        return Document(name, url, html=checked(html.encode("utf-8", "surrogatepass")), published=published)
    if text:
        title = _text(cells["title"], "title")
        text = f"{title}\n\n{text}" if title else text
        checked(text.encode("utf-8", "surrogatepass"))
    return Document(name, url, text=text, published=published)


def checked(data: bytes) -> bytes:
    """Return the bytes of a page or text.

    Raises:
        InputError: they are more than one document may have.
    """
    if len(data) > MAX_BYTES:
        raise InputError(f"it is larger than {MAX_BYTES // 2**20} MiB")
    return data


def failure(name: str, place: str, error: InputError) -> Outcome:
    """Return what a place of the input that holds no document comes to; its digest is of the place alone."""
    digest = hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()
    return Outcome(name, digest, code=error.code, reason=f"{place}: {error}")


def _text(value: object, what: str) -> str | None:
    """Return a value as text, None where there is nothing: an empty cell, a missing one, a blank."""
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124  not a number
        return None
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InputError(f"its {what} is not a text")
    return str(value).strip() or None


def _published(value: object) -> dt.date | dt.datetime | None:
    if isinstance(value, dt.date):
        return value
    text = str(value).strip() if isinstance(value, str | int) else ""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return dates.parse(text) if text else None
    return found if ":" in text else found.date()
