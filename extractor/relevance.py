"""Does the article report a training of residents at all? A cheap gate before everything else, then the last word."""

from __future__ import annotations

import re
from itertools import pairwise

from spacy.tokens import Doc

from extractor.mentions import SLOTS
from extractor.slots import ranking, tagged

GATE = 0.1  # below it an article is not read any further
_WORD = re.compile(r"[^\W\d_]{3,}")
_RESIDENTS = re.compile(
    r"\b(?:warga binaan|wbp|narapidana|napi|tahanan|andikpas|anak binaan|anak didik|klien|penghuni|lapas|rutan|"
    r"lpka|bapas|pemasyarakatan|penerima manfaat|rehabilitasi|residen|lpp|panti|sentra)\b",
    re.IGNORECASE,
)


def features(title: str, text: str) -> set[str]:
    """Return the words of title and body as features, and whether residents are mentioned."""
    found = {f"t:{w.casefold()}" for w in _WORD.findall(title)}
    lead = text[:6000]
    words = [w.casefold() for w in _WORD.findall(lead)]
    found |= {f"w:{w}" for w in words}
    found |= {f"b:{a} {b}" for a, b in pairwise(words)}
    count = len(_RESIDENTS.findall(title)) + len(_RESIDENTS.findall(lead))
    return found | {f"residents={min(count, 3)}"}


def relevance(title: str, text: str, rankers: ranking.Rankers | None = None) -> float:
    """Return the probability 0..1 that the article reports a training of residents; 0 without residents.

    Judged by the words alone, with the tables of `rankers` or the shipped rules'.
    """
    if not _RESIDENTS.search(title) and not _RESIDENTS.search(text[:20000]):
        return 0.0
    return ranking.sigmoid(ranking.judge(rankers, "relevance", features(title, text)))


def tagged_features(doc: Doc) -> set[str]:
    """Return what the program tagger adds: its own judgment of the article, and how many mentions it is sure of."""
    found = {f"m>{step}" for step in tagged.STEPS if (doc._.relevance or 0.0) > step}
    for slot in SLOTS:
        count = sum(m.slot == slot and m.score >= tagged.LIKELY for m in doc._.slot_mentions or [])
        found.add(f"m:{slot}={min(count, 3)}")
    return found


def tagged_relevance(doc: Doc, title: str, text: str) -> float:
    """Return the probability by the words and the program tagger together."""
    return ranking.sigmoid(ranking.rate(doc._.rankers, "relevance", features(title, text), tagged_features(doc)))
