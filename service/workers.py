"""Blocking work off the event loop: a few threads, a bounded queue, a deadline for each caller."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from service.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Workers:
    """Threads that read articles. A call past its deadline keeps its place until its thread is free again."""

    def __init__(self, threads: int, queue: int, deadline: float) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="reader")
        self._places = threading.BoundedSemaphore(threads + queue)
        self._deadline = deadline

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns.

        Raises:
            ProblemError: Every place is taken (503), or the deadline has passed (504).
        """
        if not self._places.acquire(blocking=False):
            raise ProblemError(503, "busy", "Too many requests are waiting; try again soon.", retry_after=5)
        future = self._pool.submit(work)
        future.add_done_callback(lambda _: self._places.release())
        try:
            async with asyncio.timeout(self._deadline):
                return await asyncio.wrap_future(future)
        except TimeoutError as error:
            detail = f"The article was not read within {self._deadline:g} s."
            raise ProblemError(504, "deadline", detail) from error

    def close(self) -> None:
        """Take no more work and drop what waits."""
        self._pool.shutdown(wait=False, cancel_futures=True)
