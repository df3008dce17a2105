"""Pages fetched beside the reading: politely, many hosts at a time, one page of a host at a time."""

from __future__ import annotations

import os
import queue
import threading
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from corpus.documents import Document
from corpus.engines.worker import Task
from corpus.reading import article_of, failed
from extractor.article.worker import SafeReader
from extractor.errors import PembinaanError

if TYPE_CHECKING:
    from types import TracebackType

    from extractor.fetching import Policy

_THREADS = 32
_AHEAD = 1000  # addresses known at a time, so that one slow host does not hold the others
_PAUSE = 0.5  # seconds after which a batch goes as it is, when no page has come
BATCH = 16
_BATCH_BYTES = 4 * 2**20


def batches(documents: Iterable[tuple[int, Document]], policy: Policy | None = None) -> Iterator[list[Task]]:
    """Yield the documents in batches for a reading process, those that are addresses alone with what was fetched.

    An empty batch says that nothing has come for half a second. All pages are fetched by this process, which keeps the
    turns of every host, whichever process or machine reads them. A page that cannot be had comes as its failure.
    """
    batch: list[Task] = []
    size = 0
    for task in _tasks(documents, policy):
        if task is not None:
            batch.append(task)
            size += len(task.document.html or task.document.text or "")
        if task is None or len(batch) == BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _tasks(documents: Iterable[tuple[int, Document]], policy: Policy | None) -> Iterator[Task | None]:
    with _Fetcher(policy) as fetcher:
        for position, document in documents:
            if document.html is not None or document.text is not None or document.url is None:
                yield Task(position, document)
            else:
                while fetcher.waiting >= _AHEAD:
                    yield fetcher.next(_PAUSE)
                fetcher.add(Task(position, document))
            while (task := fetcher.next(0)) is not None:
                yield task
        while fetcher.waiting:
            yield fetcher.next(_PAUSE)


class _Fetcher:
    """Threads that fetch. A host's pages come one after the other; hosts take turns."""

    def __init__(self, policy: Policy | None) -> None:
        self.waiting = 0  # tasks that were added and have not come back
        self._policy = policy
        self._reader = SafeReader(min(4, os.cpu_count() or 1), seconds=60)
        self._threads = 0
        self._lock = threading.Lock()
        self._pages: defaultdict[str, deque[Task]] = defaultdict(deque)
        self._turns: queue.SimpleQueue[str | None] = queue.SimpleQueue()  # hosts with pages, none of them being fetched
        self._done: queue.SimpleQueue[Task] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _ in range(self._threads):
            self._turns.put(None)
        self._reader.close()

    def add(self, task: Task) -> None:
        """Take a page to fetch."""
        host = _host(task.document.url or "")
        with self._lock:
            self._pages[host].append(task)
            if len(self._pages[host]) == 1:
                self._turns.put(host)
        self.waiting += 1
        if self._threads < _THREADS:
            # A daemon: who ends the run does not wait for a slow site.
            threading.Thread(target=self._work, name="fetcher", daemon=True).start()
            self._threads += 1

    def next(self, seconds: float) -> Task | None:
        """Return a task with what was fetched; None when none has come in that time."""
        if not self.waiting:
            return None
        try:
            task = self._done.get(timeout=seconds) if seconds else self._done.get_nowait()
        except queue.Empty:
            return None
        self.waiting -= 1
        return task

    def _work(self) -> None:
        while (host := self._turns.get()) is not None:
            task = self._pages[host][0]  # it stays there until it is done, so that the host has no second turn
            try:
                self._done.put(self._fetched(task))
            finally:
                with self._lock:
                    self._pages[host].popleft()
                    if self._pages[host]:
                        self._turns.put(host)
                    else:
                        del self._pages[host]

    def _fetched(self, task: Task) -> Task:
        try:
            return task._replace(found=article_of(task.document, self._policy, self._reader.read_html))
        except PembinaanError as error:
            return task._replace(found=failed(task.document, error))
        except Exception as error:  # noqa: BLE001  one page must not end a run of a million
            why = PembinaanError(f"it could not be fetched ({type(error).__name__}: {error})")
            return task._replace(found=failed(task.document, why))


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
