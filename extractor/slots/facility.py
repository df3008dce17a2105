"""Where: the facility whose residents are trained, by the grammar of its name and the list of units."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, cast

from extractor.gazetteers import facilities as gazetteer
from extractor.gazetteers import regions
from extractor.language import text_of
from extractor.language.names import word_lists
from extractor.mentions import Mention
from extractor.schema import Facility, FacilityClass, FacilityType
from extractor.slots import beside, ranking, tagged

if TYPE_CHECKING:
    from spacy.tokens import Doc

_HEAD = (
    r"(?:(?i:Lembaga\s+Per?masyarakatan|Lembaga\s+Pembinaan\s+Khusus\s+Anak|Rumah\s+Tahanan(?:\s+Negara)?|"
    r"Balai\s+Pemasyarakatan|Lapas|Rutan|LPKA|Bapas|Lapuan|Lapastika|Lapsustik)|LPP|LPN|LP)"
)
_SUB = r"(?:(?i:Khusus|Perempuan|Wanita|Narkotika|Terbuka|Pemuda|Negara|Anak|Dewasa))\b"
_LEVEL = r"(?:I{1,3}|ll?|[123])(?:\.?[\s-]?[ABab])?\b"
_BARE = r"(?:I{1,3}|[123])(?=\s+[A-Z])"  # "Lapas 1 Madiun"; before a place alone
_CLASS = rf"(?:(?i:kelas|klas|kls)\.?\s*{_LEVEL}|(?:II|2)\.?[\s-]?[ABab]\b|IA\b)"
_SHORT = r"\((?:[A-Za-z]{2,12})\)"
_CAP = r"[A-Z][A-Za-z'’]+"
_PLACE = rf"{_CAP}(?:[ -]{_CAP}){{0,4}}"
_UNIT = re.compile(
    rf"(?<!\w)(?P<head>{_HEAD})(?!\w)(?P<marks>(?:\s*(?:{_SHORT}|{_SUB}|{_CLASS}|{_BARE})){{0,5}})"
    rf"(?:\s+(?P<place>{_PLACE}))?"
)
_LATE_CLASS = re.compile(rf"\s+(?P<class>{_CLASS})(?:\s+(?P<place>{_PLACE}))?")
_KLASS = re.compile(r"(?<!\w)(I{1,3}|ll?|[123])\.?[\s-]?([ABab])?\b")
_BARE_END = re.compile(r"\s+(?:I{1,3}|[123])$")
_LEVELS = {"I": "I", "l": "I", "1": "I", "II": "II", "ll": "II", "2": "II", "III": "III", "3": "III"}
_CENTER = re.compile(
    r"(?<!\w)(?P<head>Sentra(?:\s+Terpadu)?|Panti\s+(?:Pelayanan\s+)?(?:Sosial|Rehabilitasi)|Pusat\s+Layanan\s+Sosial|"
    r"(?:Balai|Loka|Unit|Pusat|Klinik|Yayasan)\s+(?:Besar\s+)?Rehabilitasi|Rumah\s+Damping(?:an)?|BRSPDM|BBRVBD|BRSKPN|IPWL)"
    rf"(?P<rest>(?:\s+(?:\([A-Za-z]{{2,12}}\)|[\"“]?{_CAP}[\"”]?|II\b)){{0,9}})"
)
_DIRECTIONS = frozenset(["timur", "barat", "utara", "selatan", "tengah", "tenggara", "raya"])
_REGION = frozenset({"kota", "kabupaten", "kab"})
_ISLAND = "nusakambangan"
_MAX_UNKNOWN = 3  # words of a place that no list knows
_MAX_PLACE = 4
_MAX_READINGS = 400  # mentions of one article that are compared with each other


class Place(NamedTuple):
    """The place behind a facility's type: its `words`, in which `town` is what names it."""

    words: str
    town: str
    known: bool


class Reading(NamedTuple):
    """A facility as one mention gives it; not `sure` if its place may be a person or a headline's word."""

    start: int
    end: int
    type: FacilityType
    class_: FacilityClass | None
    place: str | None
    unit: gazetteer.Unit | None
    sure: bool


class Candidate(NamedTuple):
    """One facility with every mention of it; `best` is the most complete."""

    best: Mention
    spans: list[ranking.Span]
    features: set[str]
    tags: set[str]
    logit: float
    reading: Reading

    @property
    def span(self) -> ranking.Span:
        """Where its evidence stands."""
        return self.best.start, self.best.end


