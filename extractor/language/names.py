"""Persons by their form: capitalized words, titles before them, degrees after them."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

WORD = r"(?:(?:Moh|Muh|Abd|Ahm)\.|[A-Z][a-zà-ÿ]*['’`]?[A-Za-zà-ÿ]+|[A-Z]{2,}|[A-Z]\.|[A-Z](?=\s[A-Z]))"
LINK = r"(?:bin|binti|br|boru|van|de|al|el)"
RUN = re.compile(rf"(?<![\w@#]){WORD}(?:[ \u00a0](?:{LINK}[ \u00a0])?{WORD}){{0,7}}")
DEGREE = re.compile(
    r"[ ,.]{1,3}(?:[SMD]\.? ?[A-Z][A-Za-z.]{0,6}\b|A\.?\s?Md\b|Amd\b|Ph\.?D|SH\b|MH\b|SE\b|MM\b|ST\b|MT\b)"
)
INITIALS = re.compile(r"[A-Z]{1,3}(?:\s?\(\d+\))?")


@dataclass(frozen=True, slots=True)
class Person:
    """A span that may be a person's bare name; `title` is the honorific or role word before it, if any."""

    start: int
    end: int
    title: str | None
    degree: bool
    known: float  # share of its words that are in the list of Indonesian names


@cache
def known_names() -> frozenset[str]:
    """Return the given and family names of names.csv (indofaker, faker, mutiawsr; see its source column)."""
    with files("extractor.language").joinpath("names.csv").open(encoding="utf-8") as lines:
        return frozenset(word.casefold() for row in csv.DictReader(lines) for word in row["name"].split())


@cache
def word_lists() -> dict[str, frozenset[str]]:
    """Return the lists of name_words.csv: `honorific`, `stop` (capitalized words that are no name)."""
    with files("extractor.language").joinpath("name_words.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    kinds = {row["kind"] for row in rows}
    return {kind: frozenset(row["word"] for row in rows if row["kind"] == kind) for kind in kinds}


def find_persons(text: str) -> list[Person]:
    """Return every span of `text` that has the form of a person's name, in order, without overlaps."""
    found = []
    for run in RUN.finditer(text):
        found.extend(_split(text, run))
    return found


def _split(text: str, run: re.Match[str]) -> list[Person]:
    """Cut one run of capitalized words at words that belong to no name."""
    lists = word_lists()
    people: list[Person] = []
    group: list[re.Match[str]] = []
    title: str | None = None
    words = list(re.finditer(r"[^ \u00a0]+", run.group()))
    following = [w.group().casefold() for w in words[1:]] + [""]
    for word, after in zip(words, following, strict=True):
        form = word.group().strip(".").casefold()
        balinese = form in {"i", "ni"} and after in lists["balinese"]
        inside = group and form in lists["noble"]
        if (
            not balinese
            and not inside
            and (form in lists["honorific"] or form in lists["stop"] or (len(form) > 5 and form.endswith("nya")))
        ):
            people += _person(text, run.start(), group, title)
            group = []
            title = word.group() if form in lists["honorific"] else None
        else:
            group.append(word)
    return people + _person(text, run.start(), group, title)


def _person(text: str, base: int, group: list[re.Match[str]], title: str | None) -> list[Person]:
    if not group:
        return []
    start, end = base + group[0].start(), base + group[-1].end()
    name = text[start:end]
    if title is None:
        title = _lower_title(text, start)
    if len(name) < 3 or INITIALS.fullmatch(name):
        return []
    words = [w.casefold() for w in re.findall(r"\w+", name)]
    names = known_names()
    known = sum(w in names for w in words) / len(words)
    return [Person(start, end, title, bool(DEGREE.match(text, end)), known)]


def _lower_title(text: str, start: int) -> str | None:
    """Return an honorific written with a dot or in lower case just before `start`."""
    before = re.search(r"([A-Za-z.]{1,12}?)\.?,?\s$", text[max(0, start - 14) : start])
    if before and before.group(1).strip(".").split(".")[-1].casefold() in word_lists()["honorific"]:
        return before.group(1)
    return None
