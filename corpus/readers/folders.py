"""A folder of saved pages and texts."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from corpus.documents import Document, Outcome
from corpus.readers.rows import checked, failure
from extractor.errors import InputError
from extractor.limits import MAX_BYTES

_PAGES = (".html", ".htm", ".xhtml")
_TEXTS = (".txt",)
_PARTS = "_files"  # where a browser that saves x.html puts its pictures and frames: x_files


def read(folder: Path) -> Iterator[Document | Outcome]:
    """Yield a document for each page and text below the folder; the path below it is the id.

    Folder by folder, in the order of their names, so that the order is always the same. Files with other endings,
    hidden ones and the parts of saved pages are passed by, and links are not followed: they may lead out of the folder.
    """
    unread: list[OSError] = []
    for root, folders, names in os.walk(folder, onerror=unread.append):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not _is_parts(name, names))
        for name in sorted(names):
            path = Path(root, name)
            kind = Path(name.lower().removesuffix(".gz")).suffix
            if kind in (*_PAGES, *_TEXTS) and name[0] != "." and path.is_file() and not path.is_symlink():
                yield _document(path, _printable(path.relative_to(folder).as_posix()), page=kind in _PAGES)
    for error in unread:
        place = _printable(os.path.relpath(str(error.filename), folder))
        yield failure(place, place, InputError(f"the folder cannot be read ({error.strerror})"))


def _is_parts(name: str, beside: list[str]) -> bool:
    return name.endswith(_PARTS) and any(name.removesuffix(_PARTS) + ending in beside for ending in _PAGES)


def _document(path: Path, name: str, *, page: bool) -> Document | Outcome:
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            data = checked(file.read(MAX_BYTES + 1))
        return Document(name, html=data) if page else Document(name, text=_text(data))
    except (OSError, EOFError, zlib.error) as error:
        return failure(name, name, InputError(f"it cannot be read ({getattr(error, 'strerror', None) or error})"))
    except InputError as error:
        return failure(name, name, error)


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("it is not a text in UTF-8") from error
    if "\0" in text:
        raise InputError("it is a binary file, not a text")
    return text


def _printable(path: str) -> str:
    """Return a path whose bytes may be no UTF-8 as text that can be written anywhere."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
