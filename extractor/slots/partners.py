"""Who cooperates: organizations outside the facility that sponsor, teach or certify."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from spacy.tokens import Doc

from extractor.gazetteers import facilities
from extractor.gazetteers import partners as gazetteer
from extractor.language import text_of
from extractor.mentions import Mention
from extractor.schema import Method, Partner
from extractor.slots import beside, organizations, ranking, tagged

_BRACKET = re.compile(r"(?:(?<=\s)|^)([\w-]*)\s*\(\s*([^()]{2,60}?)\s*\)")
_SHORT = re.compile(r"[A-Z][\w/&-]{1,14}(?:(?: (?:dan|&))? [A-Z]\w*)?")
_LEGAL = frozenset({"persero", "tbk"})
_LEADING = re.compile(
    r"(?:UPTD? )?(?!(?:PT|CV|UD)\b)("
    r"[A-Z]{2,}[\d-]*(?: [A-Z]{2,})?|[A-Z][a-z]*[A-Z]\w*|Dis[a-z]{3,}|Kemen[a-z]{2,})(?: |$)"
)
_OFFICE_OF = re.compile(
    r"(?:Kota|Kabupaten|Kab\.?|Provinsi|Kecamatan|Wilayah|Daerah|milik|Dinas|Kementerian|Kem[a-z]{3,})\b"
)
_ACRONYM = 18  # characters of a long acronym with its bracket
_MOST = 4  # words of a region's name


class Candidate(NamedTuple):
    """An organization with every mention of it, the fullest one first."""

    best: organizations.Organization
    spans: list[ranking.Span]
    features: set[str]
    tags: set[str]
    method: Method

    @property
    def span(self) -> ranking.Span:
        """Where its evidence stands."""
        return self.best.start, self.best.end


def candidates(doc: Doc) -> list[Candidate]:
    """Return the organizations of the article that may be partners, each joined over its mentions."""
    text, body = text_of(doc), int(doc._.body_start)
    groups: list[list[organizations.Organization]] = []
    ruled = organizations.find_organizations(doc)
    unseen = tagged.unseen(doc, "partner", [(o.start, o.end) for o in ruled])
    for organization in [*ruled, *(organizations.named(text, m.start, m.end) for m in unseen)]:
        home = next((g for g in groups if organizations.same_organization(g[0], organization)), None)
        if home is None:
            groups.append([organization])
        else:
            home.append(organization)
    found = []
    for group in groups:
        best = max(group, key=lambda o: (o.end - o.start, -o.start))
        spans = sorted((o.start, o.end) for o in group)
        features = ranking.context(text, spans, body)
        features |= {f"kind={best.kind}", f"acronym={best.acronym is not None}"}
        features |= {f"first={text[best.start : best.end].split()[0].casefold()}"}
        method: Method = "rule" if any(o in ruled for o in group) else "model"
        found.append(Candidate(best, spans, features, tagged.features(doc, "partner", spans, method), method))
    return found


def find(doc: Doc) -> list[Mention]:
    """Return each organization at its fullest mention, scored by how likely it is a partner."""
    return beside.mentions(doc, "partner", candidates(doc), rated)


def rated(doc: Doc, found: list[Candidate], logits: list[float]) -> list[beside.Rated]:
    """Return the candidates as the second look sees them."""
    made = []
    for candidate, logit in zip(found, logits, strict=True):
        words = re.findall(r"\w+", text_of(doc)[candidate.best.start : candidate.best.end].casefold())
        marks = frozenset({f"by={candidate.method}", f"acronym={candidate.best.acronym is not None}"})
        made.append(beside.Rated(logit, frozenset(words), candidate.best.kind, marks, tuple(candidate.spans)))
    return made


def resolve(doc: Doc, mention: Mention) -> Partner | None:
    """Return the partner that a mention names; None for the facility's own units and its parents.

    The acronym may stand at any other place that names the partner. The kind is what a word of the name decides, else
    that of its head.
    """
    text = _plain(doc, mention.start, mention.end)
    if not text or organizations.is_parent(text):
        return None
    places = [(mention.start, mention.end), *mention.spans]
    forms = (acronym(_plain(doc, start, end)) or _beside(text_of(doc), start, end) for start, end in places)
    return Partner.model_construct(
        name=text,
        acronym=next(filter(None, forms), None),
        kind=gazetteer.kind(text) or organizations.kind(text),
        confidence=mention.score,
        evidence=[],
    )


def joined(found: Sequence[Partner]) -> list[Partner]:
    """Return the partners of one program, each once: under its longest name, with the evidence of all its names."""
    kept: list[Partner] = []
    for partner in found:
        home = next((i for i, other in enumerate(kept) if gazetteer.same(partner.name, other.name)), None)
        if home is None:
            kept.append(partner)
            continue
        longer, shorter = sorted((kept[home], partner), key=lambda p: -len(p.name))
        kept[home] = longer.model_copy(
            update={
                "acronym": longer.acronym or shorter.acronym,
                "confidence": max(longer.confidence, shorter.confidence),
                "evidence": [*longer.evidence, *shorter.evidence],
            }
        )
    return kept


def acronym(name: str) -> str | None:
    """Return what a name is called for short: the last acronym in brackets, else the office's that opens the name.

    A legal form, the short form of a region, and a word that opens many a name ("LPK", "SMK") are none.
    """
    found = None
    for bracket in _BRACKET.finditer(name):
        before, inside = bracket.groups()
        if (
            _SHORT.fullmatch(inside)
            and inside.casefold() not in _LEGAL
            and not _region(name[: bracket.start(2)], inside)
        ):
            found = inside
        elif " " in inside and before[:1] == inside[0] and before != before.casefold():  # "BLK (Balai Latihan Kerja)"
            found = before
    leading = _LEADING.match(name)
    if found or leading is None:
        return found
    rest = name[leading.end() :].partition(",")[0]
    whole = not rest or _OFFICE_OF.match(rest) or facilities.fold(rest) in facilities.places()
    return leading.group(1) if whole else None


def _beside(text: str, start: int, end: int) -> str | None:
    """Return the acronym that stands before a name in brackets: "ASLI (Asosiasi Laundry Indonesia)"."""
    before = re.search(r"([A-Z][\w-]{1,14})\s?\($", text[max(0, start - _ACRONYM) : start])
    return before[1] if before and text[end : end + 1] == ")" and sum(c.isupper() for c in before[1]) > 1 else None


def _region(before: str, short: str) -> bool:
    """Tell whether the words before a bracket are a place that its letters abbreviate: "Hulu Sungai Tengah (HST)"."""
    words = re.findall(r"\w+", before)[-min(len(short), _MOST) :]
    return "".join(w[0] for w in words) == short and facilities.fold("".join(words)) in facilities.places()


def _plain(doc: Doc, start: int, end: int) -> str:
    return " ".join(text_of(doc)[start:end].split())
