"""What one article tells of one program, and what of it can be compared with another article's."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from extractor.gazetteers import facilities, partners, skills
from extractor.language.numerals import parse_number
from extractor.schema import Evidence, Facility, Instructor, Partner, Program, ProgramDate, Skill

TellingId = tuple[str, int]  # an article, and a place among its programs

_AROUND = 150  # characters about a value in which the words that say something of its program are looked for
_MOST_DAYS = 100  # of a training whose length is told
_MONTH = 31  # days
# Days of a training that was closed, where its length is not told: the median of the 113 shared articles that tell it.
_USUAL = 12
_NEWS = 21  # days before its publication in which a training is that an article gives no day for

_ORDER = r"(?:ke[ -]?)?(?P<number>I{1,3}|IV|V|[1-9]|pertama|kedua|ketiga|keempat|kelima|satu|dua|tiga|empat|lima)"
_BATCH = re.compile(rf"(?<!\w)(?:angkatan|gelombang|batch|kloter|tahap)\s+{_ORDER}(?!\w)", re.IGNORECASE)
_ORDINALS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "pertama": 1}
_LENGTH = re.compile(
    r"(?<!\w)(?P<number>\d{1,3}|[a-z]+(?: (?:belas|puluh)(?: [a-z]+)?)?)(?: \(\w+\))? (?P<unit>hari|pekan|minggu|bulan)"
    r"(?! (?:lalu|kemudian|sekali|sebelum|silam|berselang|kerja))\b"
)
_UNITS = {"hari": 1, "pekan": 7, "minggu": 7, "bulan": 30}
_OPENING = re.compile(
    r"(?<!\w)(?:dibuka(?:nya)?|membuka|pembukaan|dimulai(?:nya)?|mulai|hari (?:pertama|kedua|ke-?[12]))(?!\w)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?<!\w)(?:ditutup|menutup|penutupan|tamat(?:nya)?|usai|berakhir|rampung|hari terakhir)(?!\w)", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
_TABLES: dict[str, dict[str, str]] = tomllib.loads(files("corpus").joinpath("fusion.toml").read_text("utf-8"))
_SAME_SKILL, _SPELLINGS = _TABLES["skills"], _TABLES["spellings"]
_SPELLED = re.compile("|".join(_SPELLINGS))
_DOUBLED = re.compile(r"([a-z])\1")


@dataclass(frozen=True, slots=True)
class Origin:
    """The article that tells: `article` is its address, that of no other."""

    article: str
    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    published: dt.date | None = None


class Cues(NamedTuple):
    """What an article says of a program beside the values of the record.

    Attributes:
        batch: which one in a row of the same training it is ("angkatan II"), None where the article names none, or two.
        days: how long the training takes.
        opening: whether the day told is the training's first.
        closing: whether it is its last.
    """

    batch: int | None = None
    days: int | None = None
    opening: bool = False
    closing: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """One program as one article tells it; `position` is its place among the article's programs."""

    origin: Origin
    position: int
    program: Program
    cues: Cues = field(default=Cues())


def read_cues(program: Program, title: str, text: str) -> Cues:
    """Return what the title and the words about a program's values say of it."""
    values = [program.facility, program.date, program.participants, *program.skills]
    near = _about([e for v in values if v for e in v.evidence], title, text)
    day = _about(program.date.evidence if program.date else [], title, text)
    batches = {_number(m["number"]) for m in _BATCH.finditer(near)}
    opening, closing = bool(_OPENING.search(day)), bool(_CLOSING.search(day))
    return Cues(
        batch=batches.pop() if len(batches) == 1 else None,
        days=_days(f"{title} {text}"),
        opening=opening and not closing,
        closing=closing and not opening,
    )


def _about(evidence: Iterable[Evidence], title: str, text: str) -> str:
    spans = {(e.start, e.end) for e in evidence if e.field == "text"}
    around = (text[max(0, start - _AROUND) : end + _AROUND] for start, end in sorted(spans))
    return " … ".join((title, *around))


def _number(words: str) -> int | None:
    return _ORDINALS.get(words.casefold()) or parse_number(words)


def _days(text: str) -> int | None:
    """Return the longest time that is told in days, weeks or months and can be a training's."""
    found = [(parse_number(m["number"]) or 0) * _UNITS[m["unit"]] for m in _LENGTH.finditer(text.casefold())]
    return max((days for days in found if 1 < days <= _MOST_DAYS), default=None)


class Window(NamedTuple):
    """Days, as ordinals, within which a training lies.

    Attributes:
        start: the first of them.
        end: the last.
        vague: whether the article leaves open which of them are meant.
        guessed: whether they are known from the article's publication only.
        opening: the day that it was opened, where that is what is told.
        closing: the day that it was closed.
    """

    start: int
    end: int
    vague: bool
    guessed: bool = False
    opening: int | None = None
    closing: int | None = None


