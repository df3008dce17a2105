"""Prune the vocabulary to Indonesian: in, texts and the encoder; out, the ids to keep, a tokenizer."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tokenizers import Tokenizer, normalizers
from tokenizers.models import Unigram

from extractor.tagging import UNK, split_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.training.encoder import Encoder

SPECIAL = 4
LATIN_END, PUNCTUATION = 0x250, range(0x2010, 0x20C0)


def tokenizer(pieces: list[str], scores: list[float]) -> Tokenizer:
    """Return a tokenizer for single words over these pieces; ids are positions in the list."""
    made = Tokenizer(Unigram(list(zip(pieces, scores, strict=True)), unk_id=UNK, byte_fallback=False))
    made.normalizer = normalizers.NFKC()
    return made


def kept(encoder: Encoder, texts: Iterable[str], least: int = 2) -> list[int]:
    """Return the ids to keep, ascending: special, single Latin characters, seen `least` times or more."""
    words: Counter[str] = Counter()
    for text in texts:
        for start, end in split_words(text):
            words[("▁" if start == 0 or text[start - 1].isspace() else "") + text[start:end]] += 1
    full = tokenizer(encoder.pieces, encoder.scores)
    seen: Counter[int] = Counter()
    for word, count in words.items():
        for number in full.encode(word, add_special_tokens=False).ids:
            seen[number] += count
    keep = set(range(SPECIAL)) | {number for number, count in seen.items() if count >= least}
    for index, piece in enumerate(encoder.pieces):
        bare = piece.removeprefix("▁")
        if len(bare) <= 1 and (not bare or ord(bare) < LATIN_END or ord(bare) in PUNCTUATION):
            keep.add(index)
    keep.discard(encoder.pieces.index("<mask>"))
    return sorted(keep)
