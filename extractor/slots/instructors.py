"""Who teaches: named persons in the role of a teacher, not those who open, visit or are quoted."""

from __future__ import annotations

import re
from typing import NamedTuple

from spacy.tokens import Doc

from extractor.language import names
from extractor.mentions import Mention
from extractor.schema import Instructor, Method
from extractor.slots import beside, organizations, ranking, tagged

_ROLE = re.compile(
    r"\b(?:[Ii]nstruktur|[Pp]elatih|[Pp]engajar|[Mm]entor|[Tt]utor|[Pp]emateri|[Nn]arasumber|[Pp]embimbing|"
    r"[Ff]asilitator|[Tt]rainer|[Cc]oach|[Cc]hef|[Pp]emandu|[Pp]enyuluh|[Gg]uru|[Dd]osen|[Pp]raktisi|[Jj]uru latih)\b"
)
_NEAR = 60
_FROM = re.compile(r"[\w\s.,()]{0,40}\b(?:dari|pemilik|owner|pengelola|pimpinan)\s", re.IGNORECASE)
_APPOSED = re.compile(r"(?:,| bernama| yakni| yaitu)\s(?:[A-Za-z.]{1,10}\s)?")


class Candidate(NamedTuple):
    """A person with every mention of him or her, the fullest name first."""

    person: names.Person
    spans: list[ranking.Span]
    features: set[str]
    tags: set[str]
    method: Method

    @property
    def span(self) -> ranking.Span:
        """Where its evidence stands."""
        return self.person.start, self.person.end


def candidates(doc: Doc) -> list[Candidate]:
    """Return the persons named outside organizations; short forms are joined to the full name."""
    text, body = doc.text, int(doc._.body_start)
    groups: list[tuple[names.Person, list[names.Person]]] = []
    firms = organizations.find_organizations(doc)
    ruled = [p for p in names.find_persons(text) if not any(p.start < o.end and o.start < p.end for o in firms)]
    unseen = tagged.unseen(doc, "instructor", [(p.start, p.end) for p in ruled])
    people = ruled + [names.Person(m.start, m.end, None, degree=False, known=0.0) for m in unseen]
    for person in sorted(people, key=lambda p: (-len(_words(text, p)), p.start)):
        words = _words(text, person)
        home = next((g for g in groups if set(words) <= set(_words(text, g[0]))), None)
        if home:
            home[1].append(person)
        else:
            groups.append((person, [person]))
    found = []
    for person, mentions in sorted(groups, key=lambda g: g[0].start):
        spans = sorted((m.start, m.end) for m in mentions)
        features = ranking.context(text, spans, body)
        features |= {f"words={min(len(_words(text, person)), 4)}", f"known={round(person.known * 2)}"}
        features |= {f"title={m.title.casefold().strip('.')}" for m in mentions if m.title}
        features |= {"degree"} if person.degree else set()
        method: Method = "rule" if person in ruled else "model"
        found.append(Candidate(person, spans, features, tagged.features(doc, "instructor", spans, method), method))
    return found


def find(doc: Doc) -> list[Mention]:
    """Return each person at the fullest mention, scored by how likely he or she teaches."""
    return beside.mentions(doc, "instructor", candidates(doc), rated)


def rated(doc: Doc, found: list[Candidate], logits: list[float]) -> list[beside.Rated]:
    """Return the candidates as the second look sees them."""
    made = []
    for candidate, logit in zip(found, logits, strict=True):
        words = re.findall(r"\w+", doc.text[candidate.person.start : candidate.person.end].casefold())
        marks = frozenset({f"by={candidate.method}", f"known={round(candidate.person.known * 2)}"})
        made.append(beside.Rated(logit, frozenset(words), "", marks, tuple(candidate.spans)))
    return made


def resolve(doc: Doc, mention: Mention) -> Instructor | None:
    """Return the instructor named by a mention: bare name, the title or role beside it.

    None where the mention holds no name.
    """
    text = doc.text
    inside = names.find_persons(text[mention.start : mention.end])
    if not inside:
        return None
    person = max(inside, key=lambda p: p.end - p.start)
    start, end = mention.start + person.start, mention.start + person.end
    title = person.title or _title(text, start, end)
    return Instructor.model_construct(
        name=re.sub(r"\s+", " ", text[start:end]),
        title=title,
        affiliation=_affiliation(doc, start, end),
        confidence=mention.score,
        evidence=[],
    )


def _title(text: str, start: int, end: int) -> str | None:
    before = text[max(0, start - _NEAR) : start].rpartition(".")[2]
    after = text[end : end + _NEAR].partition(".")[0]
    role = _ROLE.search(before) or _ROLE.search(after)
    return role.group() if role else None


def _affiliation(doc: Doc, start: int, end: int) -> str | None:
    """Return the organization that the text ties to a person: "X, instruktur dari Y", "instruktur Y, X"."""
    for organization in organizations.find_organizations(doc):
        if end < organization.start and _FROM.fullmatch(doc.text[end : organization.start]):
            return organization.name
        if organization.end < start and _APPOSED.fullmatch(doc.text[organization.end : start]):
            before = doc.text[max(0, organization.start - _NEAR) : organization.start]
            if _ROLE.search(before):
                return organization.name
    return None


def _words(text: str, person: names.Person) -> list[str]:
    return re.findall(r"\w+", text[person.start : person.end].casefold())
