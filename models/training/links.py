"""Fit the links between values: in, annotated articles with fitted rankers; out, weights of extractor.links."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from corpus.evaluation import as_article
from corpus.matching import same, values
from extractor.links import Found, Layout
from extractor.pipeline import read_values
from extractor.programs import parted, split_features
from models.training.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Doc

    from extractor.schema import Value

KEYS = {
    "facility": "facility",
    "date": "date",
    "partner": "partners",
    "instructor": "instructors",
    "skill": "skills",
    "participants": "participants",
}


def rows(docs: Iterable[tuple[Doc, dict[str, Any]]]) -> list[Row]:
    """Return every pair of right values of different kinds, or of skills, with whether they are of one program."""
    made = []
    for number, (doc, article) in enumerate(docs):
        if not article["programs"]:
            continue
        found = read_values(doc, as_article(article)).found
        layout = Layout(doc, found)
        homes = [(f, home) for f in found if (home := _programs(f, article["programs"]))]
        for (a, one), (b, other) in combinations(homes, 2):
            if a.slot != b.slot or a.slot == "skill":
                made.append(Row(number, layout.features(a, b), bool(one & other)))
    return made


def split_rows(docs: Iterable[tuple[Doc, dict[str, Any]]]) -> list[Row]:
    """Return every article with programs, and whether it has several."""
    made = []
    for number, (doc, article) in enumerate(docs):
        if article["programs"]:
            values = read_values(doc, as_article(article))
            layout = Layout(doc, values.found)
            features = split_features(layout, parted(layout, values.found, values.spare))
            made.append(Row(number, features, len(article["programs"]) > 1, layout.tags))
    return made


def _programs(found: Found[Value], programs: list[dict[str, Any]]) -> set[int]:
    """Return the numbers of the annotated programs that have this value."""
    slot = KEYS[found.slot]
    value = found.value.model_dump(mode="json", by_alias=True)
    return {i for i, program in enumerate(programs) if any(same(slot, v, value) for v in values(program, slot))}