def candidates(doc: Doc) -> list[Candidate]:
    """Return the facilities that the article names, mentions of one joined, in order of first mention."""
    text, body = text_of(doc), int(doc._.body_start)
    groups = _groups([r for r in _readings(text) if r.place and r.sure][:_MAX_READINGS])
    found = []
    for members in groups:
        spans = [(r.start, r.end) for r in members]
        best = _fullest(members)
        features = ranking.context(text, spans, body) | {f"type={best.type}", f"n={min(len(groups), 4)}"}
        features |= {f"first={members is groups[0]}", f"class={best.class_ is not None}"}
        tags = tagged.features(doc, "facility", spans)
        logit = ranking.rate(doc._.rankers, "facility", features, tags)
        mention = Mention("facility", best.start, best.end, ranking.sigmoid(logit), "rule", tuple(spans))
        found.append(Candidate(mention, spans, features, tags, logit, best))
    return found


def find(doc: Doc) -> list[Mention]:
    """Return each facility at its most complete mention, scored by how likely its residents are trained."""
    found = candidates(doc)
    scores = beside.scores(doc._.rankers, "facility", rated(doc, found, [c.logit for c in found]))
    return [replace(c.best, score=score) for c, score in zip(found, scores, strict=True)]


def rated(doc: Doc, found: list[Candidate], logits: list[float]) -> list[beside.Rated]:
    """Return the candidates as the second look sees them."""
    several = f"several={ranking.several(text_of(doc))}"
    made = []
    for candidate, logit in zip(found, logits, strict=True):
        reading = candidate.reading
        words = frozenset(re.findall(r"\w+", (reading.place or "").casefold()))
        marks = frozenset({several, f"class={reading.class_ is not None}", f"listed={reading.unit is not None}"})
        made.append(beside.Rated(logit, words, reading.type[:5], marks, tuple(candidate.spans)))
    return made


def resolve(doc: Doc, mention: Mention) -> Facility | None:
    """Return the facility that a mention names, with its id, province and regency from the list of units.

    A class that the mention leaves out is null, as is the id of a facility outside the list; its region is then that
    of its place. None where no type of facility can be read.
    """
    words = text_of(doc)[mention.start : mention.end]
    reading = next(iter(_readings(words)), None)
    if reading is None:
        return None
    name = " ".join(words.split())
    region = reading.unit or _region(reading.place or "", name)
    return Facility.model_construct(
        name=name,
        type=reading.type,
        class_=reading.class_,
        place=reading.place,
        province=region.province if region else None,
        regency=region.regency if region else None,
        facility_id=reading.unit.facility_id if reading.unit else None,
        confidence=mention.score,
        evidence=[],
    )


def _region(place: str, name: str) -> regions.Region | None:
    """Return the region of a facility's place, or of the place that ends its name."""
    words = name.split()
    ends = (" ".join(words[-size:]) for size in (3, 2, 1))
    return next((region for here in (place, *ends) if (region := regions.find(here))), None)


def _readings(text: str) -> list[Reading]:
    """Return every mention of a facility in `text`, in order."""
    found = [_read_unit(text, m) for m in _UNIT.finditer(text)]
    found += [_read_center(m) for m in _CENTER.finditer(text) if m["rest"]]
    return sorted(found, key=lambda r: (r.start, -r.end))


def _read_unit(text: str, match: re.Match[str]) -> Reading:
    place = _place(match["place"]) if match["place"] else None
    end = match.start("place") + len(place.words) if place and place.words else match.end("marks")
    marks = match["marks"]
    bare = None if re.search(_CLASS, marks) else _BARE_END.search(marks)
    if bare and not (place and place.known):
        place, marks = None, marks[: bare.start()]
        end = match.start("marks") + len(marks)
    if place is None and (seat := re.search(rf"{_CLASS}\s+(Negara)$", marks)):
        place = Place(seat[1], seat[1], known=True)  # the seat of Jembrana, and a word of the facilities' full names
    late = _LATE_CLASS.match(text, end) if not re.search(_CLASS, marks) else None
    if late:
        marks, end = f"{marks} {late['class']}", late.end("class")
        behind = _place(late["place"]) if late["place"] else None
        if behind and behind.known and not (place and gazetteer.fold(place.town) in gazetteer.unit_places()):
            place, end = behind, late.start("place") + len(behind.words)
    type_ = _type(f"{match['head']} {marks}")
    class_ = _class(marks)
    unit = None
    if place and place.words:
        unit = gazetteer.find_unit(type_, place.words, class_) or gazetteer.find_unit(type_, place.town, class_)
    town = (place.town or None) if place else None
    sure = bool(place and place.known) or unit is not None or class_ is not None or "(" in marks
    return Reading(match.start(), end, type_, class_, town, unit, sure)


