"""Organizations' names across articles: abbreviations written out, two names of one, the kind that a word decides."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extractor.schema import PartnerKind

_BRACKETED = re.compile(r"\s*\([^()]*\)")
_SIGNS = re.compile(r"[\"“”'‘’`]+")
_UNIT = re.compile(r"(?:UPTD?|Unit Pelaksana Teknis(?: Daerah)?)\s+(?:di\s+)?(?=[A-Z])")
# How the same word is written in a name; behind these the region or the name itself follows.
_SPELLINGS = (
    (re.compile(r"\bKab\.?(?=\s)"), "Kabupaten"),
    (re.compile(r"\b(?:Prov\.?|Propinsi)(?=\s)"), "Provinsi"),
    (re.compile(r"\bKec\.?(?=\s)"), "Kecamatan"),
    (re.compile(r"\b(PT|CV|UD)\.\s*"), r"\1 "),
)
_ENOUGH = 2  # words that a name must have to be the opening of a longer one
_CASED = 4  # letters up to which an abbreviation is one only as it is written ("DKP", not "dkp")


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files("extractor.gazetteers").joinpath(name).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


@cache
def _names() -> dict[str, str]:
    """Return organization_names.csv: what each short or other form stands for."""
    return {_key(row["form"]): row["name"] for row in _rows("organization_names.csv")}


def _key(form: str) -> str:
    return form if len(form) <= _CASED and form.isupper() else form.casefold()


@cache
def _forms() -> re.Pattern[str]:
    forms = sorted((row["form"] for row in _rows("organization_names.csv")), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, forms))})(?![\w-])", re.IGNORECASE)


@cache
def canonical(name: str) -> str:
    """Return an organization's name as one writes it everywhere, for counting across articles.

    Abbreviations of organization_names.csv are written out, what stands in brackets, quotation marks and the words
    for a technical unit before an office's name are left out, "Kab." is Kabupaten. A name that holds nothing of the
    kind comes back as it is.
    """
    plain = " ".join(_SIGNS.sub("", _BRACKETED.sub("", name)).split()).strip(" ,.;:")
    for spelling, usual in _SPELLINGS:
        plain = spelling.sub(usual, plain)
    plain = _UNIT.sub("", plain, count=1) if _UNIT.match(plain) else plain
    written = _forms().sub(lambda m: _names().get(_key(m.group()), m.group()), plain)
    return " ".join(written.split()) or name


def same(one: str, other: str) -> bool:
    """Tell whether two names in one article are one organization: equal when written out, or one opens the other.

    "Disnaker" is "Dinas Ketenagakerjaan (Disnaker) Kota Tangerang"; offices of two towns are two.
    """
    first, second = sorted((_words(canonical(one)), _words(canonical(other))), key=len)
    return first == second or (len(first) >= _ENOUGH and second[: len(first)] == first)


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", name.casefold())


@cache
def _deciding(role: str) -> dict[str, PartnerKind]:
    rows = (row for row in _rows("organization_words.csv") if row["role"] == role)
    return {row["word"]: cast("PartnerKind", row["kind"]) for row in rows}


@cache
def _pattern(role: str) -> re.Pattern[str]:
    words = sorted(_deciding(role), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?![\w-])")


def kind(name: str) -> PartnerKind | None:
    """Return the kind that a word of the name decides whatever its head, None where none does.

    A word that opens the name ("Bank Sampah", "Koperasi", an office's "Dis…") goes before one within it ("Pesantren").
    """
    if opening := _pattern("leads").match(name):
        return _deciding("leads")[opening.group()]
    if within := _pattern("says").search(name):
        return _deciding("says")[within.group()]
    return "government" if re.match(r"Dis[a-z]{3,}\b", name) else None
