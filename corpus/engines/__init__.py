"""Documents to outcomes, many at a time: with the processes of this machine, or with a Ray cluster."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Protocol

from corpus.documents import Document, Outcome


class Engine(Protocol):
    """What reads the documents of a run."""

    def run(self, documents: Iterable[tuple[int, Document]]) -> Generator[tuple[int, Outcome]]:
        """Yield the outcome of each document, with its position, as they come; the order is not the input's.

        The work in flight is bounded, whatever the input's length; `documents` is consumed in the caller's thread.
        Closing the iterator ends the work.

        Raises:
            InputError: nothing can be read at all: no such tagger, no such cluster.
        """
        ...
