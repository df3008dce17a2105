"""How much speaks for two tellings being of one program: natural logarithms of odds, aspect by aspect.

The figures are judgments of how much likelier an agreement is between tellings of one program than between those of
two programs of one facility, not fitted: there are too few labelled pairs to fit them on. tests/benchmarks/fusion.py
moves each of them by three tenths: what fails then is a merge that is missed, never one that is wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from corpus.fusion.telling import Named, Profile, Taught, Window

CONTRADICTED = -math.inf


@dataclass(frozen=True, slots=True)
class Weights:
    """The evidence that each agreement and difference is.

    Attributes:
        needed: from which the whole joins two tellings.
        copied: one article repeats the other's text.
        uncertain_facility: only one of both says for certain which of a place's facilities it is.
        timing: of a common day, by how seldom two windows of their length meet in a year; half if one is guessed.
        apart: of days a little apart, before what each further day takes off.
        day: what days apart take off, by the logarithm of their number.
        timeless: nothing is known of when.
        news: published within a day of each other; halved up to three days.
        old_news: published more than a week apart; twice that from a month.
        skill: a skill of the same name.
        field: the same field, which one of both names no more precisely.
        other_skill: skills of one field that differ.
        more_skills: each further skill of the same name, up to three.
        extra_skill: each skill that the one tells and the other does not, where both have some.
        no_skill: one of both names none.
        partner: the same partner, of those that are no office of the state; of those, two thirds.
        other_partner: both name partners, none the same.
        instructor: the same teacher.
        other_instructor: both name teachers, none the same.
        count: as many trainees; half as much again where it is no round number.
        other_count: another number of trainees; a third where it is nearly the same.
        other_group: women here, men there.
        other_batch: a second or later batch here, none named there, on other days.
    """

    needed: float = 3.0
    copied: float = 5.0
    uncertain_facility: float = -0.5
    timing: float = 0.75
    apart: float = 2.3
    day: float = -1.6
    timeless: float = -0.5
    news: float = 1.0
    old_news: float = -0.5
    skill: float = 1.8
    field: float = 0.8
    other_skill: float = -4.0
    more_skills: float = 0.5
    extra_skill: float = -0.5
    no_skill: float = -0.5
    partner: float = 1.5
    other_partner: float = -1.0
    instructor: float = 1.5
    other_instructor: float = -0.7
    count: float = 0.7
    other_count: float = -1.0
    other_group: float = -2.0
    other_batch: float = -1.0


WEIGHTS = Weights()
MOST_APART = 62  # days; tellings of trainings that are further apart are of two
_YEAR = 365
_NAMED, _FIELD, _BESIDE, _ELSEWHERE = 3, 2, 1, 0  # how near two skills are
_WEEK = 7  # days by which a window is longer than told: news is not that exact
_CLOSE_NAME = 85  # rapidfuzz ratio of two spellings of a word ("Galery", "Galeri")
_MOST_OF_A_NAME = 2 / 3  # of the shorter name's words
_SUBTYPES = {"lapas": "lapas", "rutan": "lapas"}  # a unit's sort is often left out, and the type word shifts


def weigh(one: Profile, other: Profile, *, copied: bool = False, by: Weights = WEIGHTS) -> float | None:
    """Return the evidence that two tellings are of one program, or `CONTRADICTED`; None where it says nothing.

    Programs that one article tells apart are two. Where neither place, day, partner, teacher nor number sets them
    apart, an article that has them as one is not contradicted by it, so that this says nothing either way.

    Args:
        one: a telling.
        other: another.
        copied: whether the one's article repeats the other's text, and has this program at its place.
        by: the evidence of each aspect.
    """
    where = facilities(one, other, by)
    if one.article == other.article:
        return CONTRADICTED if where == CONTRADICTED or _told_apart(one, other) else None
    if where == CONTRADICTED and not (copied and None in (one.place, other.place)):
        return CONTRADICTED
    if one.batch and other.batch and one.batch != other.batch:
        return CONTRADICTED
    what, when = skills(one.skills, other.skills, by), _when(one, other, by)
    if what == CONTRADICTED or (when == CONTRADICTED and not copied):
        return CONTRADICTED
    return (
        max(where, by.uncertain_facility)
        + what
        + (by.copied if copied else when)
        + _partners(one, other, by)
        + _instructors(one, other, by)
        + _trainees(one, other, by)
    )


def facilities(one: Profile, other: Profile, by: Weights = WEIGHTS) -> float:
    """Return the evidence of the facilities: of two, of none, or of one as far as is told."""
    if one.unit and other.unit:
        return 0.0 if one.unit == other.unit else CONTRADICTED
    if not one.place or one.place != other.place:
        return CONTRADICTED
    if one.class_ and other.class_ and one.class_ != other.class_:
        return CONTRADICTED
    if one.type == other.type:
        return 0.0
    families = {_SUBTYPES.get((p.type or "").partition("_")[0]) for p in (one, other)}
    plain = one.type in _SUBTYPES or other.type in _SUBTYPES
    return by.uncertain_facility if families == {"lapas"} and plain else CONTRADICTED


def _when(one: Profile, other: Profile, by: Weights) -> float:
    evidence = windows(one.window, other.window, by) if one.window and other.window else by.timeless
    if one.published and other.published:
        days = abs(one.published - other.published)
        evidence += by.news if days <= 1 else by.news / 2 if days <= 3 else 0.0
        evidence += 0.0 if days <= _WEEK else by.old_news if days <= 30 else 2 * by.old_news
    return evidence + (by.other_batch if _another_batch(one, other) else 0.0)


def _another_batch(one: Profile, other: Profile) -> bool:
    """Tell whether one names a later batch, and the other none, on days of its own."""
    later = None in {one.batch, other.batch} and {one.batch, other.batch} - {None, 1}
    return bool(later and one.window and other.window and _gap(one.window, other.window) > 0)


def _gap(one: Window, other: Window) -> int:
    """Return the days between two windows; less than one where they meet."""
    if one.opening and other.opening:
        return abs(one.opening - other.opening)
    if one.closing and other.closing:
        return abs(one.closing - other.closing)
    return max(one.start, other.start) - min(one.end, other.end)


def windows(one: Window, other: Window, by: Weights = WEIGHTS) -> float:
    """Return the evidence of two trainings' days: the shorter both windows, the more it says that they meet."""
    if _closed_before(one, other) or _closed_before(other, one):
        return CONTRADICTED
    gap = _gap(one, other)
    if gap > MOST_APART:
        return CONTRADICTED
    if gap > 0:
        return by.apart + by.day * math.log1p(gap)
    longer = max(one.end - one.start, other.end - other.start) + 1
    evidence = by.timing * math.log(_YEAR / (longer + _WEEK))
    return max(by.timeless, evidence / 2 if one.guessed or other.guessed else evidence)


