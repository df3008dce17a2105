"""A text cut into pieces, each knowing the spans that cover it, so that overlapping spans can be shown."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PARAGRAPH = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of a text were read as a value of `slot`; `note` says which."""

    start: int
    end: int
    slot: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters covered by the same spans, the shortest first."""

    start: int
    text: str
    spans: tuple[Span, ...] = ()

    @property
    def slots(self) -> list[str]:
        """The slots that the piece belongs to, the narrowest span's first."""
        return list(dict.fromkeys(span.slot for span in self.spans))

    @property
    def opens(self) -> bool:
        """Whether a span begins here."""
        return any(span.start == self.start for span in self.spans)

    @property
    def note(self) -> str:
        """What was read from here, one span after the other."""
        return "; ".join(dict.fromkeys(span.note for span in self.spans if span.note))


def paragraphs(text: str, spans: Iterable[Span]) -> list[list[Piece]]:
    """Return the lines of `text` that are not empty, each as its pieces in order."""
    ordered = sorted(set(spans), key=lambda span: (span.end - span.start, span.start, span.slot, span.note))
    return [list(_pieces(text, found.start(), found.end(), ordered)) for found in _PARAGRAPH.finditer(text)]


def _pieces(text: str, start: int, end: int, spans: list[Span]) -> Iterator[Piece]:
    here = [span for span in spans if span.start < end and span.end > start]
    inner = {edge for span in here for edge in (span.start, span.end) if start < edge < end}
    edges = sorted({start, end} | inner)
    for left, right in itertools.pairwise(edges):
        covering = tuple(span for span in here if span.start <= left and span.end >= right)
        yield Piece(left, text[left:right], covering)
