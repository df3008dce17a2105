"""Organizations by the grammar of their names: a head, what follows it, an acronym in brackets, a place."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple, cast

from spacy.tokens import Doc

from extractor.gazetteers import facilities as gazetteer
from extractor.gazetteers.partners import same
from extractor.language import text_of
from extractor.language.names import known_names, word_lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extractor.schema import PartnerKind

if not Doc.has_extension("organizations"):
    Doc.set_extension("organizations", default=None)

_CAP = r"[A-Z0-9][\w'’&/-]{0,40}"
_ACRONYM = re.compile(r"\(\s*([A-Z][A-Za-z0-9/&-]*(?: [A-Z][A-Za-z0-9]*)?)\s*\)")
_REGION = re.compile(
    r",? (?:Kota|Kabupaten|Kab\.?|Provinsi|Propinsi|Prov\.?|Kecamatan|wilayah|Wilayah|di)"
    r"(?= [A-Z])(?! [IVX]+\b)"
)
_PLACE = re.compile(rf" ({_CAP})(?: ({_CAP}))?(?: ({_CAP}))?")
_BRACKET = re.compile(r"\s?\([A-Za-z0-9][^()\n]{0,59}\)")
_QUOTE = re.compile(r" [\"“][A-Z][^\"”\n]{1,40}[\"”]")
_LINK = re.compile(rf"(?:,? (?:dan|Dan|serta|and|&)|,) ({_CAP})")
_SHORT = re.compile(r" \([A-Z][A-Za-z-]{1,12}\)")
_PROVINCE = re.compile(r",? (?:Provinsi|Propinsi)(?= [A-Z])")
_OWNED = re.compile(r" (?:milik|of|in)(?= [A-Z])")
_WORD = re.compile(rf" ({_CAP})")
_CUE = re.compile(
    r"(?:(?:[Kk]erja ?sama|[Kk]olaborasi|[Bb]ermitra) dengan|[Mm]enggandeng|[Gg]andeng|[Oo]wner|[Pp]emilik|"
    r"[Dd]idatangkan dari|[Ii]nstruktur dari|[Pp]elatih dari|[Dd]ibimbing oleh|[Mm]itra) (?:pihak )?"
    rf"({_CAP}(?: {_CAP}){{0,4}})"
)
_LEGAL = frozenset({"PT", "CV", "UD", "PD"})
_MAX_WORDS = 16
_PERSON = 0.8  # how sure the tagger is of a person that ends an organization's name


class Opening(NamedTuple):
    """Where a name opens: its first words, and the kind that they give it."""

    start: int
    end: int
    kind: PartnerKind


@dataclass(frozen=True, slots=True)
class Organization:
    """`doc.text[start:end]` names an organization."""

    start: int
    end: int
    name: str
    acronym: str | None
    kind: PartnerKind


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files("extractor.gazetteers").joinpath(name).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


@cache
def _heads() -> dict[str, str]:
    return {row["head"]: row["kind"] for row in _rows("organization_heads.csv")}


@cache
def _words(role: str) -> dict[str, PartnerKind]:
    """Return the words of organization_words.csv in one role (see SOURCES.md), with their kind."""
    return {r["word"]: cast("PartnerKind", r["kind"]) for r in _rows("organization_words.csv") if r["role"] == role}


def _any(words: list[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


@cache
def _head_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{_any([h for h, k in _heads().items() if k != 'parent'])})(?![\w-])")


@cache
def _lower_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])({_any(list(_words('lower')))})(?: [a-z]{{2,12}})?(?= [\"“]?[A-Z])")


@cache
def _tail_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])((?:{_CAP} ){{0,4}})({_any(list(_words('tail')))})(?!\w)")


@cache
def _parent_pattern() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any([h for h, k in _heads().items() if k == 'parent'])})\b", re.IGNORECASE)


def is_parent(name: str) -> bool:
    """Tell whether a name is the facility's own, its parent ministry, directorate or regional office."""
    return bool(_parent_pattern().search(name))


