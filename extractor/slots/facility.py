"""Where: the facility whose residents are trained, by the grammar of its name and the list of units."""

from __future__ import annotations

import re
from typing import NamedTuple, cast

from spacy.tokens import Doc

from extractor.gazetteers import facilities as gazetteer
from extractor.language.names import word_lists
from extractor.mentions import Mention
from extractor.schema import Facility, FacilityClass, FacilityType
from extractor.slots import ranking

_HEAD = (
    r"(?:Lembaga\s+Per?masyarakatan|Lembaga\s+Pembinaan\s+Khusus\s+Anak|Rumah\s+Tahanan(?:\s+Negara)?|"
    r"Balai\s+Pemasyarakatan|LAPAS|Lapas|lapas|RUTAN|Rutan|rutan|LPKA|BAPAS|Bapas|LPP|LPN|Lapuan|Lapastika|Lapsustik|LP)"
)
_SUB = r"(?:\s+(?:Khusus\s+)?(?:Perempuan|Wanita|Narkotika|Terbuka|Pemuda|Negara|Anak|Dewasa|perempuan|wanita|narkotika|terbuka))"
_CLASS = r"(?:\s+(?:(?:Kelas|Klas|kelas|klas|KELAS|Kls)\s*)?(?:I{1,3}|ll|[123])(?:[\s-]?[ABab])?\b(?:\s?\([A-Z]\))?)"
_CAP = r"(?:[A-Z][A-Za-z'’]+)"
_PLACE = rf"(?:\s+(?P<place>{_CAP}(?:[ -]{_CAP}){{0,4}}(?:\s+II\b)?))"
_UNIT = re.compile(rf"(?<!\w)(?P<head>{_HEAD})(?:\s*\((?P<short>[A-Za-z ]{{2,20}})\))?{_SUB}?{_CLASS}?{_SUB}?{_PLACE}?")
_CENTER = re.compile(
    r"(?<!\w)(?P<head>Sentra(?:\s+Terpadu)?|Panti\s+(?:Pelayanan\s+)?(?:Sosial|Rehabilitasi)|Pusat\s+Layanan\s+Sosial|"
    r"(?:Balai|Loka|Unit|Pusat|Klinik|Yayasan)\s+(?:Besar\s+)?Rehabilitasi|Rumah\s+Damping(?:an)?|BRSPDM|BBRVBD|BRSKPN|IPWL)"
    rf"(?P<rest>(?:\s+(?:\([A-Z]{{2,12}}\)|[\"“]?{_CAP}[\"”]?|II\b)){{0,9}})"
)
_KLASS = re.compile(r"(?:Kelas|Klas|kelas|klas|KELAS|Kls)?\s*\b(I{1,3}|ll|[123])(?:[\s-]?([ABab]))?\b")
_LEVELS = {"I": "I", "1": "I", "II": "II", "ll": "II", "2": "II", "III": "III", "3": "III"}
_DIRECTIONS = frozenset("timur barat utara selatan tengah tenggara raya kota".split())
_ISLANDS = frozenset({"nusakambangan", "nusa kambangan"})
_REGION = re.compile(r"^(?:Kota|Kabupaten)\s+")


class Candidate(NamedTuple):
    """One facility with every mention of it; `best` is the most complete."""

    best: Mention
    spans: list[ranking.Span]
    features: set[str]


def _spans(text: str) -> list[ranking.Span]:
    found = [(m.start(), _end(text, m)) for m in _UNIT.finditer(text)]
    found += [(m.start(), m.end()) for m in _CENTER.finditer(text) if m["rest"]]
    return sorted(found)


def _end(text: str, match: re.Match[str]) -> int:
    """Cut the place at the first word that belongs to no place."""
    if match["place"] is None:
        return match.end()
    return match.start("place") + len(_place(match["place"])) if _place(match["place"]) else match.start("place") - 1


def _place(words: str) -> str:
    """Return the leading words that make a place: up to the last that ends a known one, else up to three."""
    kept: list[str] = []
    known = ""
    stop = word_lists()["notplace"]
    for word in re.split(r"(?<=\w)(?=[ -])", words):
        form = word.strip(" -").casefold()
        if form in stop:
            break
        if known and form not in _DIRECTIONS and not _known(form):
            break
        kept.append(word)
        if _known("".join(kept)) or form in _DIRECTIONS:
            known = "".join(kept)
    return known or "".join(kept[:3])


