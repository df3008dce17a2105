"""Who cooperates: organizations outside the facility that sponsor, teach or certify."""

from __future__ import annotations

import re
from typing import NamedTuple

from spacy.tokens import Doc

from extractor.mentions import Mention
from extractor.schema import Method, Partner
from extractor.slots import beside, organizations, ranking, tagged


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
    text, body = doc.text, int(doc._.body_start)
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
        words = re.findall(r"\w+", doc.text[candidate.best.start : candidate.best.end].casefold())
        marks = frozenset({f"by={candidate.method}", f"acronym={candidate.best.acronym is not None}"})
        made.append(beside.Rated(logit, frozenset(words), candidate.best.kind, marks, tuple(candidate.spans)))
    return made


def resolve(doc: Doc, mention: Mention) -> Partner | None:
    """Return the partner that a mention names; None for the facility's own units and its parents."""
    text = " ".join(doc.text[mention.start : mention.end].split())
    if not text or organizations.is_parent(text):
        return None
    return Partner.model_construct(
        name=text,
        acronym=organizations.acronym(text),
        kind=organizations.kind(text),
        confidence=mention.score,
        evidence=[],
    )
