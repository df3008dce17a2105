"""One document to its outcome, for a caller who waits or for a job."""

from __future__ import annotations

import asyncio
import contextlib
import os
from typing import TYPE_CHECKING, NamedTuple, Self

import structlog

from corpus.documents import Document, Outcome
from corpus.engines.worker import Setup, Task
from corpus.reading import failed, reader_of
from extractor.article.worker import SafeReader
from extractor.errors import PembinaanError
from service.problems import ProblemError
from service.reading.batcher import Batcher
from service.reading.pages import Pages

if TYPE_CHECKING:
    from extractor.fetching import Policy
    from service.metrics import Metrics
    from service.settings import Settings

logger = structlog.get_logger()

_NICENESS = 5  # whoever is refused or asks for something small does not wait behind the model
_FIRST = Document("first", text="Lapas Ngawi Gelar Pelatihan\n\nWarga binaan belajar menjahit, Senin (1/1/2024).")


class Versions(NamedTuple):
    """What reads; `model_version` is None where the rules read alone."""

    version: str
    model_version: str | None

    @property
    def reader(self) -> str:
        """The name under which the store keeps what it reads."""
        return reader_of(self)


class Reading:
    """Pages and processes behind one door. Made and used in the event loop.

    Args:
        settings: how many there are of everything.
        metrics: where readings are counted.
        policy: which addresses may be fetched; None allows public ones only.
    """

    def __init__(self, settings: Settings, metrics: Metrics, policy: Policy | None = None) -> None:
        threads = max(1, len(os.sched_getaffinity(0)) // settings.workers)
        limit = settings.deadline
        setup = Setup(
            None, settings.tagger, threads, processor_seconds=1 + int(limit), seconds=3 * limit, niceness=_NICENESS
        )
        self._batcher = Batcher(setup, settings.workers, settings.queue, settings.batch_tokens, metrics)
        # A page is a stranger's: it is parsed in a process that can be killed at its limits.
        self._safe_reader = SafeReader(settings.workers, settings.page_seconds)
        self._pages = Pages(settings.fetchers, settings.queue, self._safe_reader, policy)
        self._deadline = settings.deadline
        self._job_pages = asyncio.Semaphore(max(1, settings.fetchers // 2))
        self._metrics = metrics
        metrics.watch("pembinaan_queue_waiting", "Articles that wait for a process.", lambda: self._batcher.waiting)
        metrics.watch("pembinaan_pages_taken", "Pages that wait or are at work.", lambda: self._pages.taken)
        metrics.watch("pembinaan_ready", "Whether articles can be read.", lambda: self.versions is not None)
        self.versions: Versions | None = None

    async def start(self) -> Self:
        """Start what reads, warm; `versions` tell that it is done.

        Raises:
            PembinaanError: it cannot start: there is no such tagger, or no memory.
        """
        page = asyncio.to_thread(self._safe_reader.read_html, "<p>The first page starts a process.</p>")
        first, _ = await asyncio.gather(self._batcher.start(Task(0, _FIRST)), page)
        if first.record is None:
            raise PembinaanError(f"the first article could not be read: {first.reason}")
        self.versions = Versions(first.record.pipeline_version, first.record.model_version)
        return self

    async def close(self) -> None:
        """End everything; who still waits is refused."""
        await asyncio.gather(self._batcher.close(), self._pages.close())

    async def read(self, document: Document, seconds: float | None = None) -> Outcome:
        """Return what came of a document, for a caller who waits; being cancelled leaves what has not begun undone.

        Raises:
            ProblemError: what reads is being loaded or every place is taken (503), or the time has passed (504).
        """
        self.check_ready()
        limit = min(seconds or self._deadline, self._deadline)
        if document.text is None:
            self._pages.check()
        else:
            self._batcher.check()
        try:
            async with asyncio.timeout(limit):
                return await self._outcome(document, limit)
        except TimeoutError as error:
            raise ProblemError(504, "deadline", f"The article was not read within {limit:g} s.") from error

    async def read_for_job(self, document: Document) -> Outcome:
        """Return what came of a job's document, once it has had its turn; callers who wait go first, for a while.

        However many are asked for together, jobs take half of the threads for pages and a few places in the queue.

        Raises:
            ProblemError: what reads is being loaded or stops (503).
        """
        self.check_ready()
        try:
            return await self._outcome(document, self._deadline, job=True)
        except ProblemError:
            raise
        except Exception as error:  # noqa: BLE001  one page must not end a job of ten thousand
            return failed(document, PembinaanError(f"it could not be read ({type(error).__name__})"))

    def check_ready(self) -> Versions:
        """Return the versions of what reads.

        Raises:
            ProblemError: it is being loaded (503).
        """
        if self.versions is None:
            raise ProblemError(503, "not_ready", "The pipeline is being loaded; try again soon.", retry_after=2)
        return self.versions

    async def _outcome(self, document: Document, seconds: float, *, job: bool = False) -> Outcome:
        task = Task(0, document)
        try:
            if document.text is None:
                async with self._job_pages if job else contextlib.nullcontext():
                    task = task._replace(found=await self._pages.article(document, seconds))
            outcome = await self._batcher.read(task, job=job)
        except PembinaanError as error:
            outcome = failed(document, error)
        if outcome.code == PembinaanError.code:  # unforeseen; the message behind the type may quote the article
            logger.error("unread", reason=(outcome.reason or "").partition(":")[0])
        self._metrics.reading(outcome.record.status if outcome.record else outcome.code or "error")
        return outcome
