"""Pages to articles: fetched politely and parsed in processes that can be killed, by threads that may wait."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.reading import article_of
from extractor.article.worker import SafeReader
from extractor.fetching import Policy
from service.problems import ProblemError

if TYPE_CHECKING:
    from corpus.documents import Document
    from extractor.article import Article


class Pages:
    """Threads that fetch and parse. A page that its caller gave up keeps its place until its thread is free again.

    Args:
        threads: how many pages are fetched or parsed at the same time.
        places: how many more callers' pages may wait.
        reader: what parses a page.
        policy: what may be fetched; None allows public addresses only.
    """

    def __init__(self, threads: int, places: int, reader: SafeReader, policy: Policy | None) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._places = threads + places
        self._reader = reader
        self._policy = policy or Policy()
        self.taken = 0  # places of pages that wait or are at work

    def check(self) -> None:
        """Refuse a caller for whose page there is no place.

        Raises:
            ProblemError: every place is taken (503).
        """
        if self.taken >= self._places:
            raise ProblemError(503, "busy", "Too many pages are being fetched; try again soon.", retry_after=5)

    async def article(self, document: Document, seconds: float) -> Article:
        """Return a document's article; one that is cancelled before its turn is not fetched.

        Args:
            document: a page, or the address of one.
            seconds: how long its fetching may take.

        Raises:
            FetchError: it may not or could not be fetched.
            InputError: there is nothing to read in it, or it ran over the reader's limits.
        """
        loop = asyncio.get_running_loop()
        policy = replace(self._policy, deadline=min(seconds, self._policy.deadline))
        self.taken += 1
        future = self._threads.submit(article_of, document, policy, self._reader.read_html)

        def done(_: Future[Article]) -> None:
            # The loop may have ended while the last page was on its way.
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._free)

        future.add_done_callback(done)
        return await asyncio.wrap_future(future)

    async def close(self) -> None:
        """Take no more pages and drop those that wait."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._reader.close)

    def _free(self) -> None:
        self.taken -= 1
