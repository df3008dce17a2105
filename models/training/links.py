"""Fit the links between values: in, annotated articles with fitted rankers; out, weights of extractor.links."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any

from corpus.evaluation import as_article
from corpus.matching import same, values
from extractor.cores import cores, trades
from extractor.homes import Homes
from extractor.links import Found, Group, Layout, of_slot
from extractor.pipeline import read_values
from extractor.programs import merged, pair_features, parted
from models.training.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Doc

    from extractor.mentions import Slot
    from extractor.schema import Value

KEYS = {
    "facility": "facility",
    "date": "date",
    "partner": "partners",
    "instructor": "instructors",
    "skill": "skills",
    "participants": "participants",
}


def rows(docs: Iterable[tuple[Doc, dict[str, Any]]]) -> list[Row]:
    """Return every pair of right values of different kinds, or of skills, with whether they are of one program."""
    made = []
    for number, (doc, article) in enumerate(docs):
        if not article["programs"]:
            continue
        found = read_values(doc, as_article(article)).found
        layout = Layout(doc, found)
        homes = [(f, home) for f in found if (home := _programs(f, article["programs"]))]
        for (a, one), (b, other) in combinations(homes, 2):
            if a.slot != b.slot or a.slot == "skill":
                made.append(Row(number, layout.features(a, b), bool(one & other)))
    return made


def pair_rows(docs: Iterable[tuple[Doc, dict[str, Any]]]) -> list[Row]:
    """Return every two groups of values, on the way to the annotated programs, and whether they are one program."""
    made = []
    for number, (doc, article) in enumerate(docs):
        if not article["programs"]:
            continue
        values = read_values(doc, as_article(article))
        if not any(f.slot in ("facility", "skill") for f in values.found):
            continue
        layout = Layout(doc, values.found)
        groups = parted(layout, cores(layout, values.found, values.spare), values.found)
        for a, b, one in _on_the_way(groups, article["programs"]):
            made.append(Row(number, pair_features(layout, a, b), one, layout.tags))
    return made


def _on_the_way(groups: list[Group], programs: list[dict[str, Any]]) -> Iterator[tuple[Group, Group, bool]]:
    """Yield every two groups that are met when those of one program are made one, and whether they are."""
    left = dict(enumerate(groups))
    pairs = list(combinations(left, 2))
    while pairs:
        homes = {i: _told(group, list(left.values()), programs) for i, group in left.items()}
        one = [homes[i] is None or homes[j] is None or homes[i] == homes[j] for i, j in pairs]
        yield from ((left[i], left[j], same) for (i, j), same in zip(pairs, one, strict=True))
        first = next(
            ((i, j) for i, j in combinations(left, 2) if None in (homes[i], homes[j]) or homes[i] == homes[j]), None
        )
        if first is None:
            return
        left[first[0]] = merged(left[first[0]], left.pop(first[1]))
        pairs = [pair for pair in combinations(left, 2) if first[0] in pair]


def _told(group: Group, groups: list[Group], programs: list[dict[str, Any]]) -> int | None:
    """Return the number of the annotated program that a group says most of, its own values before shared ones.

    None where none of its skills is annotated.
    """
    votes: Counter[int] = Counter()
    for value in group:
        shared = sum(any(f is value for f in other) for other in groups) > 1
        for number in _programs(value, programs):
            votes[number] += 1 if shared else 3
    skills = of_slot(group, "skill")
    if not votes or (skills and not any(_programs(f, programs) for f in skills)):
        return None
    return votes.most_common(1)[0][0]


def home_rows(docs: Iterable[tuple[Doc, dict[str, Any]]]) -> list[Row]:
    """Return each right value beside each program of an article with several, with whether it is that program's.

    Dates stand beside facilities and skills, the other values beside those with their dates, as they are read.
    """
    made = []
    for number, (doc, article) in enumerate(docs):
        if len(article["programs"]) < 2:
            continue
        values = read_values(doc, as_article(article))
        if not any(f.slot in ("facility", "skill") for f in values.found):
            continue
        layout = Layout(doc, values.found)
        dated = cores(layout, values.found, values.spare)
        slots: tuple[Slot, ...] = ("date", "partner", "instructor", "participants")
        for slot in slots:
            homes = Homes(layout, trades(layout, values.found) if slot == "date" else dated)
            peers = of_slot(values.found, slot)
            made += [Row(number, *row) for row in _beside(homes, peers, article["programs"])]
    return made


def _beside(homes: Homes, peers: Group, programs: list[dict[str, Any]]) -> Iterator[tuple[set[str], bool]]:
    meant = [_meant(core, programs) for core in homes.own]
    for value in peers if homes.size > 1 else ():
        if own := _programs(value, programs):
            for seen, program in zip(homes.features(value, peers), meant, strict=True):
                if program is not None:
                    yield seen, program in own


def _meant(core: Iterable[Found[Value]], programs: list[dict[str, Any]]) -> int | None:
    """Return the number of the annotated program that most of a core's values are of."""
    counts = Counter(number for value in core for number in _programs(value, programs))
    return counts.most_common(1)[0][0] if counts else None


def _programs(found: Found[Value], programs: list[dict[str, Any]]) -> set[int]:
    """Return the numbers of the annotated programs that have this value."""
    slot = KEYS[found.slot]
    value = found.value.model_dump(mode="json", by_alias=True)
    return {i for i, program in enumerate(programs) if any(same(slot, v, value) for v in values(program, slot))}
