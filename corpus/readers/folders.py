"""A folder of saved pages and texts."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from corpus.documents import Document, Outcome
from corpus.readers.limits import MAX_BYTES
from corpus.readers.rows import checked, failure
from extractor.errors import InputError

_PAGES = (".html", ".htm", ".xhtml")
_TEXTS = (".txt",)


def read(folder: Path) -> Iterator[Document | Outcome]:
    """Yield a document for each page and text below the folder, in the order of their paths, which are the ids.

    Files with other endings are passed by, and links are not followed: they may lead out of the folder.
    """
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(root, name)
            kind = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
            if kind.lower() in (*_PAGES, *_TEXTS) and path.is_file() and not path.is_symlink():
                yield _document(path, path.relative_to(folder).as_posix(), page=kind.lower() in _PAGES)


def _document(path: Path, name: str, *, page: bool) -> Document | Outcome:
    name = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = checked(file.read(MAX_BYTES + 1))
        if page:
            return Document(name, html=data)
        return Document(name, text=data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return failure(name, name, InputError("it is not a text in UTF-8"))
    except (OSError, EOFError, zlib.error) as error:
        return failure(name, name, InputError(f"it cannot be read ({getattr(error, 'strerror', None) or error})"))
    except InputError as error:
        return failure(name, name, error)
