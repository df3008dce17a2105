"""From the values of an article to its programs: who was trained where, when, by whom, in what."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import combinations
from typing import TypeVar

from spacy.tokens import Doc

from extractor.gazetteers.skills import is_general, stems
from extractor.links import Found, Layout
from extractor.mentions import Slot
from extractor.schema import Facility, Instructor, Participants, Partner, Program, ProgramDate, Skill, Value
from extractor.slots.partners import joined
from extractor.slots.tagged import STEPS

# From sweeps over the cross-validated articles.
SURE = 0.4  # the confidence from which a second facility, or a second date, makes a program of its own
JOINED = 0.35  # the link from which two groups of skills are one program
EASE = 0.1  # by which a date's likelihood in the whole article counts beside its link with one program
SHARED = 0.7  # the link from which a value belongs to a further program too

V = TypeVar("V", bound=Value)
Group = list[Found[Value]]


def programs(doc: Doc, found: Group, spare: Sequence[Found[Value]] = ()) -> list[Program]:
    """Return the programs that the values make, in the order of the text; [] where none says what is taught or where.

    Several facilities that are surely meant part the values first, then skills that are not taught together, then
    dates; a value goes where its links are strongest, and to every program that it is surely linked with.

    Args:
        doc: the article.
        found: its values.
        spare: dates that were too unlikely beside the surest; one of several programs may still be theirs.
    """
    if not any(f.slot in ("facility", "skill") for f in found):
        return []
    layout = Layout(doc, found)
    groups = parted(layout, found, spare)
    if len(groups) > 1 and not layout.several(split_features(layout, groups)):
        groups = [whole(found)]
    return [made(group) for group in groups]


def parted(layout: Layout, found: Group, spare: Sequence[Found[Value]] = ()) -> list[Group]:
    """Return the values of each program, if the article tells of several; one group where nothing parts them."""
    places = _by_facility(layout, found)
    trades = [trade for place in places for trade in _by_skill(layout, place)]
    if len(trades) > 1:
        dates = [*_of(found, "date"), *spare]
        trades = [_with_nearest_date(layout, trade, dates) for trade in trades]
    return [dated for trade in trades for dated in _by_date(layout, trade)]


def whole(found: Group) -> Group:
    """Return the values of one program: all of them, but for facilities and dates beside the surest."""
    several = [f for f in found if f.slot not in ("facility", "date", "skill")]
    return _of(found, "facility")[:1] + _of(found, "date")[:1] + several + _once(_of(found, "skill"))


def split_features(layout: Layout, groups: Sequence[Group]) -> set[str]:
    """Return what speaks for and against several programs: the words of the article, and how its values part."""
    seen = {*layout.general, f"groups={min(len(groups), 4)}"} | {f"cue={cue}" for cue in layout.cues()}
    slots: tuple[Slot, ...] = ("facility", "date", "partner", "instructor", "participants")
    for slot in slots:
        sets = [frozenset(id(f) for f in _of(g, slot)) for g in groups]
        own = len({s for s in sets if s})
        seen |= {f"{slot}={min(own, 3)}", f"{slot}&every={own > 1 and all(sets)}"}
    skills = [_of(g, "skill") for g in groups]
    pairs = [(a, b) for one, other in combinations(skills, 2) for a in one for b in other if a is not b]
    if pairs:
        links = [layout.linked(a, b) for a, b in pairs]
        seen |= {f"tightest>{step}" for step in STEPS if max(links) > step}
        seen |= {f"loosest>{step}" for step in STEPS if min(links) > step}
        seen.add(f"alike={any(getattr(a.value, 'category', 0) == getattr(b.value, 'category', 1) for a, b in pairs)}")
    return seen


def _of(group: Group, slot: Slot) -> Group:
    return [f for f in group if f.slot == slot]


def _by_facility(layout: Layout, found: Group) -> list[Group]:
    """Return the values of each facility that is surely meant and of which a skill is told."""
    sure = [f for f in _of(found, "facility") if f.value.confidence >= SURE]
    rest = [f for f in found if f.slot != "facility"]
    if len(sure) > 1:
        groups = _shared_out(layout, [[f] for f in sure], rest)
        taught = [g for g in groups if _of(g, "skill")]
        if len(taught) > 1:
            return taught
    return [_of(found, "facility")[:1] + rest]


def _by_skill(layout: Layout, group: Group) -> list[Group]:
    """Return the values of each set of skills that are taught together."""
    clusters = [[skill] for skill in _once(_of(group, "skill"))]
    links = {(id(a), id(b)): layout.linked(a, b) for a, b in combinations([c[0] for c in clusters], 2)}

    def together(one: Group, other: Group) -> float:
        pairs = [links.get((id(a), id(b)), links.get((id(b), id(a)), 0.0)) for a in one for b in other]
        return sum(pairs) / len(pairs)

    while len(clusters) > 1:
        chance, one, other = max(
            ((together(a, b), i, j) for (i, a), (j, b) in combinations(enumerate(clusters), 2)), key=lambda x: x[0]
        )
        if chance < JOINED:
            break
        clusters[one] += clusters.pop(other)
    if len(clusters) <= 1:
        return [[f for f in group if f.slot != "skill"] + [f for c in clusters for f in c]]
    clusters.sort(key=lambda c: min(f.spans[0] for f in c))
    groups = _shared_out(layout, clusters, [f for f in group if f.slot not in ("skill", "facility")])
    return [_of(group, "facility") + g for g in _with_own(groups)]


def _with_own(groups: list[Group]) -> list[Group]:
    """Return the groups, those as one whose partners, dates, teachers and counts are all the same.

    Two trades with the same partner on the same day are one program with two skills, says the annotation guide.
    """
    merged: dict[frozenset[int], Group] = {}
    for group in groups:
        told = frozenset(id(f) for f in group if f.slot != "skill")
        if told in merged:
            merged[told] += _of(group, "skill")
        else:
            merged[told] = list(group)
    return list(merged.values())


def _once(skills: Group) -> Group:
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


def _with_nearest_date(layout: Layout, group: Group, dates: Sequence[Found[Value]]) -> Group:
    """Return the group with the date that its skills and facility are linked with best, unless two are surely its own.

    How likely a date is in the article counts less than that: the second program's stands beside the first's.
    """
    if not dates or sum(f.value.confidence >= SURE for f in _of(group, "date")) > 1:
        return group
    core = _of(group, "skill") or _of(group, "facility")

    def fit(date: Found[Value]) -> float:
        return max(layout.linked(date, f) for f in core) * float(date.value.confidence**EASE)

    return [f for f in group if f.slot != "date"] + [max(dates, key=fit)]


def _by_date(layout: Layout, group: Group) -> list[Group]:
    """Return the values of each date that is surely one of a training; of other dates the surest is left."""
    dates: list[Found[Value]] = []
    for date in _of(group, "date"):
        if (not dates or date.value.confidence >= SURE) and not any(_overlap(date, d) for d in dates):
            dates.append(date)
    rest = [f for f in group if f.slot not in ("date", "facility")]
    facility = _of(group, "facility")
    if len(dates) < 2:
        return [facility + dates + rest]
    dates.sort(key=lambda d: d.spans[0])
    groups = _shared_out(layout, [[d] for d in dates], rest)
    skills = _of(rest, "skill")
    return [facility + g + ([] if _of(g, "skill") else skills[:1]) for g in groups]


def _overlap(a: Found[Value], b: Found[Value]) -> bool:
    one, other = a.value, b.value
    return (
        isinstance(one, ProgramDate)
        and isinstance(other, ProgramDate)
        and one.start <= other.end
        and other.start <= one.end
    )


def _shared_out(layout: Layout, cores: Sequence[Group], rest: Group) -> list[Group]:
    """Return each core with the values that are linked with it best, or surely."""
    groups = [list(core) for core in cores]
    for value in rest:
        links = [max(layout.linked(value, f) for f in core) for core in cores]
        best = max(links)
        for group, link in zip(groups, links, strict=True):
            if link == best or link >= SHARED:
                group.append(value)
    return groups


def _values(group: Group, kind: type[V]) -> list[V]:
    """Return the values of one kind, surest first."""
    found = [f.value for f in group if isinstance(f.value, kind)]
    return sorted(found, key=lambda v: -v.confidence)


def made(group: Group) -> Program:
    """Return the program of some values."""
    facility = next(iter(_values(group, Facility)), None)
    date = next(iter(_values(group, ProgramDate)), None)
    count = next(iter(_values(group, Participants)), None)
    partners = joined(_values(group, Partner))
    instructors, skills = _values(group, Instructor), _values(group, Skill)
    parts = [v.confidence for v in (facility, date, *partners, *instructors, *skills) if v]
    return Program(
        facility=facility,
        date=date,
        partners=partners,
        instructors=instructors,
        skills=skills,
        participants=count,
        confidence=round(sum(parts) / len(parts), 4) if parts else 0.0,
        key=key(facility, date, skills),
    )


def key(facility: Facility | None, date: ProgramDate | None, skills: list[Skill]) -> str:
    """Return a name for the program that is the same across outlets: facility, month, skill categories."""
    place = (facility.facility_id or facility.place or facility.name) if facility else ""
    month = date.start.isoformat()[:7] if date else ""
    taught = ",".join(sorted({s.category for s in skills}))
    return hashlib.sha256(f"{place.casefold()}|{month}|{taught}".encode()).hexdigest()[:16]
