"""A second look at a slot's candidates, surest first: each in the light of those that are surer.

What is said twice, or in general beside the particular, is one value ("tata boga" beside "membuat roti"): a linear
model over the ranker's score and how a candidate stands to the surer ones, fitted on scores of held-out articles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from spacy.tokens import Doc

from extractor.mentions import Mention, Slot
from extractor.schema import Method
from extractor.slots import ranking
from extractor.slots.ranking import Rankers, Span

_GAPS = (0.5, 1, 2, 3, 4)
_LIST, _NEAR = 12, 60  # characters between members of a list, of a sentence


class Found(Protocol):
    """What a slot's candidate has: where it stands, all its places, what is seen of it, who found it."""

    @property
    def span(self) -> Span:
        """Where its evidence stands."""
        ...

    @property
    def spans(self) -> list[Span]:
        """Every place that names it."""
        ...

    @property
    def features(self) -> set[str]:
        """The words around it."""
        ...

    @property
    def tags(self) -> set[str]:
        """What the tagger says of it."""
        ...

    @property
    def method(self) -> Method:
        """Who found it."""
        ...


@dataclass(frozen=True, slots=True)
class Rated:
    """A candidate as the second look sees it: its words without affixes, its kind, and what it is known to be."""

    logit: float
    stems: frozenset[str]
    kind: str
    marks: frozenset[str]
    spans: tuple[Span, ...]


RatedBy = Callable[[Doc, Any, list[float]], list[Rated]]


def features(one: Rated, surer: Sequence[Rated]) -> set[str]:
    """Return how `one` stands to the candidates that are surer."""
    found = ranking.steps(one.logit)
    found |= {f"rank={min(len(surer), 4)}", f"mentions={min(len(one.spans), 3)}", f"words={min(len(one.stems), 3)}"}
    found |= set(one.marks)
    if surer:
        found |= _lead("top", max(s.logit for s in surer) - one.logit)
    alike = [s for s in surer if s.kind == one.kind]
    if alike:
        found |= {"alike", f"alike={min(len(alike), 3)}", *(f"alike&{mark}" for mark in one.marks)}
        found |= _lead("alike", max(s.logit for s in alike) - one.logit)
        found |= {f"alike&{mark}" for s in alike for mark in (f"beside:{m}" for m in s.marks)}
    for name, group in (
        ("shared", [s for s in surer if s.stems & one.stems]),
        ("within", [s for s in surer if one.stems <= s.stems]),
        ("around", [s for s in surer if s.stems <= one.stems]),
    ):
        if group:
            found |= {name, f"{name}&alike={any(s.kind == one.kind for s in group)}"}
            found |= _lead(name, max(s.logit for s in group) - one.logit)
    distance = min((_distance(one, s) for s in surer), default=1000)
    found |= {f"near={(distance > _LIST) + (distance > _NEAR)}"}
    if distance <= _LIST:
        found |= _lead("list", max(s.logit for s in surer if _distance(one, s) <= _LIST) - one.logit)
    return found


def _lead(name: str, lead: float) -> set[str]:
    return {f"{name}+{gap}" for gap in _GAPS if lead > gap} | {f"{name}+"}


def _distance(a: Rated, b: Rated) -> int:
    return min(max(x[0] - y[1], y[0] - x[1]) for x in a.spans[:4] for y in b.spans[:4])


def scores(rankers: Rankers | None, slot: str, rated: Sequence[Rated]) -> list[float]:
    """Return the probability of each candidate on the second look, in the order given.

    Args:
        rankers: the set that the doc is read with.
        slot: whose candidates they are; where no second look was fitted the first one's score stands.
        rated: the candidates of the article.
    """
    table = f"{slot}.beside"
    if table not in (ranking.load("rules") if rankers is None else rankers):
        return [ranking.sigmoid(r.logit) for r in rated]
    return [ranking.sigmoid(ranking.judge(rankers, table, found)) for found in looks(rated)]


def mentions(doc: Doc, slot: Slot, found: Sequence[Found], rated: RatedBy) -> list[Mention]:
    """Return each candidate as a mention, scored on the second look.

    Args:
        doc: the article.
        slot: whose candidates they are.
        found: the candidates.
        rated: the slot's way to see candidates with their first look's logits.
    """
    logits = [ranking.rate(doc._.rankers, slot, c.features, c.tags) for c in found]
    return [
        Mention(slot, *c.span, score, c.method, tuple(c.spans))
        for c, score in zip(found, scores(doc._.rankers, slot, rated(doc, found, logits)), strict=True)
    ]


def looks(rated: Sequence[Rated]) -> list[set[str]]:
    """Return the features of each candidate beside the surer ones, in the order given."""
    found: list[set[str]] = [set() for _ in rated]
    surest = order(rated)
    for place, index in enumerate(surest):
        found[index] = features(rated[index], [rated[i] for i in surest[:place]])
    return found


def order(rated: Sequence[Rated]) -> list[int]:
    """Return the numbers of the candidates, surest first."""
    return sorted(range(len(rated)), key=lambda i: (-rated[i].logit, rated[i].spans[0]))
