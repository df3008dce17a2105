"""A mention: a span of the article that may be a slot's value, found by the model or by a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extractor.schema import Method

Slot = Literal["facility", "date", "partner", "instructor", "skill", "participants"]
SLOTS: tuple[Slot, ...] = ("facility", "date", "partner", "instructor", "skill", "participants")


@dataclass(frozen=True, slots=True)
class Mention:
    """`doc.text[start:end]` may be a value of `slot`; `score` in 0..1 is how sure the finder is."""

    slot: Slot
    start: int
    end: int
    score: float
    method: Method
