"""The skills table: which words name a trade or a product, in which category."""

from __future__ import annotations

import csv
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
