"""What tells the programs of an article apart: the facility, the skills and the date of each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from extractor.gazetteers.skills import is_general, stems
from extractor.homes import HOME, Homes
from extractor.links import Found, Group, Layout, of_slot
from extractor.schema import ProgramDate, Skill, Value

# From sweeps over the cross-validated articles.
SURE = 0.4  # the confidence from which a second facility, or a second date, makes a program of its own
JOINED = 0.65  # the link from which two groups of skills are one from the start
EASE = 0.1  # by which a date's likelihood in the whole article counts beside its link with one program
SHARED = 0.7  # the link from which a skill belongs to a further facility or date too
MOST = 30  # cores; the work grows with their cube, and no report tells of more


def cores(layout: Layout, found: Group, spare: Sequence[Found[Value]] = ()) -> list[Group]:
    """Return the facility, skills and date of each program that the article may tell of, at least one.

    Args:
        layout: the article.
        found: its values.
        spare: dates that were too unlikely beside the surest; one of several programs may still be theirs.
    """
    parts = trades(layout, found)
    dates = of_slot(found, "date")
    if len(parts) > 1:
        homes = Homes(layout, parts)
        parts = [part + _own_dates(homes, i, [*dates, *spare]) for i, part in enumerate(parts)]
    else:
        parts = [parts[0] + dates]
    return [dated for part in parts for dated in _by_date(layout, part)][:MOST]


def trades(layout: Layout, found: Group) -> list[Group]:
    """Return the facilities that are surely meant, each with every set of skills that may be taught by itself."""
    places = _by_facility(layout, [f for f in found if f.slot in ("facility", "skill")])
    return [trade for place in places for trade in _by_skill(layout, place, MOST // len(places))]


def _by_facility(layout: Layout, found: Group) -> list[Group]:
    """Return the values of each facility that is surely meant and of which a skill is told."""
    sure = [f for f in of_slot(found, "facility") if f.value.confidence >= SURE][:MOST]
    rest = [f for f in found if f.slot != "facility"]
    if len(sure) > 1:
        groups = _shared_out(layout, [[f] for f in sure], rest)
        taught = [g for g in groups if of_slot(g, "skill")]
        if len(taught) > 1:
            return taught
    return [of_slot(found, "facility")[:1] + rest]


def _by_skill(layout: Layout, group: Group, most: int) -> list[Group]:
    """Return the values of each set of skills that are taught together."""
    clusters = [[skill] for skill in once(of_slot(group, "skill"))]
    links = {(id(a), id(b)): layout.linked(a, b) for a, b in combinations([c[0] for c in clusters], 2)}

    def together(one: Group, other: Group) -> float:
        pairs = [links.get((id(a), id(b)), links.get((id(b), id(a)), 0.0)) for a in one for b in other]
        return sum(pairs) / len(pairs)

    while len(clusters) > 1:
        chance, one, other = max(
            ((together(a, b), i, j) for (i, a), (j, b) in combinations(enumerate(clusters), 2)), key=lambda x: x[0]
        )
        if chance < JOINED and len(clusters) <= most:
            break
        clusters[one] += clusters.pop(other)
    if len(clusters) <= 1:
        return [[f for f in group if f.slot != "skill"] + [f for c in clusters for f in c]]
    clusters.sort(key=lambda c: min(f.spans[0] for f in c))
    return [of_slot(group, "facility") + c for c in clusters]


def once(skills: Group) -> Group:
    """Return the skills without those whose words say no more than a surer one's of the same category."""
    kept: list[tuple[Found[Value], str, frozenset[str]]] = []
    taught = {f.value.category for f in skills if isinstance(f.value, Skill) and not is_general(stems(f.value.name))}
    for found in sorted(skills, key=lambda f: -f.value.confidence):
        if isinstance(found.value, Skill):
            words, category = stems(found.value.name), found.value.category
            if is_general(words) and category in taught:
                continue
            if not any(c == category and (words <= w or w <= words) for _, c, w in kept):
                kept.append((found, category, words))
    return [found for found, _, _ in kept]


def _own_dates(homes: Homes, program: int, dates: Group) -> Group:
    """Return the dates that are surely the program's, or the one that is most likely, if any is.

    How likely a date is in the article counts less than that: the second program's stands beside the first's.
    """
    chances = [(homes.chances(d, dates)[program], d) for d in dates]
    own = [(chance, d) for chance, d in chances if chance >= HOME]
    sure = [d for _, d in own if d.value.confidence >= SURE]
    if len(sure) > 1 or not own:
        return sure
    return [max(own, key=lambda c: c[0] * c[1].value.confidence ** EASE)[1]]


def _by_date(layout: Layout, group: Group) -> list[Group]:
    """Return the values of each date that is surely one of a training; of other dates the surest is left."""
    dates: list[Found[Value]] = []
    for date in of_slot(group, "date"):
        if (not dates or date.value.confidence >= SURE) and not any(_overlap(date, d) for d in dates):
            dates.append(date)
    rest = [f for f in group if f.slot not in ("date", "facility")]
    facility = of_slot(group, "facility")
    if len(dates) < 2:
        return [facility + dates + rest]
    dates.sort(key=lambda d: d.spans[0])
    groups = _shared_out(layout, [[d] for d in dates], rest)
    skills = of_slot(rest, "skill")
    return [facility + g + ([] if of_slot(g, "skill") else skills[:1]) for g in groups]


def _overlap(a: Found[Value], b: Found[Value]) -> bool:
    one, other = a.value, b.value
    return (
        isinstance(one, ProgramDate)
        and isinstance(other, ProgramDate)
        and one.start <= other.end
        and other.start <= one.end
    )


def _shared_out(layout: Layout, cores: list[Group], rest: Group) -> list[Group]:
    """Return each core with the values that are linked with it best, or surely."""
    groups = [list(core) for core in cores]
    for value in rest:
        links = [max(layout.linked(value, f) for f in core) for core in cores]
        best = max(links)
        for group, link in zip(groups, links, strict=True):
            if link == best or link >= SHARED:
                group.append(value)
    return groups
