"""Vary an annotated article: in, an article of corpus or shared/data; out, one with other values and the same labels.

Places, persons, partners, months, days, counts and skills are exchanged throughout the article, so that no label
moves and every decoy stays one: an official's name is exchanged as an instructor's is.
"""

from __future__ import annotations

import copy
import csv
import random
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

SHARE = 0.6  # of the articles of an epoch that are varied
MONTHS = [
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
]
DAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]
VERB = re.compile(r"(?i)(?:me[mny]|ber|pe[mn])\w+")
NAME = re.compile(r"(?<![\w.])(?:[A-Z][a-z'’]{2,}(?: |$)?){2,3}")
KEPT = {"id", "kind", "type", "class", "category", "group", "start", "end", "published", "publisher", "source_url"}
SWAPPED_SKILLS = 0.35  # products and tools of the old skill stay in the text, so not often


@dataclass(frozen=True)
class Pools:
    """What values are exchanged for: places by facility type, names, partners by kind, skills by form."""

    places: dict[str, list[str]]
    given: list[str]
    family: list[str]
    partners: dict[str, list[tuple[str, str | None]]]
    skills: dict[bool, list[tuple[str, str]]]

    @classmethod
    def of(cls, shared: Path, articles: Iterable[dict[str, Any]]) -> Pools:
        """Return the pools of shared/data and of the articles that may be learned from."""
        places = defaultdict(list)
        with (shared / "facilities" / "facilities.csv").open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                places[row["type"].casefold()[:5]].append(row["place"])
        names = defaultdict(list)
        with (shared / "lexicon" / "names.csv").open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                names[row["kind"]].append(row["name"])
        partners: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
        skills: dict[bool, list[tuple[str, str]]] = defaultdict(list)
        for article in articles:
            for program in article["programs"]:
                for partner in program["partners"]:
                    partners[partner["kind"]].append((partner["text"], partner["acronym"]))
                for skill in program["skills"]:
                    skills[bool(VERB.match(skill["text"]))].append((skill["text"], skill["category"]))
        return cls(dict(places), names["given"], names["family"], dict(partners), dict(skills))

    def person(self, dice: random.Random, words: int) -> str:
        """Return a name of about as many words."""
        rest = [dice.choice(dice.choice([self.given, self.family])) for _ in range(min(words, 3) - 1)]
        return " ".join([dice.choice(self.given), *rest])


def vary(article: dict[str, Any], pools: Pools, dice: random.Random) -> dict[str, Any]:
    """Return the article with other wordings, in text and annotation alike.

    What an annotation says beyond its wording (dates in ISO, counts, categories) is not made to follow: the labels of
    the tagger need the wordings alone.
    """
    swaps: dict[str, str] = {}
    _swap_people(article, pools, dice, swaps)
    for program in article["programs"]:
        _swap_program(program, pools, dice, swaps)
    for group in (MONTHS, DAYS):
        if dice.random() < 0.5:
            swaps.update(zip(group, dice.sample(group, len(group)), strict=True))
    return _applied(article, swaps)


def _swap_people(article: dict[str, Any], pools: Pools, dice: random.Random, swaps: dict[str, str]) -> None:
    known = {i["text"] for p in article["programs"] for i in p["instructors"]}
    lexicon = frozenset(pools.given)
    for match in NAME.finditer(article["text"]):
        words = match.group().split()
        if words[0] in lexicon or words[-1] in lexicon:
            known.add(" ".join(words))
    for full in sorted(known):  # a set has another order in every run
        if dice.random() < 0.6:
            new = pools.person(dice, len(full.split()))
            first, other = full.split()[0], new.split()[0]
            others = " ".join([article["text"], *swaps.values()])
            if any(word in others for word in new.split()):
                continue  # two persons of one name would share the teacher's label
            swaps[full] = new
            if len(first) > 3:
                swaps.setdefault(first, other)


def _swap_program(program: dict[str, Any], pools: Pools, dice: random.Random, swaps: dict[str, str]) -> None:
    facility = program["facility"]
    if facility and facility["place"] and dice.random() < 0.6:
        fitting = pools.places.get((facility["type"] or "").replace("_", "")[:5])
        if fitting:
            swaps.setdefault(facility["place"], dice.choice(fitting))
    for partner in program["partners"]:
        if dice.random() < 0.5:
            text, acronym = dice.choice(pools.partners[partner["kind"]])
            swaps.setdefault(partner["text"], text)
            bare = re.sub(r"\s*\([^)]*\)", "", partner["text"])
            swaps.setdefault(bare, re.sub(r"\s*\([^)]*\)", "", text))
            if partner["acronym"]:
                swaps.setdefault(partner["acronym"], acronym or text)
    if program["participants"] and dice.random() < 0.6:
        phrase = program["participants"]["text"]
        other = re.sub(r"\d+", lambda _: str(dice.randint(5, 60)), phrase, count=1)
        if other != phrase:
            swaps.setdefault(phrase, other)
    for skill in program["skills"]:
        if dice.random() < SWAPPED_SKILLS:
            text, _ = dice.choice(pools.skills[bool(VERB.match(skill["text"]))])
            swaps.setdefault(skill["text"], text)


def _applied(article: dict[str, Any], swaps: dict[str, str]) -> dict[str, Any]:
    if not swaps:
        return article
    lowered = {key.casefold(): value for key, value in swaps.items()}
    longest = sorted(map(re.escape, swaps), key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)", re.IGNORECASE)

    def other(match: re.Match[str]) -> str:
        old = match.group()
        new = lowered[old.casefold()]
        if old in swaps:
            return new
        if old.isupper():
            return new.upper()
        # Any other change of letters: a common word that is also a name's first ("Dewi", "dewi") is left as it is.
        return new.title() if old.istitle() else old

    def walk(value: Any) -> Any:  # noqa: ANN401  the JSON of an article
        if isinstance(value, dict):
            return {k: walk(v) if k not in KEPT else v for k, v in value.items()}
        if isinstance(value, list):
            return [walk(v) for v in value]
        return pattern.sub(other, value) if isinstance(value, str) else value

    return dict(walk(copy.deepcopy(article)))
