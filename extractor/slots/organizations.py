"""Organizations by the grammar of their names: a head, what follows it, an acronym in brackets, a place."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

from spacy.tokens import Doc

from extractor.language.names import word_lists
from extractor.schema import PartnerKind

_ACRONYM = re.compile(r"\(\s*([A-Z][A-Za-z0-9/&-]*(?: [A-Z][A-Za-z0-9]*)?)\s*\)")
_NEXT = re.compile(
    r"\s?(?:(?P<acronym>\([A-Za-z0-9][^()\n]{1,50}\))|(?P<quote>[\"“][A-Z][^\"”\n]{1,40}[\"”])|"
    r"(?P<link>,? (?:dan|serta|&|di|of|untuk|bagi)(?= [A-Z])|,(?= [A-Z]))|(?P<word>[A-Z0-9][\w'’&/.-]*)|(?P<number>\d{1,3}\b))"
)
_MAX_WORDS = 16
_PROPER = re.compile(r"[A-Z][A-Za-z]*[A-Z]\w*|Pertamina|Polres\w*|Kodim|Dekranasda|Disnaker\w*|Baznas|Kadin|Dinas \w+")


@dataclass(frozen=True, slots=True)
class Organization:
    """`doc.text[start:end]` names an organization."""

    start: int
    end: int
    name: str
    acronym: str | None
    kind: PartnerKind


@cache
def _heads() -> dict[str, str]:
    with files("extractor.gazetteers").joinpath("organization_heads.csv").open(encoding="utf-8") as lines:
        return {row["head"]: row["kind"] for row in csv.DictReader(lines)}


@cache
def _head_pattern() -> re.Pattern[str]:
    names = sorted((h for h, k in _heads().items() if k != "parent"), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(re.escape(n) for n in names)})(?!\w)")


@cache
def _parent_pattern() -> re.Pattern[str]:
    names = [h for h, k in _heads().items() if k == "parent"]
    return re.compile(rf"\b(?:{'|'.join(re.escape(n) for n in names)})\b", re.IGNORECASE)


def is_parent(name: str) -> bool:
    """Tell whether a name is the facility's own, its parent ministry, directorate or regional office."""
    return bool(_parent_pattern().search(name))


def acronym(name: str) -> str | None:
    """Return the acronym in brackets, or the name itself where it is one; None without."""
    found = _ACRONYM.search(name)
    if found:
        return found.group(1)
    first = re.match(r"[A-Z][A-Za-z]{0,3}[A-Z]{1,6}\d?\b", name)
    return first.group() if first and first.group() not in {"PT", "CV", "UD", "PD"} else None


def kind(name: str) -> PartnerKind:
    """Return the kind of the organization by the first head in its name; "other" where none is known."""
    found = _head_pattern().search(name)
    return cast(PartnerKind, _heads()[found.group()]) if found else "other"


def find_organizations(doc: Doc) -> list[Organization]:
    """Return the organizations named in the article in order; the facility and its parents are left out."""
    text = doc.text
    found: list[Organization] = []
    for head in _head_pattern().finditer(text):
        if found and head.start() < found[-1].end:
            continue
        end = _extend(text, head.end(), linked=_heads()[head.group()] == "government")
        name = text[head.start() : end]
        bare = name == head.group() and not _PROPER.fullmatch(name)
        if bare or is_parent(name):
            continue
        found.append(Organization(head.start(), end, name, acronym(name), cast(PartnerKind, _heads()[head.group()])))
    return found


def _extend(text: str, at: int, *, linked: bool) -> int:
    """Return where the name ends that is at `at` so far. Names of offices may hold commas and "dan"."""
    stop = word_lists()["notname"]
    end = at
    for _ in range(_MAX_WORDS):
        step = _NEXT.match(text, at)
        if step is None:
            break
        word = step["word"]
        if step["link"]:
            following = re.match(r" ?([A-Z][\w.]*)", text[step.end() : step.end() + 40])
            if not following or not _goes_on(step["link"], following.group(1), linked):
                break
            at = step.end()
            continue
        if word and (word.strip(".").casefold() in stop or (word.endswith(".") and len(word) > 4)):
            if word.endswith(".") and word.strip(".").casefold() not in stop:
                end = step.end() - 1
            break
        at = end = step.end()
    return end


def _goes_on(link: str, word: str, linked: bool) -> bool:
    """Tell whether a name goes on behind "dan" or a comma: only where no new organization or person opens."""
    if word.strip(".").casefold() in word_lists()["notname"] or _head_pattern().fullmatch(word):
        return False
    if link.strip(" ,") in {"di", "of", "untuk", "bagi"}:
        return link.strip(" ,") in {"of", "di"}
    return linked


def same_organization(a: Organization, b: Organization) -> bool:
    """Tell whether two names are one organization: the same acronym, or one's words within the other's."""
    if a.acronym and b.acronym and a.acronym.casefold() == b.acronym.casefold():
        return True
    first, second = _words(a.name), _words(b.name)
    return first <= second or second <= first


def _words(name: str) -> set[str]:
    return set(re.findall(r"\w+", re.sub(r"\([^)]*\)", " ", name).casefold())) or {name}
