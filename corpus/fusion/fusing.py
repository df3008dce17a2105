"""From tellings to fused programs, whatever their order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from corpus.copies import Copy
from corpus.fusion.clusters import Pair, cluster
from corpus.fusion.evidence import CONTRADICTED, WEIGHTS, Weights, weigh
from corpus.fusion.merging import merge
from corpus.fusion.model import FusedProgram
from corpus.fusion.telling import Profile, Telling, TellingId, profile


def fuse(
    tellings: Iterable[Telling],
    copies: Collection[Copy] = (),
    keys: Mapping[TellingId, str] | None = None,
    by: Weights = WEIGHTS,
) -> Iterator[FusedProgram]:
    """Yield the programs that the tellings are of, each telling in one of them, the earliest published first.

    Args:
        tellings: no two of one article and position.
        copies: articles that repeat others' text (`corpus.copies`).
        keys: the programs that tellings were of before: a program keeps its key.
        by: the evidence of each aspect.
    """
    of = {(t.origin.article, t.position): t for t in tellings}
    originals = originals_of(copies)
    for key, group in group_profiles((profile(t) for t in of.values()), copies, keys or {}, by):
        yield merge([of[p.id] for p in group], originals, key)


def group_profiles(
    profiles: Iterable[Profile], copies: Collection[Copy], keys: Mapping[TellingId, str], by: Weights = WEIGHTS
) -> list[tuple[str, list[Profile]]]:
    """Return the tellings of each program under its key, in order of publication; the arguments are those of `fuse`."""
    ordered = sorted(profiles, key=lambda p: p.age)
    groups = [[ordered[i] for i in group] for group in cluster(ordered, set(_copied(ordered, copies, by)), by)]
    return list(zip(_keys(groups, keys), groups, strict=True))


def originals_of(copies: Iterable[Copy]) -> dict[str, str]:
    """Return what stands for all articles with one text, by article; an article that is no copy is left out."""
    above: dict[str, str] = {}

    def root(article: str) -> str:
        while article in above:
            article = above[article]
        return article

    articles = set()
    for one, other, _ in sorted(copies):
        articles |= {one, other}
        first, last = sorted((root(one), root(other)))
        if first != last:
            above[last] = first
    return {article: root(article) for article in articles}


def _copied(profiles: Sequence[Profile], copies: Iterable[Copy], by: Weights) -> Iterator[Pair]:
    """Yield the programs of a copy and its original that are each other's: those that agree best."""
    of: dict[str, list[int]] = defaultdict(list)
    for index, one in enumerate(profiles):
        of[one.article].append(index)
    for article, other, _ in copies:
        found = [(i, j) if i < j else (j, i) for i in of[article] for j in of[other]]
        rated = [(weigh(profiles[i], profiles[j], copied=True, by=by), i, j) for i, j in found]
        free = {*of[article], *of[other]}
        for evidence, i, j in sorted(((e, i, j) for e, i, j in rated if e), key=lambda r: (-r[0], r[1], r[2])):
            if evidence > CONTRADICTED and {i, j} <= free:
                free -= {i, j}
                yield i, j


def _keys(groups: Sequence[Sequence[Profile]], known: Mapping[TellingId, str]) -> list[str]:
    """Return a key for each group, no two the same: that which most of its members had, else its first member's."""
    wishes = [
        (-number, index, key)
        for index, group in enumerate(groups)
        for key, number in Counter(known[p.id] for p in group if p.id in known).items()
    ]
    keys: dict[int, str] = {}
    taken: set[str] = set()
    for _, index, key in sorted(wishes):
        if index not in keys and key not in taken:
            keys[index] = key
            taken.add(key)
    for index, group in enumerate(groups):
        if index not in keys:
            keys[index] = _free(group[0].key, taken)
            taken.add(keys[index])
    return [keys[index] for index in range(len(groups))]


def _free(key: str, taken: Collection[str]) -> str:
    """Return the key, numbered from 2 where programs of the same month and trade have it."""
    number = 1
    while (numbered := key if number == 1 else f"{key}-{number}") in taken:
        number += 1
    return numbered
