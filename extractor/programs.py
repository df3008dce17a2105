"""From the values of an article to its programs: who was trained where, when, by whom, in what."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from extractor.schema import Facility, Instructor, Participants, Partner, Program, ProgramDate, Skill


@dataclass(slots=True)
class Values:
    """What one article gives, each list with the surest value first."""

    facilities: list[Facility] = field(default_factory=list)
    dates: list[ProgramDate] = field(default_factory=list)
    partners: list[Partner] = field(default_factory=list)
    instructors: list[Instructor] = field(default_factory=list)
    skills: list[Skill] = field(default_factory=list)
    participants: list[Participants] = field(default_factory=list)


def programs(values: Values) -> list[Program]:
    """Return the programs that the values make; [] where nothing says what is taught or where."""
    facility = values.facilities[0] if values.facilities else None
    if facility is None and not values.skills:
        return []
    return [_program(facility, values)]


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
_GENERAL = frozenset("kuliner masak boga tata terampil rajin kerajin tangan seni makan tani wirausaha wirausah usaha bangun".split())
_AFFIX = re.compile(r"^(?:penge|menge|peng|meng|peny|meny|pem|mem|pen|men|pe|me|ber|per|di)(?=\w{3})|(?:kan|an|i)$")


def _stems(name: str) -> set[str]:
    return {_AFFIX.sub("", w) for w in re.findall(r"\w+", name.casefold())} - {"buat", "bikin", "olah"}
