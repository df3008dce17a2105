"""Takes what jobs have to do from the store, has it read, and saves what comes of it."""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, Self

import structlog

from corpus.documents import Document, Outcome
from corpus.reading import failed
from corpus.store import StoreError
from corpus.store.leases import Leased, Leases
from extractor.errors import PembinaanError
from service.envelope import frames
from service.problems import ProblemError

if TYPE_CHECKING:
    from types import TracebackType

    from corpus.store import Store
    from service.reading import Versions

logger = structlog.get_logger()

_LOOK = 1.0  # seconds between two looks for what other replicas have accepted or cancelled
_PAUSE = 1.0  # seconds after the store or the reader could not be had

_Read = tuple[Leased, Outcome]


class Reads(Protocol):
    """What a worker needs of `service.reading.Reading`."""

    @property
    def versions(self) -> Versions | None:
        """What reads; None where it is being loaded."""
        ...

    async def read_for_job(self, document: Document) -> Outcome:
        """Return what came of a document.

        Raises:
            ProblemError: it cannot be read now; it should be tried again soon.
        """
        ...


class Worker:
    """One replica's share in the reading of jobs. Several, in one process or in many, share a store.

    What it holds is its own for `lease` seconds, and longer while it lives. Killed, it costs nothing but time: others
    read what it held. Stopped, it gives back what it has not read. Made and used as a context in the event loop.

    Args:
        store: where the jobs are.
        reads: what reads.
        size: how many documents are asked for at a time.
        lease: seconds after which others take over from a worker that is silent.
        patience: seconds that what is being read at the end may take yet.
    """

    def __init__(
        self, store: Store, reads: Reads, *, size: int = 32, lease: float = 60.0, patience: float = 5.0
    ) -> None:
        self._reads = reads
        self._leases = Leases(store, uuid.uuid4().hex, lease)
        self._renewal = lease / 3
        self._patience = patience
        self._renewed_at = time.monotonic()
        self._size = size
        self._held: dict[asyncio.Task[Outcome], Leased] = {}
        self._news = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()

    async def __aenter__(self) -> Self:
        self._keeper = asyncio.create_task(self._keep())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take nothing more, save what is read soon, and give back the rest."""
        keeper, self._keeper = self._keeper, None
        if keeper is None:
            return
        self.wake()
        await keeper
        try:
            if self._held:
                await asyncio.wait(self._held, timeout=self._patience)
            await self._settle()
            await self._give_back(list(self._held))
        except StoreError as why:
            logger.warning("jobs not given back", reason=str(why), meaning="others take over when leases run out")

    def wake(self) -> None:
        """Say, from any thread, that a job came or was cancelled; without it, that is found within a second."""
        self._loop.call_soon_threadsafe(self._news.set)

    async def _keep(self) -> None:
        """Go round until the end: take, wait, save, and see that what is held is still to be read."""
        while self._keeper is not None:
            try:
                await self._fill()
                await self._wait()
                await self._settle()
                await self._check()
            except StoreError as error:
                logger.warning("jobs wait for the store", reason=str(error))
                await asyncio.sleep(_PAUSE)
            except Exception as error:  # noqa: BLE001  jobs must go on
                _tell("jobs failed", None, error)
                await asyncio.sleep(_PAUSE)

    async def _fill(self) -> None:
        while (versions := self._reads.versions) is not None and self._keeper is not None and (room := self._room()):
            found = await asyncio.to_thread(self._leases.take, room, holding=bool(self._held))
            if not found:
                return
            known = await asyncio.to_thread(self._leases.known, found, versions.reader)
            for item in found:
                if item not in known:
                    self._hold(item)

    def _hold(self, item: Leased) -> None:
        task = asyncio.create_task(self._read(item))
        task.add_done_callback(lambda _: self._news.set())
        self._held[task] = item

    def _room(self) -> int:
        """Return how many more documents can be taken: none beside one that may take this process down."""
        return 0 if any(item.suspect for item in self._held.values()) else self._size - len(self._held)

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LOOK):
                await self._news.wait()
        self._news.clear()

    async def _settle(self) -> None:
        """Save what was read and give back what could not be read now; none of it is held after this."""
        done = [task for task in self._held if task.done()]
        refused = [task for task in done if task.cancelled() or task.exception() is not None]
        outcomes = [(self._held.pop(task), task.result()) for task in done if task not in refused]
        if refused:
            await self._give_back(refused)
            await asyncio.sleep(_PAUSE)
        if outcomes:
            await self._save(outcomes)

    async def _save(self, outcomes: Sequence[_Read]) -> None:
        """Save outcomes; one that cannot be is lent again when its lease has run out, and fails for good in the end."""
        versions = self._reads.versions
        assert versions is not None  # noqa: S101  it has read
        try:
            await asyncio.to_thread(self._leases.save, outcomes, versions.reader)
        except Exception:
            if len(outcomes) == 1:
                raise
            for one in outcomes:
                try:
                    await self._save([one])
                except Exception as error:  # noqa: BLE001  one document must not cost the others
                    _tell("not saved", one[0], error)

    async def _check(self) -> None:
        """Keep what is held from running out, and stop reading what was cancelled or is another's by now."""
        if not self._held:
            return
        if time.monotonic() - self._renewed_at > self._renewal:
            await asyncio.to_thread(self._leases.renew, list(self._held.values()))
            self._renewed_at = time.monotonic()
        mine = await asyncio.to_thread(self._leases.mine, list(self._held.values()))
        for task in [task for task, item in self._held.items() if item.place not in mine]:
            del self._held[task]
            task.cancel()

    async def _give_back(self, tasks: Sequence[asyncio.Task[Outcome]]) -> None:
        items = [self._held.pop(task) for task in tasks]
        for task in tasks:
            task.cancel()
        await asyncio.to_thread(self._leases.give_back, items)

    async def _read(self, item: Leased) -> Outcome:
        document = item.document
        try:
            return await self._reads.read_for_job(document)
        except ProblemError:
            raise
        except PembinaanError as error:
            return failed(document, error)
        except Exception as error:  # noqa: BLE001  one document must not end a job of ten thousand
            _tell("not read", item, error)
            return failed(document, PembinaanError(f"it could not be read ({type(error).__name__})"))


def _tell(what: str, item: Leased | None, error: Exception) -> None:
    """Log an unforeseen error without its message, which may quote an article."""
    where = {} if item is None else {"job": item.run, "position": item.position}
    logger.error(what, **where, error=type(error).__name__, at=frames(error))
