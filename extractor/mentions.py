"""A mention: a span of the article that may be a slot's value, found by the model or by a rule.

Importing this module registers what the program tagger leaves on a `Doc`: `slot_mentions`, `entities`, `relevance`,
`several` (the probability of more than one program) and `ties`, each None where it was not asked or does not know; it
is not asked for a doc that is `gated_out`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Doc

from extractor.schema import Method

Slot = Literal["facility", "date", "partner", "instructor", "skill", "participants"]
SLOTS: tuple[Slot, ...] = ("facility", "date", "partner", "instructor", "skill", "participants")

for _name in ("slot_mentions", "entities", "relevance", "several", "ties"):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=None)
if not Doc.has_extension("gated_out"):
    Doc.set_extension("gated_out", default=False)


@dataclass(frozen=True, slots=True)
class Mention:
    """`doc.text[start:end]` may be a value of `slot`; `score` in 0..1 is how sure the finder is."""

    slot: Slot
    start: int
    end: int
    score: float
    method: Method
    spans: tuple[tuple[int, int], ...] = ()  # every place that names the same value, where more than this one
