"""Reading untrusted pages in processes that can be killed, so that one page cannot hold the service."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import resource
import threading
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, TypeVarTuple, cast

from extractor.article.reader import read_html
from extractor.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from types import TracebackType

    from extractor.article.model import Article

MEBIBYTE: Final = 1024 * 1024
NICENESS: Final = 19
_T = TypeVar("_T")
_Arguments = TypeVarTuple("_Arguments")


class ReadLimitError(InputError):
    """The page needs more time or memory than one page may have; it was given up."""

    code = "read_limit"


class SafeReader:
    """A pool of worker processes that read pages; one that runs over a limit is killed and replaced.

    Args:
        workers: how many pages are read at the same time.
        seconds: the time one page may take from its hand-over to its answer.
        mebibytes: the address space of a worker beyond what it has when it is ready.

    A worker is started when it is first needed and reads many pages. Safe to use from threads; a caller
    waits while all workers are busy.
    """

    def __init__(self, workers: int = 2, seconds: float = 10.0, mebibytes: int = 512) -> None:
        self.seconds = seconds
        self.mebibytes = mebibytes
        self._context = multiprocessing.get_context("spawn")
        self._closed = threading.Event()
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._size = workers
        for _ in range(workers):
            self._idle.put(None)

    def read_html(self, page: bytes | str, url: str | None = None, charset: str | None = None) -> Article:
        """Return what `reader.read_html` returns, within the limits.

        Raises:
            ReadLimitError: the page ran over the time or memory limit.
            InputError: the reader is closed.
        """
        return self.call(read_html, page, url, charset)

    def call(self, function: Callable[[*_Arguments], _T], *args: *_Arguments) -> _T:
        """Return what `function` returns of `args`, within the limits; both must be such as can be pickled.

        For other readers of strangers' pages: of feeds, of lists of links.

        Raises:
            ReadLimitError: it ran over the time or memory limit.
            InputError: `function` raised it, or the reader is closed.
        """
        if self._closed.is_set():
            msg = "the reader is closed"
            raise InputError(msg)
        worker = self._idle.get()
        try:
            if worker is None or not worker.process.is_alive():
                worker = _Worker(self._context, self.mebibytes)
            answer = worker.ask((function, args), self.seconds)
        except ReadLimitError:
            if worker is not None:
                worker.kill()
            worker = None
            raise
        finally:
            self._idle.put(worker)
        return answer

    def close(self) -> None:
        """End the workers, waiting for pages that are being read."""
        self._closed.set()
        for _ in range(self._size):
            if (worker := self._idle.get()) is not None:
                worker.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Worker:
    """One process with the pipe to it."""

    START_SECONDS: Final = 60.0

    def __init__(self, context: multiprocessing.context.SpawnContext, mebibytes: int) -> None:
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_serve, args=(theirs, mebibytes), daemon=True)
        self.process.start()
        theirs.close()
        self._receive(self.START_SECONDS)

    def ask(self, job: tuple[Callable[..., _T], tuple[Any, ...]], seconds: float) -> _T:
        try:
            self.pipe.send(job)
        except OSError as error:
            raise ReadLimitError("the reading process ended") from error
        answer = self._receive(seconds)
        if isinstance(answer, InputError):
            raise answer
        return cast("_T", answer)

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()

    def _receive(self, seconds: float) -> object:
        try:
            if not self.pipe.poll(seconds):
                raise ReadLimitError(f"the page took longer than {seconds:g} s to read")
            return self.pipe.recv()
        except (EOFError, OSError) as error:
            raise ReadLimitError("the page needed more memory than one page may have") from error


def _serve(pipe: Connection, mebibytes: int) -> None:
    """Read pages until the pipe closes; a page that runs out of memory is answered with an error."""
    # A slow page takes what the processor has left, not what others wait for.
    os.nice(NICENESS)
    read_html("<html><body><p>warm</p></body></html>")
    limit_memory(mebibytes)
    pipe.send("ready")
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            function, args = pipe.recv()
            try:
                answer = function(*args)
            except InputError as error:
                answer = error
            except (MemoryError, RecursionError) as error:
                answer = ReadLimitError(f"the page could not be read: {type(error).__name__}")
            pipe.send(answer)


def limit_memory(mebibytes: int) -> None:
    """Let this process take so much address space beyond what it has now, and no more."""
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - the kernel's, not a file
        taken = int(statm.read().split()[0]) * resource.getpagesize()
    limit = taken + mebibytes * MEBIBYTE
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
