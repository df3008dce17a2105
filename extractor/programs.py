"""From the values of an article to its programs: who was trained where, when, by whom, in what."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from extractor.schema import Facility, Instructor, Participants, Partner, Program, ProgramDate, Skill, Value

SURE = 0.5  # the confidence from which a second facility makes a program of its own; from a sweep over 0.3 to 0.85


@dataclass(slots=True)
class Values:
    """What one article gives, each list with the surest value first."""

    facilities: list[Facility] = field(default_factory=list)
    dates: list[ProgramDate] = field(default_factory=list)
    partners: list[Partner] = field(default_factory=list)
    instructors: list[Instructor] = field(default_factory=list)
    skills: list[Skill] = field(default_factory=list)
    participants: list[Participants] = field(default_factory=list)
    # Every mention of a facility: where it stands in the body, and which of `facilities` it is.
    places: list[tuple[int, int]] = field(default_factory=list)


def programs(values: Values) -> list[Program]:
    """Return the programs that the values make; [] where nothing says what is taught or where.

    Where several facilities are surely meant, each gets the values that stand behind its mentions.
    """
    sure = [i for i, f in enumerate(values.facilities) if f.confidence >= SURE]
    if len(sure) > 1:
        parts = {i: _part(values, i, main=sure[0]) for i in sure}
        taught = [part for part in parts.values() if part.skills]
        if len(taught) > 1:
            return [_program(part.facilities[0], part) for part in taught]
    facility = values.facilities[0] if values.facilities else None
    if facility is None and not values.skills:
        return []
    return [_program(facility, values)]


def _part(values: Values, number: int, main: int) -> Values:
    """Return the values of one of several facilities; a date that no other one claims is shared."""

    def mine(value: Value) -> bool:
        return _owner(values.places, value, main) == number

    return Values(
        facilities=[values.facilities[number]],
        dates=[d for d in values.dates if mine(d)] or values.dates[:1],
        partners=[p for p in values.partners if mine(p)],
        instructors=[i for i in values.instructors if mine(i)],
        skills=[s for s in values.skills if mine(s)],
        participants=[p for p in values.participants if mine(p)],
    )


def _owner(places: list[tuple[int, int]], value: Value, main: int) -> int:
    """Return the facility last named before a value; the main one before any, and in the title."""
    proof = value.evidence[0]
    before = [number for at, number in places if proof.field == "text" and at <= proof.start]
    return before[-1] if before else main


def _program(facility: Facility | None, values: Values) -> Program:
    date = values.dates[0] if values.dates else None
    skills = distinct(values.skills)
    count = values.participants[0] if values.participants else None
    parts = [v.confidence for v in (facility, date, *values.partners, *values.instructors, *skills) if v]
    return Program(
        facility=facility,
        date=date,
        partners=values.partners,
        instructors=values.instructors,
        skills=skills,
        participants=count,
        confidence=round(sum(parts) / len(parts), 4) if parts else 0.0,
        key=key(facility, date, skills),
    )


def distinct(skills: list[Skill]) -> list[Skill]:
    """Return the skills without those that say another one again ("menjahit", "jahit"), surest first."""
    kept: list[Skill] = []
    for skill in skills:
        words = _stems(skill.name)
        same = [k for k in kept if k.category == skill.category]
        general = bool(same) and words <= _GENERAL
        if not general and not any(words <= _stems(k.name) or _stems(k.name) <= words for k in same):
            kept.append(skill)
    return kept


def key(facility: Facility | None, date: ProgramDate | None, skills: list[Skill]) -> str:
    """Return a name for the program that is the same across outlets: facility, month, skill categories."""
    place = (facility.facility_id or facility.place or facility.name) if facility else ""
    month = date.start.isoformat()[:7] if date else ""
    taught = ",".join(sorted({s.category for s in skills}))
    return hashlib.sha256(f"{place.casefold()}|{month}|{taught}".encode()).hexdigest()[:16]


# Words that name a field; beside a skill of the field they say nothing more.
_GENERAL = frozenset(
    [
        *("kuliner", "masak", "boga", "tata", "terampil", "rajin", "kerajin", "tangan", "seni", "makan", "tani"),
        *("wirausaha", "wirausah", "usaha", "bangun"),
    ]
)
_AFFIX = re.compile(r"^(?:penge|menge|peng|meng|peny|meny|pem|mem|pen|men|pe|me|ber|per|di)(?=\w{3})|(?:kan|an|i)$")


def _stems(name: str) -> set[str]:
    return {_AFFIX.sub("", w) for w in re.findall(r"\w+", name.casefold())} - {"buat", "bikin", "olah"}
