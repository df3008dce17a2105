"""A run over many documents: those the store does not know go through an engine, and what comes of them is saved."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from corpus.documents import Document, Outcome
from corpus.engines import Engine
from corpus.export import format_of, into_place
from corpus.store import Store, StoreError
from corpus.store.store import RunState

_LOOKED_UP = 64  # documents that the store is asked about at once
_SAVED = 16  # outcomes of one transaction: what a kill can cost
_SECONDS = 2.0  # … or as many as came in this time
_STORES = (".sqlite", ".sqlite3", ".db")


@dataclass(slots=True)
class Tally:
    """How many documents of a run were read now, were known before, and could not be read."""

    run: int
    read: int = 0
    known: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """All documents so far."""
        return self.read + self.known + self.failed


def run_batch(  # noqa: PLR0913  the ends of the line, and its name
    documents: Iterable[Document | Outcome],
    engine: Engine,
    store: Store,
    reader: str,
    *,
    label: str,
    tell: Callable[[Tally], None] = lambda _: None,
) -> Tally:
    """Read documents into the store, and return how it went.

    A run that was cut off, by whatever, is gone on with by running it again: what was read is linked, in the new run,
    to the records that it has. What failed is tried again.

    Args:
        documents: what to read, with what could not even be made a document of.
        engine: what reads.
        store: where outcomes go; what it knows is not read.
        reader: `reader_of` the engine's pipeline.
        label: what people call the run.
        tell: is called with how far it is, after every transaction.

    Raises:
        InputError: the input breaks off, or nothing can be read at all; what was read until then is saved.
        StoreError: the database fails.
    """
    run = _Run(store, reader, Tally(store.begin_run("batch", label, reader)), tell)
    state: RunState = "failed"
    try:
        with closing(engine.run(run.unknown(documents))) as outcomes:
            for position, outcome in outcomes:
                run.take(position, outcome)
        run.save()
        state = "done"
    except BaseException as error:
        state = "cancelled" if isinstance(error, KeyboardInterrupt) else "failed"
        with suppress(StoreError):
            run.save()
        raise
    finally:
        with suppress(StoreError):
            store.end_run(run.tally.run, state)
    return run.tally


def working_store(output: str) -> tuple[str | Path, Path | None]:
    """Return the store that a run for OUTPUT works in, and the file to export to where OUTPUT is no store itself.

    Raises:
        InputError: it is neither a store nor a file of a format that can be written.
    """
    if "://" in output:
        return output, None
    path = Path(output)
    if path.suffix.lower() in _STORES:
        return path, None
    format_of(path)
    return path.with_name(f"{path.name}.store.sqlite"), path


def write_failures(store: Store, run: int, path: Path) -> None:
    """Write the documents of a run that failed, each with its code and reason, a line of JSON each; none, no file.

    Raises:
        InputError: it cannot be written.
    """
    failures = store.failures(run)
    first = next(failures, None)
    if first is None:
        path.unlink(missing_ok=True)  # of an earlier run, whose failures are none any more
        return
    with into_place(path) as file:
        for failure in chain([first], failures):
            file.write(json.dumps(failure, ensure_ascii=False).encode() + b"\n")


class _Run:
    def __init__(self, store: Store, reader: str, tally: Tally, tell: Callable[[Tally], None]) -> None:
        self.tally = tally
        self._store = store
        self._reader = reader
        self._tell = tell
        self._taken: list[tuple[int, Outcome]] = []
        self._saved_at = time.monotonic()

    def unknown(self, documents: Iterable[Document | Outcome]) -> Iterator[tuple[int, Document]]:
        """Yield the documents that have to be read, each with its position; the others are saved as what they are."""
        numbered = enumerate(documents)
        while some := list(islice(numbered, _LOOKED_UP)):
            for position, it in some:
                if isinstance(it, Outcome):
                    self.take(position, it)
            digests = {position: it.digest for position, it in some if isinstance(it, Document)}
            records = self._store.known(list(digests.values()), self._reader)
            known: list[tuple[int, Document, int]] = []
            for position, it in some:
                if isinstance(it, Document):
                    record = records.get(digests[position])
                    if record is None:
                        yield position, it
                    else:
                        known.append((position, it, record))
            if known:
                self._store.link(self.tally.run, known)
                self.tally.known += len(known)
                self._tell(self.tally)

    def take(self, position: int, outcome: Outcome) -> None:
        """Save an outcome, together with others."""
        self._taken.append((position, outcome))
        if len(self._taken) >= _SAVED or time.monotonic() - self._saved_at > _SECONDS:
            self.save()

    def save(self) -> None:
        """Save what was taken."""
        self._saved_at = time.monotonic()
        if not self._taken:
            return
        self._store.save(self.tally.run, self._taken, self._reader)
        failed = sum(outcome.record is None for _, outcome in self._taken)
        self.tally.failed += failed
        self.tally.read += len(self._taken) - failed
        self._taken = []
        self._tell(self.tally)