def _known(words: str) -> bool:
    """Tell whether the last one or two of `words` are the place of a unit."""
    parts = words.casefold().split()
    return any(" ".join(parts[-size:]) in gazetteer.places() for size in (1, 2, 3))


def _town(words: str) -> str:
    """Return the town within the words of a place: "Wirogunan Yogyakarta" is in Yogyakarta."""
    if words.casefold() in gazetteer.places():
        return words
    parts = _REGION.sub("", words).split()
    for size in (2, 1):
        town = " ".join(parts[-size:])
        if len(parts) > size and (town.casefold() in gazetteer.places() or town.casefold() in _ISLANDS):
            return town
    return " ".join(parts)


def candidates(doc: Doc) -> list[Candidate]:
    """Return the facilities that the article names, mentions of one joined, in order of first mention."""
    text, body = doc.text, int(doc._.body_start)
    groups: dict[str, list[tuple[ranking.Span, Facility]]] = {}
    for start, end in _spans(text):
        facility = _read(text[start:end])
        if facility and facility.place:
            groups.setdefault(facility.place.casefold(), []).append(((start, end), facility))
    found = []
    for members in groups.values():
        spans = [span for span, _ in members]
        (start, end), best = max(members, key=lambda m: (m[1].class_ is not None, len(m[1].name), -m[0][0]))
        features = ranking.context(text, spans, body) | {f"type={best.type}", f"n={min(len(groups), 4)}"}
        features |= {f"first={spans[0][0] == min(m[0][0][0] for m in groups.values())}", f"class={best.class_ is not None}"}
        found.append(Candidate(Mention("facility", start, end, ranking.score("facility", features), "rule"), spans, features))
    return found


def find(doc: Doc) -> list[Mention]:
    """Return each facility at its most complete mention, scored by how likely its residents are trained."""
    return [c.best for c in candidates(doc)]


def resolve(doc: Doc, mention: Mention) -> Facility | None:
    """Return the facility that a mention names, with class, province and id from the list of units.

    None where no type of facility can be read.
    """
    facility = _read(doc.text[mention.start : mention.end])
    if facility is None:
        return None
    unit = gazetteer.find_unit(facility.type, facility.place, facility.class_) if facility.place else None
    return facility.model_copy(
        update={
            "facility_id": unit.facility_id if unit else None,
            "province": unit.province if unit else None,
            "confidence": mention.score,
        }
    )


def _read(words: str) -> Facility | None:
    """Read type, class and place out of the words of one mention."""
    unit = _UNIT.search(words)
    name = " ".join(words.split())
    if unit is None:
        center = _CENTER.search(words)
        if center is None:
            return None
        return _facility(name, "rehab_center", None, _center_place(center["rest"]))
    place = _town(_place(unit["place"])) if unit["place"] else ""
    found = _KLASS.search(words[: unit.start("place")] if unit["place"] else words, len(unit["head"]))
    level = None
    if found:
        level = _LEVELS[found[1]] + (found[2] or "").upper()
        level = {"IA": "I", "IB": "I", "IIIA": "III", "IIIB": "III"}.get(level, level)
    return _facility(name, _type(words), cast("FacilityClass | None", level), place or None)


def _facility(name: str, type_: FacilityType, class_: FacilityClass | None, place: str | None) -> Facility:
    return Facility.model_construct(
        name=name, type=type_, class_=class_, place=place, province=None, facility_id=None, confidence=0.0, evidence=[]
    )


def _type(words: str) -> FacilityType:
    low = words.casefold()
    women = bool(re.search(r"perempuan|wanita|\blpp\b|lapuan", low))
    if re.search(r"lpka|pembinaan khusus anak", low):
        return "lpka"
    if re.search(r"bapas|balai pemasyarakatan", low):
        return "bapas"
    if re.search(r"rutan|rumah tahanan", low):
        return "rutan_perempuan" if women else "rutan"
    if women:
        return "lapas_perempuan"
    if re.search(r"narkotika|lapastika|lapsustik|\blpn\b", low):
        return "lapas_narkotika"
    return "lapas_terbuka" if "terbuka" in low else "lapas"


def _center_place(rest: str) -> str:
    """Return the town at the end of a center's name, else the proper part of the name."""
    words = re.findall(r"[A-Z][A-Za-z'’]+", re.sub(r"\([^)]*\)", " ", rest))
    words = [w for w in words if w not in {"II", "Provinsi"}]
    for size in (2, 1):
        town = " ".join(words[-size:])
        if len(words) > size and town.casefold() in gazetteer.places():
            return town
    return words[-1] if "BNN" in rest else " ".join(words[-2:])
