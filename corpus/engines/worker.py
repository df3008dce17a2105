"""A process that reads documents, and is replaced when one of them takes it down."""

from __future__ import annotations

import contextlib
import math
import multiprocessing
import os
import resource
import signal
import time
from dataclasses import dataclass
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, NamedTuple

from corpus.documents import Document, Outcome
from corpus.reading import article_of, failed, outcome_of, reader_of
from extractor.article import Article
from extractor.article.worker import ReadLimitError, limit_memory
from extractor.errors import InputError, PembinaanError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from extractor import Pipeline

_START_SECONDS = 120.0
_TRIES = 2  # a process may also be killed for what is not its document's fault


class Task(NamedTuple):
    """One document to read; `found` is its article, or what became of it, where it had to be fetched."""

    position: int
    document: Document
    found: Article | Outcome | None = None


@dataclass(frozen=True)
class Setup:
    """How a process reads.

    Attributes:
        reader: what `reader_of` must say there: another version would read otherwise. None takes what there is.
        tagger: as in `extractor.load`.
        threads: how many threads the tagger computes with.
        processor_seconds: the processor time that one document may take, whatever else the machine does.
        seconds: the time that one document may take at all.
        mebibytes: the memory that one document may take beyond what the process has when it is ready.
        niceness: how far the process stands back behind others of the machine.
    """

    reader: str | None = None
    tagger: str | None = None
    threads: int = 1
    processor_seconds: int = 30
    seconds: float = 300.0
    mebibytes: int = 1024
    niceness: int = 0


class Worker:
    """One reading process, started when it is first needed. Not safe to use from several threads at once."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._process: _Process | None = None
        self._stopped = False

    def read(self, tasks: Sequence[Task]) -> list[tuple[int, Outcome]]:
        """Return the outcome of each document, in order, as `each` yields them."""
        return list(self.each(tasks))

    def each(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Outcome]]:
        """Yield the outcome of each document once it is read, in order.

        A document that kills its process, or runs over a limit, becomes a failure; those behind it are read by the
        next process.

        Raises:
            InputError: the process cannot start.
        """
        done = tries = 0
        while done < len(tasks) and not self._stopped:
            left = tasks[done:]
            if self._process is None or not self._process.alive():
                self.close()
                self._process = _start(self._setup)
            try:
                self._process.send(left)
                for task in left:
                    outcome = self._process.receive(self._setup.seconds)
                    done, tries = done + 1, 0
                    yield task.position, outcome
            except ReadLimitError as error:
                sudden = isinstance(error, _SuddenEndError)
                self.close()
                tries += 1
                if tries == _TRIES or not sudden:
                    task = tasks[done]
                    done, tries = done + 1, 0
                    yield task.position, failed(task.document, error)

    def stop(self) -> None:
        """Kill the process, from any thread; who waits for it in `read` comes back with what there is."""
        self._stopped = True
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.end()
            self._process = None


class _SuddenEndError(ReadLimitError):
    """The process ended for a reason that may not be the document's."""


class _Process:
    """A running process with the pipe to it."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=_serve, args=(theirs, setup), daemon=True)
        # A Ctrl-C is for who started the run; the process has it blocked from its first moment. The tracker of
        # multiprocessing would unblock it when it starts.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        try:
            hello = self._receive(_START_SECONDS)
        except ReadLimitError:
            self.end()
            raise
        if isinstance(hello, PembinaanError):
            self.end()
            raise hello

    def alive(self) -> bool:
        return self._process.is_alive()

    def send(self, tasks: Sequence[Task]) -> None:
        # Who ended between two batches says so when the first answer is awaited.
        with contextlib.suppress(OSError):
            self._pipe.send(tasks)

    def receive(self, seconds: float) -> Outcome:
        answer = self._receive(seconds)
        assert isinstance(answer, Outcome)  # noqa: S101  what `_serve` sends
        return answer

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _receive(self, seconds: float) -> object:
        try:
            if not self._pipe.poll(seconds):
                raise ReadLimitError(f"reading it took longer than {seconds:g} s")
            return self._pipe.recv()
        except (EOFError, OSError) as error:
            self._process.join(1)
            code = self._process.exitcode
            if code == -signal.SIGXCPU:
                limit = self._setup.processor_seconds
                raise ReadLimitError(f"reading it took more than {limit} s of processor time") from error
            how = f"signal {-code}" if code and code < 0 else f"code {code}"
            raise _SuddenEndError(f"the process that read it ended ({how}), perhaps for want of memory") from error


def _start(setup: Setup) -> _Process:
    for _ in range(_TRIES):
        try:
            return _Process(setup)
        except ReadLimitError as error:
            why = error
    raise InputError(f"a reading process could not start: {why}")


def _serve(pipe: Connection, setup: Setup) -> None:
    """Read documents until the pipe closes."""
    os.nice(setup.niceness)
    with contextlib.suppress(EOFError, OSError):
        try:
            pipeline = _load(setup)
        except PembinaanError as error:
            pipe.send(error)
            return
        limit_memory(setup.mebibytes)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        pipe.send("ready")
        while True:
            for task in pipe.recv():
                used = math.ceil(time.process_time())
                resource.setrlimit(resource.RLIMIT_CPU, (used + setup.processor_seconds, resource.RLIM_INFINITY))
                pipe.send(_read(task, pipeline))


def _load(setup: Setup) -> Pipeline:
    from extractor import Pipeline  # noqa: PLC0415  spaCy, which whoever starts processes does without

    pipeline = Pipeline(setup.tagger, setup.threads)
    if setup.reader not in (None, reader_of(pipeline)):
        raise InputError(
            f"the machine that reads has version {reader_of(pipeline)}, the one that asks has {setup.reader}: "
            "install the same version on all"
        )
    pipeline.warm()
    return pipeline


def _read(task: Task, pipeline: Pipeline) -> Outcome:
    if isinstance(task.found, Outcome):
        return task.found
    try:
        return outcome_of(task.document, task.found or article_of(task.document), pipeline)
    except PembinaanError as error:
        return failed(task.document, error)
    except (MemoryError, RecursionError) as error:
        return failed(task.document, ReadLimitError(f"reading it needed too much memory ({type(error).__name__})"))
    except Exception as error:  # noqa: BLE001  one article must not end a run of a million
        return failed(task.document, PembinaanError(f"it could not be read ({type(error).__name__}: {error})"))
