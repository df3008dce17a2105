"""A list of addresses, one a line; a line that begins with # is a comment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from corpus.documents import Document, Outcome
from corpus.readers.limits import MAX_NAME, lines
from corpus.readers.rows import failure
from extractor.errors import InputError, shorten


def read(stream: BinaryIO, label: str) -> Iterator[Document | Outcome]:
    """Yield a document for each address; whether it may be fetched is for the fetcher to say."""
    for number, line in lines(stream):
        place = f"{label}:{number}"
        address = (line or b"").decode("utf-8-sig", "replace").replace("\0", "").strip()
        if line is None or len(address) > MAX_NAME:
            yield failure(place, place, InputError(f"the line is longer than the {MAX_NAME} characters of an address"))
        elif address.lower().startswith(("http://", "https://")):
            yield Document(address, url=address)
        elif address and not address.startswith("#"):
            why = f"{shorten(address)!r} is not an address (one begins with https:// or http://)"
            yield failure(shorten(address), place, InputError(why))
