"""Rules and model in one list: the one place where the two meet."""

from __future__ import annotations

from dataclasses import replace

from extractor.mentions import Mention


def combine(rules: list[Mention], model: list[Mention]) -> list[Mention]:
    """Return the mentions of one slot, each saying which of the two found it.

    Where a rule and the model found the same words the rule's edges stand, with the chance that at least one of
    two independent witnesses is right (noisy or); what only one found keeps its own score.
    """
    found = []
    for mention in rules:
        witness = max((m.score for m in model if _overlap(m, mention)), default=0.0)
        found.append(replace(mention, score=1 - (1 - mention.score) * (1 - witness)))
    return found + [m for m in model if not any(_overlap(m, r) for r in rules)]


def _overlap(a: Mention, b: Mention) -> bool:
    return a.slot == b.slot and a.start < b.end and b.start < a.end
