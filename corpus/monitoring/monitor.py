"""A round over the sources: what is new is fetched, read and saved.

The store is the only memory. An article is remembered as waiting when it is found, and as read after its record was
saved; so a round that is killed leaves nothing behind but articles that wait, and the next one goes on with them. Each
site is asked by one thread, in turn; different sites are asked at the same time.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TypeVar
from urllib.parse import urlsplit

from corpus.documents import Document
from corpus.monitoring.discover import Discovery, discover
from corpus.monitoring.entries import LONGEST_URL, Entry, tidy
from corpus.monitoring.gate import promising
from corpus.monitoring.memory import Waiting, note, postpone, remember, settle, waiting
from corpus.monitoring.report import Failure, Report, SourceResult, new_article
from corpus.monitoring.sources import Source
from corpus.reading import read, reader_of
from corpus.store import Store
from corpus.store.store import RunState
from extractor import Pipeline
from extractor.article.worker import SafeReader
from extractor.errors import PembinaanError
from extractor.fetching import Policy, check_url

THREADS = 8
MOST_NEW = 200  # articles that one source may add in one round; what is left out is found again in the next
_GIVE_UP = 3  # failures in a row after which a site is left alone until the next round
# What will not be otherwise tomorrow. All else (no answer, 5xx, a busy site, robots.txt out of reach) is tried again.
_FOR_GOOD = frozenset({"blocked", "input", "not_html", "read_limit", "too_large"})

_T = TypeVar("_T")


@dataclass
class _Round:
    """What the threads of one round share; `saving` is held while the store or the report is written to."""

    store: Store
    pipeline: Pipeline
    policy: Policy
    pages: SafeReader
    report: Report
    run: int
    saving: threading.Lock = field(default_factory=threading.Lock)
    stop: threading.Event = field(default_factory=threading.Event)
    positions: count[int] = field(default_factory=count)

    def look(self, sources: Sequence[Source]) -> None:
        """Look at the sources of one site, in turn."""
        for source in sources:
            if self.stop.is_set():
                return
            try:
                found = discover(source, self.policy, self.pages, self.report.since, self.stop.is_set)
            except PembinaanError as error:
                told = f"{error.code}: {error}"
                with self.saving:
                    failing = note(self.store, source.name, told)
                    self.report.sources.append(SourceResult(source.name, error=told, failing=failing))
                continue
            with self.saving:
                self._remember(source, found)

    def _remember(self, source: Source, found: Discovery) -> None:
        good: dict[str, Entry] = {}
        for entry in found.entries:
            if promising(entry, prisons=source.prisons) and (url := self._allowed(entry.url)):
                good.setdefault(url, entry)
        seen = self.store.seen(list(good))
        unseen = [replace(entry, url=url) for url, entry in good.items() if url not in seen]
        new = sorted(unseen, key=_newest_first)[:MOST_NEW]
        note(self.store, source.name)
        remember(self.store, source.name, new)
        self.report.sources.append(
            SourceResult(
                source.name,
                listed=len(found.entries),
                promising=len(good),
                new=len(new),
                problems=tuple(found.problems),
            )
        )

    def _allowed(self, url: str) -> str | None:
        try:
            allowed = check_url(tidy(url), self.policy)
        except PembinaanError:
            return None
        return allowed if len(allowed) <= LONGEST_URL else None

    def read(self, articles: Sequence[Waiting]) -> None:
        """Read the articles of one site, in turn; a site that fails several times in a row is left alone."""
        # Pages of articles are asked for once; only of lists a copy is kept.
        policy = replace(self.policy, cache_dir=None)
        failures = 0
        for article in articles:
            if self.stop.is_set() or failures >= _GIVE_UP:
                return
            document = Document(article.url, url=article.url)
            outcome = next(read([document], self.pipeline, policy, self.pages.read_html))
            with self.saving:
                self.store.save(self.run, [(next(self.positions), outcome)], reader_of(self.pipeline))
                if outcome.record is None:
                    code, reason = outcome.code or "error", outcome.reason or ""
                    again = postpone(self.store, article, for_good=code in _FOR_GOOD)
                    failures = failures + 1 if code not in _FOR_GOOD else 0
                    self.report.failures.append(
                        Failure(article.url, article.title, article.source, code, reason, again=again)
                    )
                    continue
                failures = 0
                settle(self.store, article)
                if outcome.record.programs:
                    self.report.articles.append(new_article(article.url, article.title, article.source, outcome.record))
                else:
                    self.report.without_programs += 1


def monitor(  # noqa: PLR0913  what a round takes
    sources: Sequence[Source],
    store: Store,
    pipeline: Pipeline,
    pages: SafeReader,
    policy: Policy | None = None,
    *,
    since: dt.date | None = None,
) -> Report:
    """Fetch, read and save what the sources list that is new; return what was found.

    A source or an article that fails never ends the round; it is named in the report. Only one round may be under way
    on one store (`lock.alone`).

    Args:
        sources: where to look.
        store: where articles, records and what was seen are kept.
        pipeline: what reads the articles.
        pages: parses pages and lists, where it can be killed.
        policy: what may be fetched; with a cache folder, sources are asked only for what changed.
        since: articles that are known to be older are left out.

    Raises:
        StoreError: the store cannot be written; what was saved stays.
    """
    chosen = policy or Policy()
    report = Report(since, dt.datetime.now(dt.UTC))
    run = store.begin_run("monitor", f"{len(sources)} sources", reader_of(pipeline))
    state: RunState = "failed"
    try:
        work = _Round(store, pipeline, chosen, pages, report, run)
        _by_site(sources, lambda source: source.url, work.look, work.stop)
        _by_site(waiting(store), lambda article: article.url, work.read, work.stop)
        state = "done"
    finally:
        store.end_run(run, state)
    report.waiting = len(waiting(store))
    report.ended_at = dt.datetime.now(dt.UTC)
    order = {source.name: place for place, source in enumerate(sources)}
    report.sources.sort(key=lambda result: order[result.name])
    return report


def _by_site(
    items: Iterable[_T], url: Callable[[_T], str], work: Callable[[Sequence[_T]], None], stop: threading.Event
) -> None:
    """Do `work` with the items of each host, different hosts at the same time."""
    hosts: dict[str, list[_T]] = {}
    for item in items:
        hosts.setdefault(urlsplit(url(item)).netloc, []).append(item)
    with ThreadPoolExecutor(THREADS) as pool:
        try:
            for done in as_completed([pool.submit(work, group) for group in hosts.values()]):
                done.result()
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _newest_first(entry: Entry) -> int:
    return -(entry.day or dt.date.max).toordinal()
