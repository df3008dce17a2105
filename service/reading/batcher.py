"""The one queue of articles that wait to be read, and the processes that read them."""

from __future__ import annotations

import asyncio
import bisect
import contextlib
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from corpus.engines.worker import Setup, Task, Worker
from extractor.article.model import Article
from extractor.errors import PembinaanError
from service.problems import ProblemError

if TYPE_CHECKING:
    from corpus.documents import Outcome
    from service.metrics import Metrics

logger = structlog.get_logger()

_PATIENCE: Final = 10.0  # seconds that a job's article lets those of waiting callers go before it
_PAUSE: Final = 1.0  # seconds before a process that could not be started is tried again
_CHARS_A_TOKEN: Final = 4  # of Indonesian news, by the shipped tokenizer


@dataclass(eq=False)
class _Waiting:
    task: Task
    tokens: int
    due: float  # who is due first is read first
    answer: asyncio.Future[Outcome]


class Batcher:
    """Collects articles up to a number of tokens and hands them to the next process that is idle.

    A process reads the articles of a batch one after another, so that a record depends on its article alone (see
    `corpus.reading.outcome_of`). Everything here happens in the event loop, but for the waiting for processes.

    Args:
        setup: how a process reads.
        workers: how many processes.
        places: how many callers' articles may wait.
        batch_tokens: how many tokens a process takes at a time; one article may have more.
        metrics: where batches are counted.
    """

    def __init__(self, setup: Setup, workers: int, places: int, batch_tokens: int, metrics: Metrics) -> None:
        self._workers = [Worker(setup) for _ in range(workers)]
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="reading")
        self._places = places
        self._batch_tokens = batch_tokens
        self._metrics = metrics
        self._waiting: list[_Waiting] = []  # by `due`
        # A job waits for one of these; each process has an article to go on with, and callers have the rest.
        self._job_turns = asyncio.Semaphore(2 * workers)
        self._callers = 0  # whose articles wait or are read
        self._arrived = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []

    @property
    def waiting(self) -> int:
        """How many articles wait."""
        return len(self._waiting)

    async def start(self, first: Task) -> Outcome:
        """Start the processes, have each read `first`, and return what came of it.

        Raises:
            PembinaanError: a process cannot start.
        """
        loop = asyncio.get_running_loop()
        started = (loop.run_in_executor(self._threads, worker.read, [first]) for worker in self._workers)
        outcomes = await asyncio.gather(*started)
        self._loops = [loop.create_task(self._serve(worker)) for worker in self._workers]
        return outcomes[0][0][1]

    def check(self) -> None:
        """Refuse a caller for whose article there is no place.

        Raises:
            ProblemError: every place is taken (503).
        """
        if self._callers >= self._places + len(self._workers):
            raise ProblemError(503, "busy", "Too many requests are waiting; try again soon.", retry_after=2)

    async def read(self, task: Task, *, job: bool = False) -> Outcome:
        """Return what came of an article; one that is cancelled before its turn is not read.

        Those of callers who wait go before those of jobs, for a while.

        Raises:
            ProblemError: no process can be started (503).
        """
        if job:
            async with self._job_turns:
                return await self._turn(task, time.monotonic() + _PATIENCE)
        self._callers += 1
        try:
            return await self._turn(task, time.monotonic())
        finally:
            self._callers -= 1

    async def _turn(self, task: Task, due: float) -> Outcome:
        one = _Waiting(task, _tokens(task), due, asyncio.get_running_loop().create_future())
        bisect.insort(self._waiting, one, key=lambda waiting: waiting.due)
        self._arrived.set()
        try:
            return await one.answer
        finally:
            if one in self._waiting:
                self._waiting.remove(one)

    async def close(self) -> None:
        """End the processes; who still waits is refused."""
        for loop in self._loops:
            loop.cancel()
        for worker in self._workers:
            worker.stop()
        await asyncio.gather(*self._loops, return_exceptions=True)
        for one in self._waiting:
            _refuse(one, "The service is stopping.")
        await asyncio.to_thread(self._threads.shutdown)
        for worker in self._workers:
            worker.close()

    async def _serve(self, worker: Worker) -> None:
        while True:
            batch = await self._batch()
            self._metrics.batch(len(batch), sum(one.tokens for one in batch))
            try:
                await self._read(worker, batch)
            finally:
                for one in batch:
                    _refuse(one, "The service cannot read now; try again soon.")

    async def _read(self, worker: Worker, batch: list[_Waiting]) -> None:
        loop = asyncio.get_running_loop()

        def read() -> None:
            for one, (_, outcome) in zip(batch, worker.each([one.task for one in batch]), strict=False):
                loop.call_soon_threadsafe(_answer, one, outcome)

        try:
            await loop.run_in_executor(self._threads, read)
        except PembinaanError as error:  # the process could not be replaced
            logger.error("no reading process", reason=str(error))  # noqa: TRY400  the reason says it
            await asyncio.sleep(_PAUSE)

    async def _batch(self) -> list[_Waiting]:
        """Return those whose turn it is, once there are any; no more than this process's share of them."""
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()
        share = -(-len(self._waiting) // len(self._workers))
        tokens, count = self._waiting[0].tokens, 1
        while count < share and tokens + self._waiting[count].tokens <= self._batch_tokens:
            tokens += self._waiting[count].tokens
            count += 1
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch


def _answer(one: _Waiting, outcome: Outcome) -> None:
    with contextlib.suppress(asyncio.InvalidStateError):  # its caller has gone
        one.answer.set_result(outcome)


def _refuse(one: _Waiting, detail: str) -> None:
    with contextlib.suppress(asyncio.InvalidStateError):
        one.answer.set_exception(ProblemError(503, "not_ready", detail, retry_after=2))


def _tokens(task: Task) -> int:
    found = task.found
    text = found.text if isinstance(found, Article) else task.document.text or ""
    return 1 + len(text) // _CHARS_A_TOKEN
