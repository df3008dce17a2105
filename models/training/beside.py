"""Fit the second look at a slot's candidates: in, articles and held-out logits of the first; out, rows to fit on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.evaluation import as_article
from corpus.matching import same, values
from extractor.mentions import Mention, Slot
from extractor.slots import beside, date, facility, instructors, partners, skills
from models.training.links import KEYS
from models.training.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Doc

MODULES: dict[Slot, Any] = {
    "facility": facility,
    "date": date,
    "skill": skills,
    "partner": partners,
    "instructor": instructors,
}


def rows(slot: Slot, docs: Iterable[tuple[Doc, dict[str, Any]]], logits: list[float]) -> list[Row]:
    """Return every candidate beside the surer ones, with whether it is the first that says an annotated value.

    Args:
        slot: one of `MODULES`.
        docs: the articles.
        logits: of the first look, one a candidate, in the order of the articles.
    """
    module, key = MODULES[slot], KEYS[slot]
    made, at = [], 0
    for number, (doc, article) in enumerate(docs):
        # A date needs the day of publication, for its candidates and for what they mean.
        day = (as_article(article).published,) if slot == "date" else ()
        found = module.candidates(doc, *day)
        rated = module.rated(doc, found, logits[at : at + len(found)])
        at += len(found)
        gold = [v for p in article["programs"] for v in values(p, key)]
        left = list({(v.get("start"), v.get("end"), v["text"].casefold()): v for v in gold}.values())
        looks = beside.looks(rated)
        for index in beside.order(rated):
            start, end = found[index].span
            value = module.resolve(doc, Mention(slot, start, end, 1.0, "rule"), *day)
            guess = value.model_dump(mode="json", by_alias=True) if value else {}
            hit = next((g for g in left if guess and same(key, g, guess)), None)
            if hit and slot in ("facility", "date"):  # each program names its own again
                left = [g for g in left if not same(key, g, guess)]
            elif hit:
                left.remove(hit)
            made.append(Row(number, looks[index], hit is not None))
    return made
