"""A row of named values, from whatever table, to a Document."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from importlib.resources import files

from corpus.documents import Document, Outcome
from corpus.readers.limits import MAX_NAME
from extractor.article import dates
from extractor.errors import InputError
from extractor.limits import MAX_BYTES

_HEADERS: dict[str, list[str]] = tomllib.loads(files("corpus.readers").joinpath("headers.toml").read_text("utf-8"))
_YEARS = range(1900, 2100)
# Halves of characters, which JSON can name and no encoding has.
_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a table holds what; None where the usual names decide (`headers.toml`)."""

    id: str | None = None
    url: str | None = None
    html: str | None = None
    title: str | None = None
    text: str | None = None
    published: str | None = None

    def named(self) -> dict[str, str]:
        """Return the columns that are known, by what they hold."""
        return {field.name: name for field in fields(self) if (name := getattr(self, field.name)) is not None}

    def found(self, names: Iterable[str]) -> Columns:
        """Return which of a table's columns hold what: the ones asked for, else those with a usual name."""
        folded = {name.strip().casefold(): name for name in reversed(list(names))}
        usual = {held: [folded[name] for name in known if name in folded] for held, known in _HEADERS.items()}
        return Columns(**{held: some[0] for held, some in usual.items() if some} | self.named())

    def among(self, names: Iterable[str]) -> Columns:
        """Return which of a table's columns hold what, as `found` does.

        Raises:
            InputError: a column that was asked for is not among them, or there is none to read.
        """
        have = [name for name in names if name.strip()]
        told = ", ".join(have)[:500] or "none"
        for asked in self.named().values():
            if asked not in have:
                raise InputError(f"there is no column {asked!r}; there are: {told}")
        chosen = self.found(have)
        if chosen.url is chosen.html is chosen.text is None:
            raise InputError(
                f"none of the columns ({told}) is known as one with addresses, pages or texts; "
                "name it by --url, --html or --text"
            )
        return chosen


def document_of(row: Mapping[str, object], columns: Columns, place: str) -> Document | Outcome:
    """Return the document of a row, or why there is none.

    A title goes before the text, as its first line. A day of publication that cannot be read is left out, not the
    document: the page or the text may say it too. Where the row has no id its address is the id, else its place.
    """
    cells = {held: row.get(name) for held, name in columns.named().items()}
    name = place
    try:
        url = _name(cells.get("url"), "address")
        name = _name(cells.get("id"), "id") or url or place
        return _document(cells, name, url)
    except InputError as error:
        return failure(name, place, error)


def _document(cells: Mapping[str, object], name: str, url: str | None) -> Document:
    published = day_of(cells.get("published"))
    if html := _text(cells.get("html"), "page"):
        return Document(name, url, html=checked(html.encode()), published=published)
    if text := _text(cells.get("text"), "text"):
        title = " ".join((_text(cells.get("title"), "title") or "").split())
        text = f"{title}\n\n{text}" if title else text
        checked(text.encode())
        return Document(name, url, text=text, published=published)
    if url is None:
        raise InputError("it has no address, page or text (other names of columns are told by --url, --html, --text)")
    return Document(name, url, published=published)


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
    digest = hashlib.sha256(place.encode("utf-8", "replace")).hexdigest()
    return Outcome(name, digest, code=error.code, reason=f"{place}: {error}")


def day_of(value: object) -> dt.date | dt.datetime | None:
    """Return the day or time of publication that a value says; None where it says none that can be.

    ISO 8601, and what Indonesian and English pages print. A time without a zone is WIB; midnight without one is what
    programs write for a day.
    """
    found: dt.date | dt.datetime | None
    if isinstance(value, dt.date):
        found = value
    else:
        text = str(value).strip() if isinstance(value, str | int) else ""
        found = _iso(text) or dates.parse(text)
    if found is None or found.year not in _YEARS:
        return None
    if isinstance(found, dt.datetime) and found.tzinfo is None:
        return found.replace(tzinfo=dates.WIB) if found.time() != dt.time() else found.date()
    return found


def _iso(text: str) -> dt.date | dt.datetime | None:
    for read in (dt.date.fromisoformat, dt.datetime.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    return None


def _name(value: object, what: str) -> str | None:
    name = _text(value, what)
    if name is not None and len(name) > MAX_NAME:
        raise InputError(f"its {what} is longer than {MAX_NAME} characters")
    return name


def _text(value: object, what: str) -> str | None:
    """Return a value as text, None where there is nothing: an empty cell, a missing one, a blank, not a number."""
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124  not a number, of which no two are alike
        return None
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # what tables of numbers make of an id where one is missing
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InputError(f"its {what} is not a text")
    # Neither stands for anything in a text, and no database takes them.
    return _HALVES.sub("\ufffd", str(value).replace("\0", "")).strip() or None
