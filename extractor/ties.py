"""Which words the program tagger takes to be of one program."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from extractor.slots.ranking import Span, sigmoid


class Ties:
    """A vector a word: those of two values point the same way if one program has both."""

    def __init__(self, words: Sequence[Span], vectors: NDArray[np.float32]) -> None:
        """Take the places of the words in the text, in order, and their vectors [words, numbers]."""
        self._starts = [start for start, _ in words]
        self._ends = [end for _, end in words]
        self._vectors = vectors

    def between(self, a: Span, b: Span) -> float:
        """Return the probability that what stands at `a` and at `b` is of one program; 0.5 where no word stands."""
        return sigmoid(float(self._mean(a) @ self._mean(b)))

    def _mean(self, span: Span) -> NDArray[np.float32]:
        first, last = bisect_right(self._ends, span[0]), bisect_left(self._starts, span[1])
        if first >= last:
            return np.zeros(self._vectors.shape[1], np.float32)
        mean: NDArray[np.float32] = self._vectors[first:last].mean(axis=0)
        return mean
