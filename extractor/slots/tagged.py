"""What the program tagger says of a candidate: further features for its ranker, and spans that no rule found."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Doc

from extractor.mentions import Mention, Slot
from extractor.schema import Method
from extractor.slots.ranking import Span

STEPS = (0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.93, 0.98)
LIKELY = 0.5


def features(doc: Doc, slot: Slot, spans: Iterable[Span], method: Method = "rule") -> set[str]:
    """Return how sure the tagger is that one of `spans` is a mention of the slot; nothing without a tagger.

    "m>0.5" are steps of its best score, "m=edges" says that it ends the span alike, "m2" that it marked several of the
    spans, "m=best" that no mention in the article is surer, "m!date" that it takes the words for another slot,
    "by=model" that no rule found the candidate; "e=PER" that one is or holds a person to it, "e=PER&edges" just one.
    """
    if doc._.slot_mentions is None:
        return set()
    own = [m.score for m in doc._.slot_mentions if m.slot == slot]
    best, edges, marked, found = 0.0, False, 0, set()
    for start, end in spans:
        near = [m for m in doc._.slot_mentions if m.start < end and start < m.end]
        mine = max((m.score for m in near if m.slot == slot), default=0.0)
        best = max(best, mine)
        marked += mine >= LIKELY
        edges = edges or any(m.slot == slot and (m.start, m.end) == (start, end) for m in near)
        found |= {f"m!{m.slot}" for m in near if m.slot != slot and m.score >= LIKELY and m.score > mine}
        for e in doc._.entities or ():
            if e.start < end and start < e.end:
                found |= (
                    {f"e={e.label}", f"e={e.label}&edges"} if (e.start, e.end) == (start, end) else {f"e={e.label}"}
                )
    found |= {f"m>{step}" for step in STEPS if best > step}
    found |= {f"by={method}", f"m{min(marked, 4)}", f"m:n={min(sum(s >= LIKELY for s in own), 5)}"}
    if edges:
        found.add("m=edges")
    if best and best >= max(own):
        found.add("m=best")
    return found


def unseen(doc: Doc, slot: Slot, spans: Iterable[Span]) -> list[Mention]:
    """Return the tagger's mentions of the slot that touch none of `spans`."""
    spans = list(spans)
    return [
        m
        for m in doc._.slot_mentions or []
        if m.slot == slot and not any(m.start < end and start < m.end for start, end in spans)
    ]