def _read_center(match: re.Match[str]) -> Reading:
    stop = word_lists()["notplace"]
    words = list(re.finditer(r"\S+", match["rest"]))
    end = next((w.start() for w in words if w.group().strip('"“”()').casefold() in stop), len(match["rest"]))
    rest = match["rest"][:end].rstrip()
    town = _center_place(rest) or None
    return Reading(match.start(), match.start("rest") + len(rest), "rehab_center", None, town, None, bool(rest))


def _place(words: str) -> Place:
    """Return the leading words that make a place: up to the end of the last known one, else up to three."""
    parts = re.findall(rf"[ -]?{_CAP}", words)
    stop = word_lists()["notplace"]
    parts = parts[: next((i for i, p in enumerate(parts) if p.strip(" -").casefold() in stop), len(parts))]
    names = [p.strip(" -") for p in parts]
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(names) and at < _MAX_PLACE:
        size = next((n for n in (3, 2, 1) if at + n <= len(names) and _known(names[at : at + n])), 0)
        if size:
            spans.append((at, at + size))
            at += size
        elif spans:
            break
        else:
            at += 1
    if not spans:
        kept = parts[:_MAX_UNKNOWN]
        return Place(
            "".join(kept),
            " ".join(n for n in names[:_MAX_UNKNOWN] if n.casefold() not in _REGION),
            known=False,
        )
    end = spans[-1][1]
    while end < len(names) and names[end].casefold() in _DIRECTIONS:
        end += 1
    return Place("".join(parts[:end]), _town(names, spans, end), known=True)


def _known(names: list[str]) -> bool:
    return gazetteer.fold("".join(names)) in gazetteer.places()


def _town(names: list[str], spans: list[tuple[int, int]], end: int) -> str:
    """Return the town among the known places: the first that a unit is named after, else the last."""
    towns = [names[a:b] for a, b in spans]
    towns[-1] = names[spans[-1][0] : end]
    first = next((t for t in towns if gazetteer.fold("".join(t)) in gazetteer.unit_places()), towns[-1])
    if len(first) > 1 and first[-1].casefold() == _ISLAND:
        return first[-1]
    return " ".join(first)


def _groups(readings: list[Reading]) -> list[list[Reading]]:
    """Join the mentions of one facility: the same unit, or the same place and family of types."""
    groups: list[list[Reading]] = []
    for reading in sorted(readings, key=lambda r: (r.class_ is None, r.start)):
        home = next((g for g in groups if any(_same(reading, other) for other in g)), None)
        if home is None:
            groups.append([reading])
        else:
            home.append(reading)
    for group in groups:
        group.sort(key=lambda r: r.start)
    return sorted(groups, key=lambda g: g[0].start)


def _same(a: Reading, b: Reading) -> bool:
    if a.unit and b.unit:
        generic = "lapas" in (a.type, b.type) and None in (a.class_, b.class_)
        return a.unit == b.unit or (generic and a.type != b.type and _near(a, b) and a.type[:5] == b.type[:5])
    return a.type[:5] == b.type[:5] and _near(a, b)


def _near(a: Reading, b: Reading) -> bool:
    first, second = gazetteer.fold(a.place or ""), gazetteer.fold(b.place or "")
    return first == second or first.startswith(second) or second.startswith(first)


def _fullest(members: list[Reading]) -> Reading:
    return max(members, key=lambda r: (r.class_ is not None, r.end - r.start, -r.start))


def _class(marks: str) -> FacilityClass | None:
    found = _KLASS.search(marks)
    if found is None:
        return None
    level = _LEVELS[found[1]]
    return cast("FacilityClass", level + found[2].upper() if found[2] and level == "II" else level)


def _type(words: str) -> FacilityType:
    low = words.casefold()
    women = bool(re.search(r"perempuan|wanita|\blpp\b|lapuan", low))
    if re.search(r"lpka|pembinaan\s+khusus\s+anak", low):
        return "lpka"
    if re.search(r"bapas|balai\s+pemasyarakatan", low):
        return "bapas"
    if re.search(r"rutan|rumah\s+tahanan", low):
        return "rutan_perempuan" if women else "rutan"
    if women:
        return "lapas_perempuan"
    if re.search(r"narkotika|lapastika|lapsustik|\blpn\b", low):
        return "lapas_narkotika"
    return "lapas_terbuka" if "terbuka" in low else "lapas"


def _center_place(rest: str) -> str:
    """Return the town at the end of a center's name, else the proper part of the name."""
    words = re.findall(_CAP, re.sub(r"\([^)]*\)", " ", rest))
    words = [w for w in words if w not in {"II", "Provinsi"}]
    for size in (2, 1):
        if len(words) > size and _known(words[-size:]):
            return " ".join(words[-size:])
    return words[-1] if words and "BNN" in rest else " ".join(words[-2:])
