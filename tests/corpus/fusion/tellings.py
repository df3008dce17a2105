"""Tellings made by rule: one facility, one day, one skill unless said otherwise."""

import datetime as dt

from corpus.fusion.telling import Cues, Origin, Telling
from extractor.gazetteers.facilities import find_unit
from extractor.programs import key
from extractor.schema import Evidence, Facility, Instructor, Participants, Partner, Program, ProgramDate, Skill

DAY = dt.date(2025, 3, 3)
SURE = {"confidence": 0.9, "evidence": [Evidence(field="title", start=0, end=1, text="x", method="rule")]}
BLK = ("Balai Latihan Kerja (BLK) Bojonegoro", "BLK", "government")


def day(number):
    return DAY + dt.timedelta(days=number)


def facility(type_="lapas", place="Bojonegoro", class_="IIA", name=None):
    unit = find_unit(type_, place, class_)
    return Facility(
        name=name or f"{type_} {place}",
        type=type_,
        class_=class_,
        place=place,
        facility_id=unit.facility_id if unit else None,
        **SURE,
    )


def tell(  # noqa: PLR0913  what a program can have
    article,
    *skills,
    at=0,
    until=None,
    precision="day",
    where=None,
    published=None,
    partners=(),
    teachers=(),
    count=None,
    group=None,
    position=0,
    confidence=0.9,
    **cues,
):
    """Return a telling; `at`, `until` and `published` are days from 3 March 2025, `at` None for no date."""
    place = facility() if where is None else where or None
    date = None
    if at is not None:
        date = ProgramDate(start=day(at), end=day(at if until is None else until), precision=precision, **SURE)
    taught = [Skill(name=name, category=category, **SURE) for name, category in skills]
    program = Program(
        facility=place,
        date=date,
        skills=taught,
        partners=[Partner(name=n, acronym=a, kind=k, **SURE) for n, a, k in partners],
        instructors=[Instructor(name=name, **SURE) for name in teachers],
        participants=Participants(count=count, group=group, **SURE) if count or group else None,
        confidence=confidence,
        key=key(place, date, taught),
    )
    origin = Origin(
        article,
        url=f"https://{article}.example/",
        title=f"Judul {article}",
        publisher=article.upper(),
        published=None if published is None else day(published),
    )
    return Telling(origin, position, program, Cues(**cues))


LAS = ("las listrik", "welding_metal")
ROTI = ("pembuatan roti", "culinary")
KOPI = ("meracik kopi", "culinary")
JAHIT = ("menjahit", "sewing_fashion")
