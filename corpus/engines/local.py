"""Documents read by the processes of this machine."""

from __future__ import annotations

import os
import queue
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from typing import TYPE_CHECKING

from corpus.documents import Document, Outcome
from corpus.engines.fetching import batches
from corpus.engines.worker import Setup, Task, Worker

if TYPE_CHECKING:
    from extractor.fetching import Policy

_Read = Future[list[tuple[int, Outcome]]]


class LocalEngine:
    """As many processes as the machine has cores, or as were asked for, each with its own model.

    Args:
        setup: how each process reads; one thread is best: two in one process take half as much processor time again.
        workers: how many processes.
        policy: what may be fetched.
    """

    def __init__(self, setup: Setup, workers: int | None = None, policy: Policy | None = None) -> None:
        self._workers = workers or len(os.sched_getaffinity(0))
        self._setup = setup
        self._policy = policy

    def run(self, documents: Iterable[tuple[int, Document]]) -> Generator[tuple[int, Outcome]]:
        """Yield the outcome of each document, as `Engine.run` says."""
        workers = [Worker(self._setup) for _ in range(self._workers)]
        idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        for worker in workers:
            idle.put(worker)

        def read(tasks: list[Task]) -> list[tuple[int, Outcome]]:
            worker = idle.get()
            try:
                return worker.read(tasks)
            finally:
                idle.put(worker)

        reading: set[_Read] = set()
        with ExitStack() as stack:
            for worker in workers:
                stack.callback(worker.close)
            threads = stack.enter_context(ThreadPoolExecutor(self._workers))
            try:
                for batch in batches(documents, self._policy):
                    if batch:
                        reading.add(threads.submit(read, batch))
                    # One batch a process waits beside the one that it reads.
                    full = len(reading) >= 2 * self._workers
                    done, reading = wait(reading, None if full else 0, FIRST_COMPLETED)
                    yield from _outcomes(done)
                while reading:
                    done, reading = wait(reading, return_when=FIRST_COMPLETED)
                    yield from _outcomes(done)
            finally:
                for future in reading:
                    future.cancel()
                for worker in workers:
                    worker.stop()


def _outcomes(done: Iterable[_Read]) -> Iterator[tuple[int, Outcome]]:
    for future in done:
        yield from future.result()
