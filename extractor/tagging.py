"""Words, pieces, windows and labels of the tagger: what training and run time must do alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

import numpy as np

from extractor.mentions import SLOTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WORD = re.compile(r"\w+|[^\w\s]")
ENTITIES = ("PER", "ORG", "LOC")
SLOT_LABELS = ("O", *(f"{bio}-{slot}" for slot in SLOTS for bio in "BI"))
ENTITY_LABELS = ("O", *(f"{bio}-{entity}" for entity in ENTITIES for bio in "BI"))
BOS, PAD, EOS, UNK = 0, 1, 2, 3
MAX_PIECES, OVERLAP = 512, 96
MAX_WORD_PIECES = 16  # a longer word is a blob of letters; its head is enough


class Pieces(Protocol):
    """What cuts one word into piece ids; the `tokenizers` library's Tokenizer is one."""

    def encode(self, sequence: str, *, add_special_tokens: bool) -> _Encoded:
        """Return the pieces of one word."""
        ...


class _Encoded(Protocol):
    @property
    def ids(self) -> list[int]: ...


def split_words(text: str) -> list[tuple[int, int]]:
    """Return start and end of each word of `text`: a run of letters and digits, or one other character."""
    return [match.span() for match in WORD.finditer(text)]


class WordEncoder:
    """Cuts words into pieces, remembering those it has seen."""

    def __init__(self, tokenizer: Pieces, remember: int = 100_000) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, list[int]] = {}
        self._remember = remember

    def encode(self, text: str, words: Sequence[tuple[int, int]]) -> list[list[int]]:
        """Return the piece ids of each word, at least one a word; a word after a space begins with "▁"."""
        found = []
        for start, end in words:
            word = text[start : min(end, start + 200)]
            if start == 0 or text[start - 1].isspace():
                word = "▁" + word
            ids = self._known.get(word)
            if ids is None:
                ids = self._tokenizer.encode(word, add_special_tokens=False).ids[:MAX_WORD_PIECES] or [UNK]
                if len(self._known) < self._remember:
                    self._known[word] = ids
            found.append(ids)
        return found


def windows(lengths: Sequence[int]) -> list[tuple[int, int]]:
    """Return ranges of words that fit one window, each overlapping the one before by `OVERLAP` pieces.

    Args:
        lengths: the number of pieces of each word.
    """
    room = MAX_PIECES - 2
    found: list[tuple[int, int]] = []
    start = 0
    while start < len(lengths):
        end, used = start, 0
        while end < len(lengths) and used + lengths[end] <= room:
            used += lengths[end]
            end += 1
        found.append((start, end))
        if end == len(lengths):
            break
        back, kept = end, 0
        while back - 1 > start and kept + lengths[back - 1] <= OVERLAP:
            back -= 1
            kept += lengths[back]
        start = back
    return found


def viterbi(probabilities: NDArray[np.float32]) -> list[int]:
    """Return the likeliest label of each word such that every I follows a B or I of its own kind.

    Args:
        probabilities: [words, labels], labels in the order O, B-x, I-x, B-y, I-y, …
    """
    if not len(probabilities):
        return []
    count = probabilities.shape[1]
    scores = np.log(np.maximum(probabilities.astype(np.float32), 1e-9))
    allowed = np.zeros((count, count), dtype=np.float32)
    for label in range(2, count, 2):
        allowed[:, label] = -np.inf
        allowed[[label - 1, label], label] = 0.0
    best = scores[0].copy()
    best[2::2] = -np.inf
    back = np.zeros((len(scores), count), dtype=np.int64)
    for index in range(1, len(scores)):
        steps = best[:, None] + allowed
        back[index] = steps.argmax(axis=0)
        best = steps.max(axis=0) + scores[index]
    path = [int(best.argmax())]
    for index in range(len(scores) - 1, 0, -1):
        path.append(int(back[index, path[-1]]))
    return path[::-1]


def spans(path: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return (kind, first word, one past the last) of each span of a path of labels; kinds count from 0."""
    found: list[tuple[int, int, int]] = []
    for index, label in enumerate(path):
        if label % 2:
            found.append((label // 2, index, index + 1))
        elif label:
            kind, start, _ = found[-1]
            found[-1] = (kind, start, index + 1)
    return found
