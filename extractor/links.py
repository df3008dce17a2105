"""Which values belong to one program: a linear model over how their mentions stand to each other."""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Generic, TypeVar

from spacy.tokens import Doc

from extractor.language import text_of
from extractor.language.sentences import sentence_ends
from extractor.mentions import Slot
from extractor.schema import Value
from extractor.slots import ranking
from extractor.slots.ranking import Span
from extractor.slots.tagged import STEPS
from extractor.ties import Ties

V_co = TypeVar("V_co", bound=Value, covariant=True)

_NEAR = (0, 40, 100, 200, 400, 800)  # characters between two mentions


@dataclass(frozen=True, slots=True)
class Found(Generic[V_co]):
    """A value with every place in `doc.text` that names it, its evidence's first."""

    slot: Slot
    value: V_co
    spans: tuple[Span, ...]


Group = list[Found[Value]]


def of_slot(group: Group, slot: Slot) -> Group:
    """Return the values of one slot, in their order."""
    return [f for f in group if f.slot == slot]


class Layout:
    """Sentences and paragraphs of an article, and how its values lie in them."""

    def __init__(self, doc: Doc, found: Sequence[Found[Value]]) -> None:
        self.text = text_of(doc)
        self.body = int(doc._.body_start)
        self.rankers = doc._.rankers
        self.sentences = sentence_ends(self.text)
        self.paragraphs = [m.start() for m in re.finditer(r"\n+", self.text)]
        self.found = found
        self._links: dict[tuple[int, int], float] = {}
        counts = {slot: sum(f.slot == slot for f in found) for slot in ("skill", "partner", "date", "participants")}
        self.general = {f"{slot}s={min(count, 5)}" for slot, count in counts.items()}
        if ranking.several(self.text):
            self.general.add("several")
        self.ties: Ties | None = doc._.ties
        self.tags: set[str] = set()
        if doc._.several is not None:
            self.tags = {"m", *(f"m>{step}" for step in STEPS if doc._.several > step)}

    def features(self, a: Found[Value], b: Found[Value]) -> set[str]:
        """Return how two values stand to each other; order does not matter."""
        if (a.slot, a.spans[0]) > (b.slot, b.spans[0]):
            a, b = b, a
        x, y = self._closest(a, b)
        first, last = (x, y) if x <= y else (y, x)
        gap = self.text[first[1] : last[0]]
        inside = len(gap) == 0
        pair = f"{a.slot}-{b.slot}"
        plain = {
            f"near={sum(len(gap) > n for n in _NEAR)}",
            f"sentences={min(self.between(self.sentences, first, last), 4)}",
            f"paragraphs={min(self.between(self.paragraphs, first, last), 4)}",
            f"order={x <= y}",
            f"title={x[0] < self.body or y[0] < self.body}",
            f"a-between={min(self._others(a, b, a.slot, first, last), 3)}",
            f"b-between={min(self._others(a, b, b.slot, first, last), 3)}",
            f"a-nearest={self._nearest(a, b)}",
            f"b-nearest={self._nearest(b, a)}",
        }
        if len(gap) <= 200 and not inside:
            plain |= {f"cue={cue}" for cue in _cues(gap)}
            plain |= {f"mark={mark}" for mark in ",;.:" if mark in gap}
        plain |= self.general | {f"several:{tag}" for tag in self.tags}
        if self.ties is not None:
            tie = self.ties.between(x, y)
            best = max(self.ties.between(p, q) for p in a.spans[:4] for q in b.spans[:4])
            plain |= {f"tie>{step}" for step in STEPS if tie > step} | {f"tied>{step}" for step in STEPS if best > step}
        if a.slot == b.slot == "skill":
            plain.add(f"category={getattr(a.value, 'category', '') == getattr(b.value, 'category', '')}")
            plain |= self._company(a, b, first, last)
        return {f"{pair}:{feature}" for feature in plain} | plain | {pair}

    def linked(self, a: Found[Value], b: Found[Value]) -> float:
        """Return the probability that two values belong to one program."""
        pair = (id(a), id(b)) if id(a) < id(b) else (id(b), id(a))
        if pair not in self._links:
            self._links[pair] = ranking.sigmoid(ranking.judge(self.rankers, "link", self.features(a, b)))
        return self._links[pair]

    def alike(self, features: set[str]) -> float:
        """Return the logit that two groups of values are one program, by these features and the tagger's word."""
        return ranking.rate(self.rankers, "alike", features, self.tags)

    @cached_property
    def cues(self) -> list[str]:
        """The cues between values that stand anywhere in the article's body."""
        return _cues(self.text[self.body :])

    def _closest(self, a: Found[Value], b: Found[Value]) -> tuple[Span, Span]:
        """Return the two mentions with the least text between them, those of the body before the title's."""
        pairs = [(x, y) for x in a.spans[:6] for y in b.spans[:6]]
        return min(pairs, key=lambda p: (min(p[0][0], p[1][0]) < self.body, max(p[0][0] - p[1][1], p[1][0] - p[0][1])))

    def _distance(self, a: Found[Value], b: Found[Value]) -> int:
        x, y = self._closest(a, b)
        return max(x[0] - y[1], y[0] - x[1]) + (len(self.text) if min(x[0], y[0]) < self.body else 0)

    def between(self, marks: list[int], first: Span, last: Span) -> int:
        """Return how many of the `marks`, such as ends of sentences, stand between two mentions."""
        return bisect_right(marks, last[0]) - bisect_right(marks, first[0])

    def _others(self, a: Found[Value], b: Found[Value], slot: Slot, first: Span, last: Span) -> int:
        return sum(
            any(first[1] <= start and end <= last[0] for start, end in f.spans)
            for f in self.found
            if f.slot == slot and f is not a and f is not b
        )

    def _company(self, a: Found[Value], b: Found[Value], first: Span, last: Span) -> set[str]:
        """Return whether two skills have the same neighbors, and which values stand between them."""
        seen = set()
        for slot in ("facility", "date", "partner", "instructor", "participants"):
            others = [f for f in self.found if f.slot == slot]
            if len(others) > 1:
                near = [min(others, key=lambda o: self._distance(x, o)) for x in (a, b)]
                seen.add(f"near {slot} alike={near[0] is near[1]}")
                seen.add(f"{slot} between={min(self._others(a, b, slot, first, last), 2)}")
        return seen

    def _nearest(self, of: Found[Value], to: Found[Value]) -> bool:
        """Tell whether no other value of its slot stands nearer to `to`."""
        own = self._distance(of, to)
        rivals = (f for f in self.found if f.slot == of.slot and f is not of and f is not to)
        return all(self._distance(rival, to) >= own for rival in rivals)


@cache
def _cue_patterns() -> dict[str, re.Pattern[str]]:
    with files("extractor").joinpath("link_cues.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    words: dict[str, list[str]] = {}
    for row in rows:
        words.setdefault(row["cue"], []).append(row["words"])
    return {cue: re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE) for cue, forms in words.items()}


def _cues(gap: str) -> list[str]:
    """Return the cues of link_cues.csv (compiled here from the annotated articles) in the words between."""
    return [cue for cue, pattern in _cue_patterns().items() if pattern.search(gap)]
