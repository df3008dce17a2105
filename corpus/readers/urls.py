"""A list of addresses, one a line; what follows a # at the start of a line is a comment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from corpus.documents import Document, Outcome
from corpus.readers.limits import lines
from corpus.readers.rows import failure
from extractor.errors import InputError, shorten

_MAX_URL = 8192


def read(stream: BinaryIO, label: str) -> Iterator[Document | Outcome]:
    """Yield a document for each address; whether it may be fetched is for the fetcher to say."""
    for number, line in lines(stream):
        place = f"{label}:{number}"
        address = (line or b"").decode("utf-8-sig", "replace").strip()
        if line is None or len(address) > _MAX_URL:
            yield failure(place, place, InputError("the line is too long for an address"))
        elif not address.startswith("#"):
            if address.startswith(("http://", "https://")):
                yield Document(address, url=address)
            else:
                why = f"{shorten(address)!r} is not an address (one begins with https:// or http://)"
                yield failure(shorten(address), place, InputError(why))
