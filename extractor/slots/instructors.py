"""Who teaches: named persons in the role of a teacher, not those who open, visit or are quoted."""

from __future__ import annotations

import re
from typing import NamedTuple

from spacy.tokens import Doc

from extractor.language import names, text_of
from extractor.mentions import Mention
from extractor.schema import Instructor, Method
from extractor.slots import beside, organizations, ranking, roles, tagged

_TITLES = 24  # characters before a name in which honorifics are looked for


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
    text, body = text_of(doc), int(doc._.body_start)
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
        words = re.findall(r"\w+", text_of(doc)[candidate.person.start : candidate.person.end].casefold())
        marks = frozenset({f"by={candidate.method}", f"known={round(candidate.person.known * 2)}"})
        made.append(beside.Rated(logit, frozenset(words), "", marks, tuple(candidate.spans)))
    return made


def resolve(doc: Doc, mention: Mention) -> Instructor | None:
    """Return the instructor named by a mention: bare name, role and organization from any place that names the person.

    A role beside the name goes before the honorific, one further off behind it. None where the mention holds no name.
    """
    text = text_of(doc)
    first, last = _fullest(doc, mention)
    inside = names.find_persons(text[first:last])
    if not inside:
        return None
    person = max(inside, key=lambda p: p.end - p.start)
    start, end = first + person.start, first + person.end
    honorific = _honorific(text, start)
    tied = roles.tied(doc, list(dict.fromkeys([(start, end), *mention.spans])))
    role = tied.role.title if tied.role else None
    return Instructor.model_construct(
        name=re.sub(r"\s+", " ", text[start:end]),
        title=role if tied.close or not honorific else honorific,
        affiliation=tied.affiliation,
        confidence=mention.score,
        evidence=[],
    )


def _fullest(doc: Doc, mention: Mention) -> ranking.Span:
    """Return where the name stands in full: in the body where it can, as a headline's capitals join words to a name."""
    body = [(start, end) for start, end in mention.spans if start >= doc._.body_start]
    if mention.start >= doc._.body_start or not body:
        return mention.start, mention.end
    return max(body, key=lambda span: span[1] - span[0])


def _honorific(text: str, start: int) -> str | None:
    """Return the honorifics that stand before a name, as they are written: "Dr.Ir.", "Ibu"."""
    before = re.search(r"(?:[A-Za-z]+(?:\.\s?|\s))+$", text[max(0, start - _TITLES) : start])
    words = list(re.finditer(r"([A-Za-z]+)\.?\s?", before.group())) if before else []
    first = len(words)
    while first and words[first - 1][1].casefold() in names.word_lists()["honorific"]:
        first -= 1
    return "".join(w.group() for w in words[first:]).strip() or None


def _words(text: str, person: names.Person) -> list[str]:
    return re.findall(r"\w+", text[person.start : person.end].casefold())