def _closed_before(one: Window, other: Window) -> bool:
    return bool(one.closing and other.opening and one.closing < other.opening)


def skills(one: tuple[Taught, ...], other: tuple[Taught, ...], by: Weights = WEIGHTS) -> float:
    """Return the evidence of what is taught; `CONTRADICTED` where both tell of skills of other fields."""
    if not one or not other:
        return by.no_skill
    few, many = sorted((one, other), key=len)
    alike = [max(_alike(a, b) for b in many) for a in few]
    named, fields = alike.count(_NAMED), alike.count(_FIELD)
    if not named + fields:
        return by.other_skill if _BESIDE in alike else CONTRADICTED
    found = named + fields
    evidence = by.skill if named else by.field
    return (
        evidence
        + by.more_skills * min(3, max(0, named - 1))
        + by.extra_skill * min(len(few) - found, len(many) - found)
    )


def same_skill(one: Taught, other: Taught) -> bool:
    """Tell whether two phrases name one skill."""
    return _alike(one, other) == _NAMED


@lru_cache(maxsize=65536)
def _alike(one: Taught, other: Taught) -> int:
    """Tell one skill, a skill and its field, two skills of a field and skills of two fields apart."""
    if one.stems == other.stems:
        return _NAMED
    near = one.category == other.category or "other" in {one.category, other.category}
    if one.general or other.general:
        return _FIELD if one.category == other.category else _ELSEWHERE
    common, fewest = len(one.stems & other.stems), min(len(one.stems), len(other.stems))
    if common == fewest:
        # "sablon" and "menyablon kaus", whatever field the longer name was put in.
        return _NAMED if near else _FIELD
    if near and (3 * common >= len(one.stems) + len(other.stems) or _spelled_alike(one.stems, other.stems)):
        return _NAMED
    return _BESIDE if one.category == other.category else _ELSEWHERE


def _spelled_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return fuzz.ratio(" ".join(sorted(one)), " ".join(sorted(other))) >= _CLOSE_NAME


def _partners(one: Profile, other: Profile, by: Weights) -> float:
    if not one.partners or not other.partners:
        return 0.0
    same = [a.government and b.government for a in one.partners for b in other.partners if same_organization(a, b)]
    if not same:
        return by.other_partner
    return by.partner if not all(same) else by.partner * 2 / 3


@lru_cache(maxsize=65536)
def same_organization(one: Named, other: Named) -> bool:
    """Tell whether two names are of one organization: an acronym, or most of the words that are its own."""
    if one.acronym and one.acronym == other.acronym:
        return True
    if one.own and other.own:
        return _most(one.own, other.own)
    return one.words <= other.words or other.words <= one.words


def same_person(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two names, as words, are of one person."""
    return _most(one, other)


def _most(one: frozenset[str], other: frozenset[str]) -> bool:
    few, many = sorted((one, other), key=len)
    found = sum(word in many or any(fuzz.ratio(word, w) >= _CLOSE_NAME for w in many) for word in few)
    return bool(few) and found / len(few) >= _MOST_OF_A_NAME


def _instructors(one: Profile, other: Profile, by: Weights) -> float:
    if not one.instructors or not other.instructors:
        return 0.0
    same = any(same_person(a, b) for a in one.instructors for b in other.instructors)
    return by.instructor if same else by.other_instructor


def _trainees(one: Profile, other: Profile, by: Weights) -> float:
    evidence = 0.0
    if one.count and other.count:
        few, many = sorted((one.count, other.count))
        if few == many:
            evidence += by.count * (1.5 if few % 5 else 1.0)
        else:
            evidence += by.other_count / (3 if few / many >= 0.8 else 1)
    if one.group and other.group and one.group != other.group:
        evidence += by.other_group
    return evidence


def _told_apart(one: Profile, other: Profile) -> bool:
    """Tell whether anything but the skill sets two programs of one article apart."""
    if one.window and other.window and (one.window.start > other.window.end or other.window.start > one.window.end):
        return True
    if one.batch != other.batch or (one.count and other.count and one.count != other.count):
        return True
    return _partners(one, other, _SIGNS) < 0 or _instructors(one, other, _SIGNS) < 0


_SIGNS = Weights()  # of which the signs alone are asked for
