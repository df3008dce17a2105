"""The layouts of known outlets and themes: one small TOML file each, read once.

A file holds `name`, `hosts` (with their subdomains; none for a theme that many outlets use) and one or
more `[[layout]]`, each with `body`, and if it helps `title`, `published`, `author`, `remove` and `until`,
the day after which pages of that layout are no longer made. Selectors are `.class`, `#id` or
`[itemprop=name]`. `[pages]` says how the whole of an article that is split over pages is asked for.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import datetime as dt

    from extractor.article.blocks import Index


@dataclass(frozen=True, slots=True)
class Layout:
    """Where one version of an outlet's pages keeps what."""

    publisher: str | None
    body: tuple[str, ...]
    title: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Publisher:
    """One outlet or theme: its hosts, its layouts from new to old, and how all pages are asked for."""

    key: str
    name: str | None
    hosts: tuple[str, ...]
    layouts: tuple[Layout, ...]
    all_query: tuple[str, str] | None
    all_path: str | None


@cache
def all_publishers() -> tuple[Publisher, ...]:
    """Return every publisher file, sorted by name."""
    folder = files("extractor.article.publishers")
    found = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(
        _publisher(name.removesuffix(".toml"), tomllib.loads((folder / name).read_text("utf-8"))) for name in found
    )


def of_host(url: str | None) -> Publisher | None:
    """Return the publisher whose host, or a subdomain of it, `url` points to."""
    try:
        host = (urlsplit(url).hostname or "") if url else ""
    except ValueError:
        return None
    fitting = ((len(name), publisher) for publisher in all_publishers() for name in publisher.hosts
               if host == name or host.endswith(f".{name}"))  # fmt: skip
    return max(fitting, key=lambda pair: pair[0], default=(0, None))[1]


def layout_of(url: str | None, index: Index) -> Layout | None:
    """Return the first layout whose body selector the page has: of its outlet, else of a known theme."""
    outlet = of_host(url)
    themes = [publisher for publisher in all_publishers() if not publisher.hosts]
    for publisher in (*([outlet] if outlet else []), *themes):
        for layout in publisher.layouts:
            if index.first(layout.body) is not None:
                return layout
    return None


def _publisher(key: str, data: dict[str, Any]) -> Publisher:
    pages = data.get("pages", {})
    query = pages.get("query")
    name = data.get("name") if data.get("hosts") else None
    return Publisher(
        key=key,
        name=name,
        hosts=tuple(data.get("hosts", ())),
        layouts=tuple(_layout(name, layout) for layout in data["layout"]),
        all_query=(query[0], query[1]) if query else None,
        all_path=pages.get("path"),
    )


def _layout(name: str | None, data: dict[str, Any]) -> Layout:
    selectors = {key: tuple(value) for key, value in data.items() if key != "until"}
    return Layout(publisher=name, until=data.get("until"), **selectors)
