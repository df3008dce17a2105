"""Which of an article's programs a value belongs to: a linear model over how it stands to what marks each one out.

The weights are the table "home", fitted by `models.training.links` on annotated articles with several programs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from extractor.links import Found, Group, Layout, of_slot
from extractor.mentions import Slot
from extractor.schema import Value
from extractor.slots import ranking
from extractor.slots.ranking import Span
from extractor.slots.tagged import STEPS

HOME = 0.5  # the likelihood from which a value belongs to a further program too
_LEADS = (-0.6, -0.3, -0.1, -0.02, 0.02, 0.1, 0.3, 0.6)


class Mark(NamedTuple):
    """A place in the article that names what only one program has."""

    span: Span
    program: int


class Homes:
    """The cores of an article's programs: facility, skills or date that tell each from the others."""

    def __init__(self, layout: Layout, cores: list[Group]) -> None:
        self.layout, self.size = layout, len(cores)
        self._strongest: dict[int, list[float]] = {}
        counts = Counter(id(f) for core in cores for f in core)
        self.own = [[f for f in core if counts[id(f)] == 1] or list(core) for core in cores]
        named = (Mark(span, i) for i, core in enumerate(self.own) for f in core for span in f.spans)
        self.marks = sorted({mark for mark in named if mark.span[0] >= layout.body})
        firsts = [min((m.span for m in self.marks if m.program == i), default=(1 << 30, 0)) for i in range(self.size)]
        self.order = sorted(range(self.size), key=lambda i: firsts[i])

    def chances(self, value: Found[Value], peers: Group) -> list[float]:
        """Return the probability that each program has the value.

        Args:
            value: the value.
            peers: all values of its slot.
        """
        rankers = self.layout.rankers
        return [ranking.sigmoid(ranking.judge(rankers, "home", seen)) for seen in self.features(value, peers)]

    def features(self, value: Found[Value], peers: Group) -> list[set[str]]:
        """Return how the value stands to each program."""
        links = self._links(value)
        near = self._neighbors(value)
        seen = [
            self._linked(links, i) | self._rivals(value, links[i], i, peers) | self._around(value, i, near)
            for i in range(self.size)
        ]
        whole = {f"programs={min(self.size, 4)}", f"peers={min(len(peers), 4)}", *self.layout.general}
        return [
            {f"{value.slot}:{f}" for f in one | whole} | {f for f in one if not f.startswith("peers")} for one in seen
        ]

    def _links(self, value: Found[Value]) -> list[float]:
        """Return the strongest link of the value with each program's own."""
        if id(value) not in self._strongest:
            self._strongest[id(value)] = [max(self.layout.linked(value, f) for f in core) for core in self.own]
        return self._strongest[id(value)]

    def _neighbors(self, value: Found[Value]) -> set[tuple[str, int]]:
        """Return the programs whose marks share a sentence or a paragraph with a mention of the value."""
        pairs = ((self._near(mark.span, span), mark.program) for span in value.spans[:4] for mark in self.marks)
        return {(near, program) for near, program in pairs if near != "far"}

    def _linked(self, links: Sequence[float], program: int) -> set[str]:
        link, rest = links[program], [x for i, x in enumerate(links) if i != program]
        lead = link - max(rest, default=0.0)
        return {
            *(f"link>{step}" for step in STEPS if link > step),
            *(f"lead>{step}" for step in _LEADS if lead > step),
            f"best={lead >= 0}",
        }

    def _rivals(self, value: Found[Value], link: float, program: int, peers: Group) -> set[str]:
        """Return how the other values of the slot stand to the program."""
        others = [self._links(p)[program] for p in peers if p is not value]
        seen = {f"surest={link >= max(others, default=0.0)}"}
        if len(peers) == self.size:
            place = sorted(peers, key=self._first).index(value)
            seen.add(f"in order={self.order[place] == program}")
        return seen

    def _around(self, value: Found[Value], program: int, neighbors: set[tuple[str, int]]) -> set[str]:
        """Return which programs' marks stand before and after the value, and how near."""
        first = self._first(value)
        before = max((m for m in self.marks if m.span[1] <= first[0]), default=None, key=lambda m: m.span[1])
        after = min((m for m in self.marks if m.span[0] >= first[1]), default=None, key=lambda m: m.span[0])
        left, right = self._stands(before, first, program), self._stands(after, first, program)
        seen = {f"before={left}", f"after={right}", f"around={left}|{right}", f"title={first[0] < self.layout.body}"}
        for near in ("sentence", "paragraph"):
            own = (near, program) in neighbors
            other = any(n == near and p != program for n, p in neighbors)
            seen |= {f"{near}:own"} if own else set()
            seen |= {f"{near}:other"} if other else set()
            if own != other:
                seen.add(f"{near}:only {'own' if own else 'other'}")
        return seen

    def _stands(self, mark: Mark | None, span: Span, program: int) -> str:
        if mark is None:
            return "none"
        return f"{'own' if mark.program == program else 'other'} {self._near(mark.span, span)}"

    def _near(self, a: Span, b: Span) -> str:
        first, last = (a, b) if a <= b else (b, a)
        if self.layout.between(self.layout.sentences, first, last) == 0:
            return "sentence"
        return "far" if self.layout.between(self.layout.paragraphs, first, last) else "paragraph"

    def _first(self, value: Found[Value]) -> Span:
        """Return where the body names the value first, or the title where it does not."""
        return next((s for s in sorted(value.spans) if s[0] >= self.layout.body), value.spans[0])


def at_home(layout: Layout, cores: list[Group], found: Group) -> list[Group]:
    """Return each core with the values that are likely its own; each value is somebody's."""
    groups = [list(core) for core in cores]
    if len(groups) == 1:
        return [groups[0] + [f for f in found if f.slot in ("partner", "instructor", "participants")]]
    homes = Homes(layout, cores)
    slots: tuple[Slot, ...] = ("partner", "instructor", "participants")
    for slot in slots:
        peers = of_slot(found, slot)
        chances = [homes.chances(value, peers) for value in peers]
        for value, row in zip(peers, chances, strict=True):
            for i, (group, chance) in enumerate(zip(groups, row, strict=True)):
                if (chance == max(row) or chance >= HOME) and (
                    slot != "participants" or chance == max(other[i] for other in chances)
                ):
                    group.append(value)
    return groups
