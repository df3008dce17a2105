"""Syndicated copies: articles that repeat another's text, whole or abridged, within a week of it."""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from datasketch import MinHash, MinHashLSH

WINDOW = dt.timedelta(days=7)
# Measured on ../shared/data/programs/fusion.jsonl: copies and abridgements hold 0.70 or more of the shorter text's
# shingles, independent articles on one program at most 0.06, other articles 0.05. Between them lie articles that
# share a press release's quotes and no more.
CONTAINED = 0.5
_WORDS = 3  # in a shingle
_FEWEST = 30  # shingles; a shorter text is measured as if it had as many, so that a caption is no copy of an article
_PERMUTATIONS = 128
# 64 bands of 2 rows find 98% of the pairs whose texts have a Jaccard similarity of 0.25, as an article and its
# abridgement to a quarter have; what else they find is measured and dropped.
_BANDS, _ROWS = 64, 2
_MOST_OF_ONE = 200  # texts that one is measured beside
_WORD = re.compile(r"\w+")
_EMPTY = MinHash(num_perm=_PERMUTATIONS, hashfunc=int)


@dataclass(frozen=True, slots=True)
class Text:
    """An article's words, and the day that it was published, where known."""

    article: str
    day: dt.date | None
    title: str
    text: str


class Copy(NamedTuple):
    """`article` repeats `share` of the shorter of both texts; `of` came first, or is the longer of one day."""

    article: str
    of: str
    share: float


class _Known(NamedTuple):
    text: Text
    shingles: frozenset[int]
    sketch: MinHash


def find_copies(texts: Iterable[Text]) -> Iterator[Copy]:
    """Yield every pair of articles of which one repeats the other within `WINDOW`.

    Only the articles of the last week are held. Those without a day are compared with all others, and held for good.

    Args:
        texts: the articles, each once, those without a day first, then in order of day.
    """
    near = MinHashLSH(num_perm=_PERMUTATIONS, params=(_BANDS, _ROWS))
    known: dict[str, _Known] = {}
    recent: deque[_Known] = deque()
    for text in texts:
        while recent and text.day and recent[0].text.day and text.day - recent[0].text.day > WINDOW:
            gone = recent.popleft()
            near.remove(gone.text.article)
            del known[gone.text.article]
        this = _known(text)
        # The same ones whatever their order was; few texts are near more than a handful.
        for other in sorted(near.query(this.sketch))[:_MOST_OF_ONE]:
            share = _share(this.shingles, known[other].shingles)
            if share >= CONTAINED:
                later, first = sorted((this, known[other]), key=_age, reverse=True)
                yield Copy(later.text.article, first.text.article, round(share, 3))
        near.insert(text.article, this.sketch)
        known[text.article] = this
        if text.day:
            recent.append(this)


def _known(text: Text) -> _Known:
    shingles = _shingles(f"{text.title} {text.text}")
    sketch = _EMPTY.copy()  # the dice of its permutations are thrown once
    sketch.update_batch(shingles)
    return _Known(text, shingles, sketch)


def _shingles(text: str) -> frozenset[int]:
    words = _WORD.findall(text.casefold())
    runs = (words[i : i + _WORDS] for i in range(max(1, len(words) - _WORDS + 1)))
    return frozenset(zlib.crc32(" ".join(run).encode()) for run in runs)


def _share(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / max(_FEWEST, min(len(one), len(other)))


def _age(known: _Known) -> tuple[dt.date, int, str]:
    """Order by day, the longer first; one without a day counts as later than all."""
    return known.text.day or dt.date.max, -len(known.shingles), known.text.article
