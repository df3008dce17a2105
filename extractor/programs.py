"""From the values of an article to its programs: who was trained where, when, by whom, in what."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import combinations
from typing import TypeVar

from spacy.tokens import Doc

from extractor.cores import cores, once
from extractor.homes import at_home
from extractor.links import Found, Group, Layout, of_slot
from extractor.mentions import Slot
from extractor.schema import Facility, Instructor, Participants, Partner, Program, ProgramDate, Skill, Value
from extractor.slots.partners import joined
from extractor.slots.tagged import STEPS

V = TypeVar("V", bound=Value)


def programs(doc: Doc, found: Group, spare: Sequence[Found[Value]] = ()) -> list[Program]:
    """Return the programs that the values make, in the order of the text; [] where none says what is taught or where.

    What may be programs of their own (extractor.cores) get the values that are likely theirs (extractor.homes), and
    are made one as long as two of them are likely one.

    Args:
        doc: the article.
        found: its values.
        spare: dates that were too unlikely beside the surest; one of several programs may still be theirs.
    """
    if not any(f.slot in ("facility", "skill") for f in found):
        return []
    layout = Layout(doc, found)
    groups = united(layout, parted(layout, cores(layout, found, spare), found), found)
    return [made(group) for group in sorted(groups, key=lambda group: _opens(layout, group))]


def _opens(layout: Layout, group: Group) -> int:
    """Return where the body first names a skill or a date of the group, which facilities may share; else its end."""
    spans = [span for f in group if f.slot in ("skill", "date") for span in f.spans if span[0] >= layout.body]
    return min((start for start, _ in spans), default=len(layout.text))


def united(layout: Layout, groups: list[Group], found: Group) -> list[Group]:
    """Return the values of each program: groups that are likely one program are made one, the likeliest first.

    Args:
        layout: the article.
        groups: what may be programs of their own.
        found: all its values.
    """
    left = dict(enumerate(groups))
    chances = {pair: pair_chance(layout, left, pair) for pair in combinations(left, 2)}
    while chances and max(chances.values()) >= 0:
        one, other = max(chances, key=chances.__getitem__)
        left[one] = merged(left[one], left.pop(other))
        chances = {pair: chance for pair, chance in chances.items() if not {one, other} & {*pair}}
        chances |= {pair: pair_chance(layout, left, pair) for pair in combinations(left, 2) if one in pair}
    if len(left) == 1:
        return [whole(found)]
    if len(left) == len(groups):
        return groups
    core_slots = ("facility", "skill", "date")
    return parted(layout, [[f for f in group if f.slot in core_slots] for group in left.values()], found)


def pair_chance(layout: Layout, groups: dict[int, Group], pair: tuple[int, int]) -> float:
    """Return the logit that two of the groups are one program."""
    return layout.alike(pair_features(layout, groups[pair[0]], groups[pair[1]]))


def parted(layout: Layout, cores: list[Group], found: Group) -> list[Group]:
    """Return the cores with the values that are likely their own; those as one that differ in nothing but skills."""
    return _with_own(at_home(layout, cores, found))


def merged(one: Group, other: Group) -> Group:
    """Return the values of two groups as one, with the surest facility and date."""
    both = one + [f for f in other if not any(f is own for own in one)]
    for slot in ("facility", "date"):
        spare = sorted((f for f in both if f.slot == slot), key=lambda f: -f.value.confidence)[1:]
        both = [f for f in both if not any(f is s for s in spare)]
    return both


def pair_features(layout: Layout, a: Group, b: Group) -> set[str]:
    """Return what speaks for and against two groups being one program."""
    seen = {*layout.general} | {f"cue={cue}" for cue in layout.cues}
    slots: tuple[Slot, ...] = ("facility", "skill", "date", "partner", "instructor", "participants")
    apart = 0
    for slot in slots:
        left, right = {id(f) for f in of_slot(a, slot)}, {id(f) for f in of_slot(b, slot)}
        if not left or not right:
            kind = "none" if not left and not right else "one"
        else:
            kind = "same" if left == right else "both" if left & right else "other"
        apart += kind == "other"
        seen.add(f"{slot}={kind}")
        if kind == "other":
            weaker = min(max(f.value.confidence for f in of_slot(group, slot)) for group in (a, b))
            seen |= {f"{slot}>{step}" for step in STEPS if weaker > step}
    seen.add(f"apart={apart}")
    pairs = [(x, y) for x in of_slot(a, "skill") for y in of_slot(b, "skill") if x is not y]
    if pairs:
        links = {layout.linked(x, y): (x, y) for x, y in pairs}
        seen |= {f"tightest>{step}" for step in STEPS if max(links) > step}
        seen |= {f"loosest>{step}" for step in STEPS if min(links) > step}
        seen |= {f"trades:{feature}" for feature in layout.features(*links[max(links)])}
        seen.add(f"alike={any(_category(x) == _category(y) for x, y in pairs)}")
    mentions = min(sum(len(f.spans) for f in of_slot(group, "skill")) for group in (a, b))
    seen.add(f"mentions={min(mentions, 4)}")
    return seen


def _category(found: Found[Value]) -> str:
    return found.value.category if isinstance(found.value, Skill) else ""


def whole(found: Group) -> Group:
    """Return the values of one program: all of them, but for facilities and dates beside the surest."""
    several = [f for f in found if f.slot not in ("facility", "date", "skill")]
    return of_slot(found, "facility")[:1] + of_slot(found, "date")[:1] + several + once(of_slot(found, "skill"))


def _with_own(groups: list[Group]) -> list[Group]:
    """Return the groups, those as one whose partners, dates, teachers and counts are all the same.

    Two trades with the same partner on the same day are one program with two skills, says the annotation guide.
    """
    merged: dict[frozenset[int], Group] = {}
    for group in groups:
        told = frozenset(id(f) for f in group if f.slot != "skill")
        if told in merged:
            merged[told] += of_slot(group, "skill")
        else:
            merged[told] = list(group)
    return list(merged.values())


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
