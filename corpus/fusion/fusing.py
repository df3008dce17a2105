"""From tellings to fused programs, whatever their order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from corpus.copies import Copy
from corpus.fusion.clusters import Pair, cluster
from corpus.fusion.evidence import CONTRADICTED, WEIGHTS, Weights, weigh
from corpus.fusion.merging import merge
from corpus.fusion.model import FusedProgram
from corpus.fusion.telling import Profile, Telling, in_order, profile


def fuse(
    tellings: Iterable[Telling],
    copies: Iterable[Copy] = (),
    keys: Mapping[tuple[str, int], str] | None = None,
    by: Weights = WEIGHTS,
) -> Iterator[FusedProgram]:
    """Yield the programs that the tellings are of, each telling in one of them, the earliest published first.

    Args:
        tellings: no two with the same `id`.
        copies: articles that repeat others' text (`corpus.copies`).
        keys: the programs that tellings were of before, by `Telling.id`: a program keeps its key.
        by: the evidence of each aspect.
    """
    ordered = sorted(tellings, key=in_order)
    profiles = [profile(telling) for telling in ordered]
    copies = list(copies)
    groups = cluster(profiles, set(_copied(ordered, profiles, copies)), by)
    originals = _originals(copies)
    members = [[ordered[i] for i in group] for group in groups]
    for group, key in zip(members, _keys(members, keys or {}), strict=True):
        yield merge(group, originals, key)


def _copied(tellings: Sequence[Telling], profiles: Sequence[Profile], copies: Iterable[Copy]) -> Iterator[Pair]:
    """Yield the programs of a copy and its original that are at each other's place: those that agree best."""
    of: dict[str, list[int]] = defaultdict(list)
    for index, telling in enumerate(tellings):
        of[telling.origin.article].append(index)
    for copy in copies:
        pairs = [
            (weigh(profiles[i], profiles[j], copied=True) or CONTRADICTED, i, j)
            for i in of[copy.article]
            for j in of[copy.of]
        ]
        free = {i for _, *pair in pairs for i in pair}
        for evidence, i, j in sorted(pairs, key=lambda p: (-p[0], *sorted(p[1:]))):
            if evidence > CONTRADICTED and {i, j} <= free:
                free -= {i, j}
                yield (i, j) if i < j else (j, i)


def _originals(copies: Iterable[Copy]) -> dict[str, str]:
    """Return what stands for all articles with one text, by article."""
    parent: dict[str, str] = {}

    def root(article: str) -> str:
        while (above := parent.get(article, article)) != article:
            article = above
        return article

    for one, other, _ in sorted(copies):
        first, last = sorted((root(one), root(other)))
        parent[last] = first
    return {article: root(article) for copy in copies for article in copy[:2]}


def _keys(groups: Sequence[Sequence[Telling]], known: Mapping[tuple[str, int], str]) -> list[str]:
    """Return a key for each group, no two the same: the one that most of its members had, else its first member's."""
    keys: dict[int, str] = {}
    taken: set[str] = set()
    wishes = (
        (number, index, key)
        for index, group in enumerate(groups)
        for key, number in Counter(known[t.id] for t in group if t.id in known).items()
    )
    for _, index, key in sorted(wishes, key=lambda w: (-w[0], *w[1:])):
        if index not in keys and key not in taken:
            keys[index] = key
            taken.add(key)
    for index, group in enumerate(groups):
        if index not in keys:
            base = min(group, key=in_order).program.key
            keys[index] = next(k for k in _numbered(base) if k not in taken)
            taken.add(keys[index])
    return [keys[index] for index in range(len(groups))]


def _numbered(key: str) -> Iterator[str]:
    yield key
    number = 2
    while True:
        yield f"{key}-{number}"
        number += 1
