"""Pages kept on disk, to be asked for anew only where they changed (RFC 9111, revalidation)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.fetching.policy import Page

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Kept:
    """A page and what its site gave to ask about it later."""

    page: Page
    etag: str
    last_modified: str

    def conditions(self) -> dict[str, str]:
        """Return the request headers that ask for the page only if it changed."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value and value.isascii()}


def load(folder: Path, url: str) -> Kept | None:
    """Return what is kept of `url`, None where nothing is or the file is damaged."""
    try:
        head, _, body = _path(folder, url).read_bytes().partition(b"\n")
        data = json.loads(head)
        if data.pop("url") != url or data.pop("sha256") != hashlib.sha256(body).hexdigest():
            return None
        etag, last_modified = data.pop("etag"), data.pop("last_modified")
        data["fetched_at"] = dt.datetime.fromisoformat(data["fetched_at"])
        return Kept(Page(url=url, final_url=url, body=body, **data), etag, last_modified)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def save(folder: Path, kept: Kept) -> None:
    """Keep a page under its final URL; one that its site cannot be asked about later is not kept.

    Raises:
        OSError: the folder cannot be written to.
    """
    if not kept.conditions():
        return
    page = kept.page
    head = {
        "url": page.final_url,
        "sha256": hashlib.sha256(page.body).hexdigest(),
        "etag": kept.etag,
        "last_modified": kept.last_modified,
        "status": page.status,
        "content_type": page.content_type,
        "charset": page.charset,
        "fetched_at": page.fetched_at.isoformat(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    # Written beside and moved: a reader in another process sees the old file or the new one.
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        file.write(json.dumps(head).encode() + b"\n" + page.body)
    os.replace(file.name, _path(folder, page.final_url))  # noqa: PTH105  file.name is a string


def _path(folder: Path, url: str) -> Path:
    return folder / hashlib.sha256(url.encode()).hexdigest()
