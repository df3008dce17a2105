"""Documents read by a Ray cluster, by Ray Data."""

from __future__ import annotations

import logging
import os
import pickle
import socket
import time
from collections.abc import Collection, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.documents import Document, Outcome
from corpus.engines.fetching import batches
from corpus.engines.worker import Setup, Task, Worker
from corpus.reading import failed
from extractor.errors import InputError, PembinaanError

if TYPE_CHECKING:
    import pyarrow as pa

    from extractor.fetching import Policy

_log = logging.getLogger(__name__)

_WAVE_BATCHES = 64  # a process: so that starting it, about two seconds, is little beside what it reads
_WAVE_SECONDS = 30.0  # no page waits longer for others to be fetched
_TRIES = 3


class RayEngine:
    """Processes of a cluster, each with its own model, one a core.

    A run goes in waves, each a dataset whose blocks are batches: Ray Data wants to know all blocks of a dataset
    beforehand, and an input may be longer than any memory. A block that is lost with its machine is read again, by Ray
    while it can, and by the next dataset where it cannot.

    Args:
        setup: how each process reads.
        workers: how many processes; as many as the cluster has cores where it is not said.
        address: where the cluster's head is; None is that of the variable RAY_ADDRESS, else a cluster on this machine.
        policy: what may be fetched.

    Raises:
        InputError: Ray is not installed, or there is no cluster at that address.
    """

    def __init__(
        self, setup: Setup, workers: int | None = None, address: str | None = None, policy: Policy | None = None
    ) -> None:
        self._ray = _connected(address)
        self._setup = setup
        self._workers = workers or max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        self._policy = policy

    def run(self, documents: Iterable[tuple[int, Document]]) -> Generator[tuple[int, Outcome]]:
        """Yield the outcome of each document, as `Engine.run` says."""
        for wave in self._waves(batches(documents, self._policy)):
            left = {position: block for block in wave for position in block.lost}
            for _ in range(_TRIES):
                # A block comes whole or not at all.
                for position, outcome in self._read(dict.fromkeys(left.values())):
                    if left.pop(position, None) is not None:
                        yield position, outcome
                if not left:
                    break
            for position, block in left.items():
                yield position, block.lost[position]

    def _waves(self, incoming: Iterable[list[Task]]) -> Iterator[list[_Block]]:
        wave: list[_Block] = []
        began = time.monotonic()
        for batch in incoming:
            if batch:
                why = PembinaanError(f"the machines that read it were lost, {_TRIES} times")
                lost = {task.position: failed(task.document, why) for task in batch}
                wave.append(_Block(self._ray.put(_table(batch)), lost))
            late = time.monotonic() - began > _WAVE_SECONDS
            if len(wave) == _WAVE_BATCHES * self._workers or (wave and late):
                yield wave
                wave, began = [], time.monotonic()
        if wave:
            yield wave

    def _read(self, blocks: Collection[_Block]) -> Iterator[tuple[int, Outcome]]:
        """Yield what comes of these blocks; some may not come, if machines are lost."""
        data = self._ray.data
        most = min(self._workers, len(blocks))
        try:
            read = data.from_arrow_refs([block.stored for block in blocks]).map_batches(
                _Reader,
                fn_constructor_args=(self._setup,),
                batch_size=None,  # a batch is a block, as it was put in
                batch_format="pyarrow",
                # Fewer will do: an actor whose machine was lost starts again on a core that another has left.
                compute=data.ActorPoolStrategy(min_size=1, max_size=most, initial_size=most),
                num_cpus=1,
            )
            read.context.enable_progress_bars = False
            read.context.max_errored_blocks = -1  # what is missing is read by the next dataset
            for batch in read.iter_batches(batch_size=None, batch_format="pyarrow"):
                for answer in _rows(batch):
                    if isinstance(answer, InputError):
                        raise answer
                    yield answer
        except self._ray.exceptions.RayError as error:
            _log.warning("a part of the run is read again: %s", error)


@dataclass(frozen=True, eq=False)
class _Block:
    """A batch in the cluster's store, which spills to disk, and what to say of its documents if it is lost."""

    stored: Any  # an ObjectRef
    lost: dict[int, Outcome]


class _Reader:
    """What an actor does: it has a process to read in, which a document can take down without the actor."""

    def __init__(self, setup: Setup) -> None:
        self._worker = Worker(setup)

    def __call__(self, block: pa.Table) -> pa.Table:
        try:
            return _table(self._worker.read(_rows(block)))
        except InputError as error:  # nothing can be read here, and so nothing at all
            return _table([error])


def _table(rows: Iterable[object]) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415  with Ray only

    return pa.table({"row": pa.array([pickle.dumps(row) for row in rows], pa.binary())})


def _rows(table: pa.Table) -> list[Any]:
    return [pickle.loads(row.as_py()) for row in table.column("row")]  # noqa: S301  our own, from `_table`


def _connected(address: str | None) -> Any:  # noqa: ANN401  a module
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # What its core says on this terminal, of every dataset; errors reach us as exceptions.
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    try:
        import ray  # noqa: PLC0415  an extra, and slow to import
        import ray.data  # noqa: PLC0415  the same
    except ImportError as error:
        raise InputError("--engine ray needs the extra: pip install 'pembinaan[ray]'") from error
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    if not ray.is_initialized():
        where = address or os.environ.get("RAY_ADDRESS")
        try:
            if where:
                _knock(where)
            ray.init(address, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
        except (OSError, ValueError, RuntimeError) as error:
            raise InputError(f"there is no Ray cluster at {where or 'this machine'}: {error}") from error
    return ray


def _knock(address: str) -> None:
    """See whether anybody listens at HOST:PORT; Ray itself goes on trying for minutes.

    Raises:
        OSError: nobody does.
    """
    host, _, port = address.rpartition(":")
    if host and port.isdigit() and "://" not in address:
        socket.create_connection((host, int(port)), timeout=5).close()