def acronym(name: str) -> str | None:
    """Return the acronym in brackets, or the name itself where it is one; None without."""
    found = _ACRONYM.search(name)
    if found:
        return found.group(1)
    first = re.match(r"[A-Z][A-Za-z]{0,3}[A-Z]{1,6}\d?\b", name)
    return first.group() if first and first.group() not in _LEGAL else None


def kind(name: str, default: PartnerKind = "other") -> PartnerKind:
    """Return the kind of the organization by the first head in its name, else by its tail, else `default`."""
    head = _head_pattern().search(name)
    if head and head.start() == 0:
        return cast("PartnerKind", _heads()[head.group()])
    lower = _lower_pattern().match(name)
    if lower:
        return _words("lower")[lower.group(1)]
    tails = [m.group(2) for m in _tail_pattern().finditer(name)]
    if tails:
        return _words("tail")[tails[-1]]
    return cast("PartnerKind", _heads()[head.group()]) if head else default


def find_organizations(doc: Doc) -> list[Organization]:
    """Return the organizations named in the article in order; the facility and its parents are left out.

    They are kept with the doc, for the slots that ask one after another.
    """
    if doc._.organizations is None:
        doc._.organizations = [_without_person(doc, o) for o in _find(text_of(doc))]
    found: list[Organization] = doc._.organizations
    return found


def _without_person(doc: Doc, found: Organization) -> Organization:
    """Return the name up to the person whom the tagger sees at its end: "PT Adaro Indonesia Yuri Budhi"."""
    for entity in doc._.entities or ():
        if entity.label == "PER" and found.start < entity.start < found.end <= entity.end and entity.score >= _PERSON:
            name = text_of(doc)[found.start : entity.start].rstrip(" ,")
            if " " not in name:
                return found
            return Organization(found.start, found.start + len(name), name, acronym(name), found.kind)
    return found


def _find(text: str) -> list[Organization]:
    found: list[Organization] = []
    for opening in sorted(_openings(text), key=lambda o: (o.start, -o.end)):
        if found and opening.start < found[-1].end:
            continue
        end = _extend(text, opening)
        name = text[opening.start : end]
        following = _WORD.match(text, end)  # "LPK Lapas Cipinang" is the facility's own
        if _bare(name) or is_parent(name + (following.group() if following else "")):
            continue
        found.append(Organization(opening.start, end, name, acronym(name), kind(name, opening.kind)))
    return found


def named(text: str, start: int, end: int) -> Organization:
    """Return the organization that stands at `text[start:end]` by another's word."""
    name = text[start:end]
    return Organization(start, end, name, acronym(name), kind(name))


def _openings(text: str) -> Iterator[Opening]:
    heads = _heads()
    for match in _head_pattern().finditer(text):
        yield Opening(match.start(), match.end(), cast("PartnerKind", heads[match.group()]))
    for match in _lower_pattern().finditer(text):
        yield Opening(match.start(), match.end(), _words("lower")[match.group(1)])
    for match in _tail_pattern().finditer(text):
        before = _own(match.group(1).split())
        start = match.start(2) - sum(len(w) + 1 for w in before)
        if before or " " in text[match.end() : match.end() + 1]:
            yield Opening(start, match.end(), _words("tail")[match.group(2)])
    for match in _CUE.finditer(text):
        words = match.group(1).split()
        if words == _own(words) and not _person(words):
            yield Opening(match.start(1), match.end(1), "company")


@cache
def _stops(kind_: PartnerKind) -> frozenset[str]:
    """Return the words that end a name of this kind; a person's title does so behind an office only."""
    return word_lists()["notname"] | (word_lists()["honorific"] if kind_ == "government" else frozenset())


def _own(words: list[str]) -> list[str]:
    """Return the last words of a run that can belong to a name."""
    stop = word_lists()["notname"] | _words("stop").keys()
    last = max((i for i, w in enumerate(words) if w.casefold() in stop), default=-1)
    return words[last + 1 :]


def _person(words: list[str]) -> bool:
    names = known_names()
    return any(w.casefold() in names for w in words) or gazetteer.fold(words[0]) in gazetteer.places()


def _bare(name: str) -> bool:
    """Tell whether a name is a head alone that names no one: "Yayasan"; "BLK" or "Loka Latihan Kerja" do."""
    if name in _LEGAL:
        return True
    long = name.count(" ") > 1 or re.search(r"[A-Z]\w*[A-Z]\w*$", name)
    return name in _heads() and not long and name not in _words("whole")


