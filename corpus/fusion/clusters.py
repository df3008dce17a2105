"""Which tellings are of one program: the surest first, never two that contradict each other."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from corpus.fusion.evidence import CONTRADICTED, MOST_APART, WEIGHTS, Weights, weigh
from corpus.fusion.telling import Profile

_MOST_BESIDE = 400  # tellings, the next in time, that one is compared with
_MOST_OF_GROUP = 40  # members that speak for a group of many
_MARGIN = 1.0  # of evidence by which a vague telling's place must be surer than its next

Pair = tuple[int, int]


def cluster(profiles: Sequence[Profile], copies: Collection[Pair] = (), by: Weights = WEIGHTS) -> list[list[int]]:
    """Return groups of indices, each of tellings of one program, every index in one of them.

    Groups grow from the surest pair on. Two become one where the mean evidence between their members is enough and no
    member contradicts another, so that no chain joins what does not go together. Tellings that leave the day open
    come last, each to the group that is surely its best; where two are nearly as good it stays alone.

    Args:
        profiles: the tellings, in an order that does not depend on the input's: it decides between equals.
        copies: pairs of tellings, the lower index first, of which one repeats the other's words.
        by: the evidence of each aspect.
    """
    return _Clustering(profiles, frozenset(copies), by).groups()


class _Clustering:
    def __init__(self, profiles: Sequence[Profile], copies: frozenset[Pair], by: Weights) -> None:
        self._profiles, self._copies, self._by = profiles, copies, by
        self._weighed: dict[Pair, float | None] = {}
        self._near: dict[int, set[int]] = defaultdict(set)
        for pair in {*_beside(profiles), *copies}:
            if (self._weigh(*pair) or 0.0) >= by.needed:
                self._near[pair[0]].add(pair[1])
                self._near[pair[1]].add(pair[0])

    def groups(self) -> list[list[int]]:
        """Return the groups, each in order, by their first members."""
        everyone = range(len(self._profiles))
        sharp = [i for i in everyone if not self._is_vague(i)]
        groups = self._grown(sharp)
        left = self._placed(groups, [i for i in everyone if self._is_vague(i)])
        return sorted(sorted(group) for group in [*groups, *self._grown(left)])

    def _is_vague(self, index: int) -> bool:
        window = self._profiles[index].window
        return window is None or window.vague

    def _weigh(self, one: int, other: int) -> float | None:
        pair = (one, other) if one < other else (other, one)
        if pair not in self._weighed:
            a, b = (self._profiles[i] for i in pair)
            self._weighed[pair] = weigh(a, b, copied=pair in self._copies, by=self._by)
        return self._weighed[pair]

    def _between(self, one: Sequence[int], other: Sequence[int]) -> float:
        """Return the mean evidence that two groups are of one program, of the pairs that say something."""
        total, number = 0.0, 0
        for a in one[:_MOST_OF_GROUP]:
            for b in other[:_MOST_OF_GROUP]:
                evidence = self._weigh(a, b)
                if evidence == CONTRADICTED:
                    return CONTRADICTED
                if evidence is not None:
                    total, number = total + evidence, number + 1
        return total / number if number else CONTRADICTED

    def _grown(self, members: Iterable[int]) -> list[list[int]]:
        """Return the members in groups, the surest two of which are joined until none are sure enough."""
        groups = {i: [i] for i in members}
        of = {i: i for i in groups}
        queue = [(-self._between([i], [j]), i, j) for i in groups for j in self._near[i] if i < j and j in groups]
        heapq.heapify(queue)
        sizes = dict.fromkeys(groups, 1)
        stale = {(i, j): (1, 1) for _, i, j in queue}
        while queue:
            _, i, j = heapq.heappop(queue)
            if i not in groups or j not in groups or stale[i, j] != (sizes[i], sizes[j]):
                continue
            groups[i] = sorted(groups[i] + groups.pop(j))
            of.update(dict.fromkeys(groups[i], i))
            sizes[i] = len(groups[i])
            around = {of[n] for m in groups[i] for n in self._near[m] if n in of} - {i}
            for other in around:
                pair = (i, other) if i < other else (other, i)
                evidence = self._between(groups[pair[0]], groups[pair[1]])
                if evidence >= self._by.needed:
                    stale[pair] = (sizes[pair[0]], sizes[pair[1]])
                    heapq.heappush(queue, (-evidence, *pair))
        return list(groups.values())

    def _placed(self, groups: list[list[int]], vague: Iterable[int]) -> list[int]:
        """Put each vague telling to its group; return those that have none, or two."""
        of = {i: number for number, group in enumerate(groups) for i in group}
        wishes, left = [], []
        for index in vague:
            near = sorted({of[n] for n in self._near[index] if n in of})
            ranked = sorted(((self._between([index], groups[n]), -n) for n in near), reverse=True)
            best, second = (*ranked, (-math.inf, 0), (-math.inf, 0))[:2]
            if best[0] >= self._by.needed and best[0] - second[0] >= _MARGIN:
                wishes.append((-best[0], index, -best[1]))
            else:
                left.append(index)
        for _, index, number in sorted(wishes):
            if self._between([index], groups[number]) >= self._by.needed:
                groups[number].append(index)
            else:
                left.append(index)
        return sorted(left)


def _beside(profiles: Sequence[Profile]) -> Iterator[Pair]:
    """Yield the pairs of one place whose days are near enough to each other, or unknown."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, profile in enumerate(profiles):
        if profile.place:
            places[profile.place].append(index)
    for members in places.values():
        known = sorted((w.start, i, w.end) for i in members if (w := profiles[i].window))
        for at, (_, index, end) in enumerate(known):
            for start, other, _ in known[at + 1 : at + 1 + _MOST_BESIDE]:
                if start - end > MOST_APART:
                    break
                yield (index, other) if index < other else (other, index)
        for index in (i for i in members if profiles[i].window is None):
            for other in members[:_MOST_BESIDE]:
                if index != other:
                    yield (index, other) if index < other else (other, index)
