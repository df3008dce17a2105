"""A source to the articles that it lists now."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from corpus.monitoring.entries import Entry
from corpus.monitoring.feeds import Feed, read_feed
from corpus.monitoring.listing import read_links
from corpus.monitoring.sources import Source
from corpus.sites import same_site
from extractor.article.worker import SafeReader
from extractor.errors import PembinaanError
from extractor.fetching import Accept, Policy, fetch

MOST_SITEMAPS = 30  # that are fetched of one source in one run, the last changed first
DEEPEST = 2  # a list of sitemaps may hold another; sitemaps.org allows not even that
_NO_ARTICLES = re.compile(
    r"image|gambar|foto|photo|video|\btags?\b|categor|kategori|author|penulis|topi[ck]", re.IGNORECASE
)


@dataclass
class Discovery:
    """What a source lists, and what of it could not be read though the rest could."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def discover(
    source: Source,
    policy: Policy,
    reader: SafeReader,
    since: dt.date | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Discovery:
    """Return what the source lists now, older articles than `since` left out where their day is known.

    Args:
        source: what to look at.
        policy: what may be fetched.
        reader: parses what came, where it can be killed.
        since: the first day that is of interest.
        stopped: tells that no further page is to be fetched.

    Raises:
        FetchError: the source may not or could not be fetched; the type says why.
        InputError: what came is not what the source is said to be.
    """
    if source.kind == "page":
        page = fetch(source.url, policy)
        found = Discovery(list(reader.call(read_links, page.body, page.charset, page.final_url, source.links)))
    else:
        found = _follow(source.url, policy, reader, since, stopped)
    found.entries = [entry for entry in found.entries if _recent(entry, since)]
    return found


def _follow(
    start: str, policy: Policy, reader: SafeReader, since: dt.date | None, stopped: Callable[[], bool]
) -> Discovery:
    found = Discovery()
    seen = {start}
    level = [start]
    for _ in range(DEEPEST + 1):
        below: list[Entry] = []
        for url in level:
            if stopped():
                return found
            try:
                feed = _read(url, policy, reader)
            except PembinaanError as error:
                if url == start:
                    raise
                found.problems.append(str(error))
                continue
            found.entries += feed.entries
            below += feed.sitemaps
        level = []
        for entry in sorted(below, key=_newest_first):
            wanted = same_site(entry.url, start) and not _NO_ARTICLES.search(entry.url) and _recent(entry, since)
            if wanted and entry.url not in seen and len(seen) < MOST_SITEMAPS:
                seen.add(entry.url)
                level.append(entry.url)
    return found


def _read(url: str, policy: Policy, reader: SafeReader) -> Feed:
    page = fetch(url, policy, accept=Accept.FEED)
    return reader.call(read_feed, page.body, page.charset, page.final_url)


def _recent(entry: Entry, since: dt.date | None) -> bool:
    return since is None or entry.day is None or entry.day >= since


def _newest_first(entry: Entry) -> int:
    return -(entry.day or dt.date.min).toordinal()