def _extend(text: str, opening: Opening) -> int:
    """Return where the name ends that begins with `opening`.

    A comma or "dan" belongs to it only before a word that names a field of work ("Dinas Tanaman Pangan,
    Hortikultura dan Perkebunan"); "Kota X" ends it,
    and so does the bare name of a place in an office's name.
    """
    end = opening.end
    stop = _stops(opening.kind)
    joined = _words("joined")
    first = True
    for _ in range(_MAX_WORDS):
        region = _REGION.match(text, end)
        step = _BRACKET.match(text, end) or _QUOTE.match(text, end)
        link = _LINK.match(text, end)
        word = _WORD.match(text, end)
        if step:
            end = step.end()
        elif region:
            return _region_end(text, end, region.end())
        elif link:
            if link.group(1) not in joined:
                break
            end = link.end()
        elif (owned := _OWNED.match(text, end)) is not None and _head_pattern().match(text, owned.end() + 1):
            end = owned.end()
        elif word:
            known = _known_end(text, end) if opening.kind == "government" else None
            if known:
                return _after_place(text, known)
            if word.group(1).casefold() in stop and not (first and word.group(1) in {"Chef", "Pelatihan"}):
                break
            end = word.end()
        else:
            break
        first = False
    return end


def _known_end(text: str, at: int) -> int | None:
    """Return the end of the known place of up to three words behind `at`, if one is there."""
    match = _PLACE.match(text, at)
    if match is None:
        return None
    for size in (3, 2, 1):
        if match.group(size) and gazetteer.fold(text[at : match.end(size)]) in gazetteer.places():
            return match.end(size)
    return None


def _region_end(text: str, name_end: int, at: int) -> int:
    """Return the end of the place behind "Kota", "Kabupaten" …; `name_end` where "di" opens none."""
    known = _known_end(text, at)
    if known:
        return _after_place(text, known)
    if text[name_end] == "," or text[name_end:at].strip() == "di":
        return name_end
    match = _WORD.match(text, at)
    return _after_place(text, match.end()) if match else name_end


def _after_place(text: str, end: int) -> int:
    """Return the end with what may follow the place: an abbreviation in brackets, the province."""
    step = _SHORT.match(text, end)
    end = step.end() if step else end
    province = _PROVINCE.match(text, end)
    known = _known_end(text, province.end()) if province else None
    return known or end


_REGION_WORDS = frozenset({"kota", "kabupaten", "kab", "provinsi", "prov"})


def same_organization(a: Organization, b: Organization) -> bool:
    """Tell whether two names are one organization.

    They are when, acronyms aside, the words of one are all in the other ("LPK Asia" and "Lembaga Pelatihan
    Kerja (LPK) Asia"); a bare acronym is the organization that carries it. Where a place is all that is left of one
    ("BLK Banjarmasin"), the names written out decide: "SMKN 4 Banjarmasin" stands there too.
    """
    short = {form.casefold() for form in (a.acronym, b.acronym) if form}
    first, second = _name_words(a.name) - short, _name_words(b.name) - short
    if not (first and second):
        return _carries(a, b) or _carries(b, a)
    less, name = min((first, a.name), (second, b.name), key=lambda side: len(side[0]))
    if not (first <= second or second <= first):
        return False
    return not _is_place(less, name) or first == second or _carries(a, b) or _carries(b, a) or same(a.name, b.name)


def _is_place(words: set[str], name: str) -> bool:
    """Tell whether these words of a name are a place, or nothing but its kind."""
    place = " ".join(word for word in re.findall(r"\w+", name.casefold()) if word in words - _REGION_WORDS)
    return not place or gazetteer.fold(place) in gazetteer.places()


def _carries(a: Organization, b: Organization) -> bool:
    return a.acronym is not None and a.acronym.casefold() in {(b.acronym or "").casefold(), b.name.casefold()}


def _name_words(name: str) -> set[str]:
    return set(re.findall(r"\w+", re.sub(r"\([^)]*\)", " ", name).casefold()))
