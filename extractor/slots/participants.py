"""How many were trained, and of which group."""

from __future__ import annotations

import re
from bisect import bisect
from itertools import islice
from typing import NamedTuple

from spacy.tokens import Doc

from extractor.language import text_of
from extractor.language.numerals import number_words, parse_number
from extractor.mentions import Mention
from extractor.schema import Group, Participants
from extractor.slots import ranking, tagged

_NUMBER_WORD = "|".join(sorted(number_words(), key=len, reverse=True))
_NUMBER = (
    r"(?:\d{1,4}(?:\.\d{3})?(?:\s?-?an)?(?:\s\([a-z ]{3,30}\))?"
    rf"|(?:{_NUMBER_WORD})(?:\s(?:{_NUMBER_WORD})){{0,4}})"
)
_PEOPLE = (
    r"(?:(?:orang|org|laki-laki|perempuan|pria|wanita|putra|putri)\s+)?(?:warga\s+binaan(?:\s+pemasyarakatan)?(?:\s+\(WBP\))?|WBP|narapidana|napi|"
    r"tahanan|anak\s+(?:binaan|didik)|andikpas|klien|peserta|penghuni|santri|residen|warga|orang|org|penerima\s+manfaat|"
    r"laki-laki|perempuan|pria|wanita|anak|murid|siswa|emak-emak|ibu-ibu)"
)
_COUNT = re.compile(
    rf"(?<![\w.,/])(?P<n>{_NUMBER})\s+(?P<who>{_PEOPLE})(?:\s+(?:perempuan|wanita|laki-laki|pria|binaan|WBP|warga\s+binaan|narapidana))*"
    rf"(?:\s+dan\s+(?P<n2>{_NUMBER})\s+(?P<who2>perempuan|laki-laki|wanita|pria))?(?!\w)",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"(?:warga\s+binaan|WBP|narapidana|napi|tahanan)\s+(?:perempuan|wanita|pria|laki-laki)|anak\s+(?:binaan|didik)|andikpas",
    re.IGNORECASE,
)
_UNCOUNTED = 0.8  # the group was right in 24 of the 30 annotated articles with a training and no count
_SIZES = (1, 5, 50, 150)  # one person, a team, a class, a course, a whole prison
_WOMEN = re.compile(r"perempuan|wanita|\bibu\b|emak|\blpp\b|lapuan", re.IGNORECASE)
_MEN = re.compile(r"laki-laki|\bpria\b", re.IGNORECASE)
_YOUTH = re.compile(r"anak (?:binaan|didik)|andikpas|remaja|\blpka\b", re.IGNORECASE)


_MOST = 100  # counts of one article that are read; news has under thirty


class Candidate(NamedTuple):
    """One count of people with what speaks for it."""

    mention: Mention
    features: set[str]
    tags: set[str]


def candidates(doc: Doc) -> list[Candidate]:
    """Return every count of people in the article, in order."""
    text, body = text_of(doc), int(doc._.body_start)
    found = []
    counts = [m for m in islice(_COUNT.finditer(text), _MOST) if _count(m.group()) is not None]
    values = [_count(m.group()) for m in counts]
    for order, match in enumerate(counts):
        features = ranking.context(text, [match.span()], body)
        features |= {f"who={' '.join(match['who'].casefold().split()[:2])}", f"order={min(order, 4)}"}
        features |= {f"same={min(values.count(values[order]), 3)}", f"n={min(len(counts), 5)}"}
        size = values[order] or 0
        features |= {f"size={bisect(_SIZES, size)}"}
        features |= {f"largest={size == max(v or 0 for v in values)}", f"sum={match['n2'] is not None}"}
        tags = tagged.features(doc, "participants", [match.span()])
        score = ranking.sigmoid(ranking.rate(doc._.rankers, "participants", features, tags))
        mention = Mention("participants", *match.span(), score, "rule")
        found.append(Candidate(mention, features, tags))
    return found


def find(doc: Doc) -> list[Mention]:
    """Return every count of people, scored by how likely it counts the trainees, and a group without a count."""
    found = [c.mention for c in candidates(doc)]
    limit = ranking.threshold(doc._.rankers, "participants")
    group = _GROUP.search(text_of(doc))
    # Trainees without a number are still a group; any count goes before it.
    if group and not any(mention.score >= limit for mention in found):
        found.append(Mention("participants", *group.span(), _UNCOUNTED, "rule"))
    return found


def resolve(doc: Doc, mention: Mention) -> Participants | None:
    """Return the count and group that a mention says; None where it says neither."""
    words = text_of(doc)[mention.start : mention.end]
    count, group = _count(words), _group(words)
    if count is None and group is None:
        return None
    return Participants.model_construct(count=count, group=group, confidence=mention.score, evidence=[])


def _count(words: str) -> int | None:
    match = _COUNT.search(words)
    if match is None:
        return None
    first = parse_number(re.sub(r"\s*\(.*?\)", "", match["n"]))
    second = parse_number(match["n2"]) if match["n2"] else 0
    return first + second if first and second is not None else None


def _group(words: str) -> Group | None:
    women, men = bool(_WOMEN.search(words)), bool(_MEN.search(words))
    if _YOUTH.search(words):
        return "youth"
    if women == men:
        return None
    return "women" if women else "men"