class Taught(NamedTuple):
    """A skill, as it is compared."""

    stems: frozenset[str]
    category: str
    general: bool


class Named(NamedTuple):
    """An organization, as it is compared: all words of its name, and those that are its own."""

    words: frozenset[str]
    own: frozenset[str]
    acronym: str | None
    government: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """A telling as it is compared with others, and no more of it."""

    article: str
    position: int
    key: str  # of its program
    unit: str | None  # the facility's id
    place: str | None  # folded, the same for all names of a unit
    type: str | None
    class_: str | None
    window: Window | None
    published: int | None
    skills: tuple[Taught, ...]
    partners: tuple[Named, ...]
    instructors: tuple[frozenset[str], ...]
    count: int | None
    group: str | None
    batch: int | None

    @property
    def id(self) -> TellingId:
        """Return what no other telling has."""
        return self.article, self.position

    @property
    def age(self) -> tuple[int, str, int]:
        """Order by publication, those without a day last; the same whatever the input's order was."""
        return self.published or dt.date.max.toordinal(), self.article, self.position


def profile(telling: Telling) -> Profile:
    """Return what of a telling is compared."""
    program, published = telling.program, telling.origin.published
    facility, trainees = program.facility, program.participants
    place = _place(facility) if facility else None
    words = _words((facility.place if facility else None) or "")
    return Profile(
        article=telling.origin.article,
        position=telling.position,
        key=program.key,
        unit=facility.facility_id if facility else None,
        place=place,
        type=facility.type if facility else None,
        class_=facility.class_ if facility else None,
        window=_window(program.date, published, telling.cues),
        published=published.toordinal() if published else None,
        skills=tuple(taught(s) for s in program.skills),
        partners=tuple(named(p, words) for p in program.partners),
        instructors=tuple(person(i) for i in program.instructors),
        count=trainees.count if trainees else None,
        group=trainees.group if trainees else None,
        batch=telling.cues.batch,
    )


@cache
def _unit_places() -> dict[str, str]:
    return {unit.facility_id: facilities.fold(unit.place) for unit in facilities.units()}


def _place(facility: Facility) -> str | None:
    known = _unit_places().get(facility.facility_id or "")
    return known or facilities.fold(facility.place or facility.name) or None


def _window(date: ProgramDate | None, published: dt.date | None, cues: Cues) -> Window | None:
    """Return when the training was: as told, longer by what the article says of its length.

    An article without a date tells of the weeks before its publication.
    """
    if date is None:
        return (
            Window(published.toordinal() - _NEWS, published.toordinal(), vague=True, guessed=True)
            if published
            else None
        )
    first, last = date.start.toordinal(), date.end.toordinal()
    vague = date.precision != "day" or last - first >= _MONTH
    opening = first if cues.opening and not vague else None
    closing = last if cues.closing and not vague else None
    start = first if closing is None else min(first, last - (cues.days or _USUAL) + 1)
    end = last if opening is None else max(last, first + (cues.days or 1) - 1)
    return Window(start, end, vague, opening=opening, closing=closing)


def taught(skill: Skill) -> Taught:
    """Return a skill as it is compared."""
    return _taught(skill.name, skill.category)


def named(partner: Partner, places: frozenset[str] = frozenset()) -> Named:
    """Return a partner as it is compared; the words of `places` are no organization's own."""
    return _named(partner.name, partner.acronym, partner.kind == "government", places)


def person(instructor: Instructor) -> frozenset[str]:
    """Return a teacher's name as it is compared."""
    return _words(instructor.name)


@lru_cache(maxsize=65536)
def _taught(name: str, category: str) -> Taught:
    stems = skills.stems(" ".join(_SAME_SKILL.get(word, word) for word in _WORD.findall(name.casefold())))
    return Taught(stems, category, skills.is_general(stems))


@lru_cache(maxsize=65536)
def _named(name: str, acronym: str | None, government: bool, places: frozenset[str]) -> Named:
    words = _words(partners.canonical(name))
    return Named(words, words - _common() - places, acronym.casefold() if acronym else None, government)


@cache
def _common() -> frozenset[str]:
    return _words(_TABLES["organizations"]["common"])


def _words(name: str) -> frozenset[str]:
    """Return the words of a name, however it is spelled: "Mulya" and "Mulia" are one."""
    words = _WORD.findall(name.casefold())
    return frozenset(_DOUBLED.sub(r"\1", _SPELLED.sub(lambda m: _SPELLINGS[m[0]], word)) for word in words)
