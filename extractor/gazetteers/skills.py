"""The skills table: which words name a trade or a product, in which category."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from extractor.schema import SkillCategory


@dataclass(frozen=True, slots=True)
class Term:
    """One row of skills.csv: its words, and what they say; `isco` is an ISCO-08 unit group or None."""

    words: tuple[str, ...]
    category: SkillCategory
    isco: str | None
    kind: Literal["trade", "product"]


@cache
def _rows() -> list[dict[str, str]]:
    with files("extractor.gazetteers").joinpath("skills.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@cache
def terms() -> dict[str, list[Term]]:
    """Return the terms by their first word, longest first."""
    table: dict[str, list[Term]] = {}
    for row in _rows():
        if row["kind"] != "head":
            words = tuple(row["term"].split())
            kind = cast("Literal['trade', 'product']", row["kind"])
            term = Term(words, cast("SkillCategory", row["category"]), row["isco"] or None, kind)
            table.setdefault(words[0], []).append(term)
    for found in table.values():
        found.sort(key=lambda t: -len(t.words))
    return table


@cache
def heads() -> frozenset[str]:
    """Return the words that open a skill phrase: membuat, pembuatan, budidaya and so on."""
    return frozenset(row["term"] for row in _rows() if row["kind"] == "head")


def match(words: list[str], at: int) -> Term | None:
    """Return the longest term that stands at position `at` of the case-folded `words`."""
    for term in terms().get(words[at], ()):
        if tuple(words[at : at + len(term.words)]) == term.words:
            return term
    return None


_MIXED = frozenset({"6114", "6121", "7319"})  # mixed crops, livestock in general, handicraft not elsewhere classified


@cache
def isco_titles() -> dict[str, str]:
    """Return the official titles of the ISCO-08 unit groups that skills.csv uses, by their codes."""
    with files("extractor.gazetteers").joinpath("isco.csv").open(encoding="utf-8") as lines:
        return {row["code"]: row["title"] for row in csv.DictReader(lines)}


def isco(name: str, term: Term) -> str | None:
    """Return the ISCO-08 unit group of a skill phrase, None where none fits.

    Args:
        name: the phrase.
        term: what says most about it; where it has no code or that of a mixed group, the phrase's further terms go
            before it ("mengolah singkong menjadi keripik", "peternakan ikan").
    """
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+\w*", name.casefold())
    further = (other for i in range(len(words)) if (other := match(words, i)) and not {*other.words} & {*term.words})
    own = None if term.isco in _MIXED else term.isco
    return own or next((other.isco for other in further if other.isco), term.isco)


# Words that name a field; beside a skill of the field they say nothing more.
_GENERAL = frozenset(
    [
        *("masak", "tata", "terampil", "rajin", "kerajin", "tangan", "makan", "tani", "kebun", "ternak", "otomotif"),
        *("wirausaha", "wirausah", "bangun", "tukang", "komputer", "musik"),
    ]
)
_AFFIX = re.compile(r"^(?:penge|menge|peng|meng|peny|meny|pem|mem|pen|men|pe|me|ber|per|di)(?=\w{3})|(?:kan|an|i)$")


@cache
def _synonyms() -> dict[str, str]:
    """Return skill_synonyms.csv (compiled here): what a stem means, "" for one that says nothing of its own."""
    with files("extractor.gazetteers").joinpath("skill_synonyms.csv").open(encoding="utf-8") as lines:
        return {row["stem"]: row["means"] for row in csv.DictReader(lines)}


def stems(name: str) -> frozenset[str]:
    """Return the words of a skill phrase without affixes, synonyms as one ("cukur", "pangkas")."""
    found = {_AFFIX.sub("", word) for word in re.findall(r"\w+", name.casefold())}
    return frozenset({_synonyms().get(stem, stem) for stem in found} - {""} or found)


def is_general(words: frozenset[str]) -> bool:
    """Tell whether the stems of a phrase only name a field, as "tata boga" and "pertanian" do."""
    return words <= _GENERAL
