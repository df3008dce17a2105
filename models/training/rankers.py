"""Fit the rankers of extractor.slots on annotated articles: in, JSONL files; out, weights/<set>/<slot>.json.

    python -m models.training.rankers GOLD.jsonl [GOLD.jsonl …] [--tags WORK/oof] [--folds 5]

With --tags, what a tagger said of each article that it was not trained on (models.training.evaluate writes it), the
set "tagger" is fitted, else "rules". With --folds nothing is written: the F1 of the candidates in folds is printed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import spacy
from spacy.tokens import Doc

import extractor.language  # noqa: F401  (registers Doc extensions)
from extractor import relevance
from extractor.slots import date, facility, instructors, participants, partners, skills
from models.training import beside, links
from models.training.rows import Row, evaluate, fit, held_out
from models.training.tags import read_tags

WEIGHTS = Path(__file__).parents[2] / "extractor" / "slots" / "weights"
NAME, HALF = 0.74, 0.5  # word F1 from which two names, two skills are one


def family(type_: str) -> str:
    """Return a facility type without its kind: a women's or narcotics prison is a prison."""
    return type_.split("_", maxsplit=1)[0] if type_.startswith(("lapas", "rutan")) else type_


def words(text: str) -> list[str]:
    """Return the case-folded words of `text`."""
    return re.findall(r"\w+", text.casefold())


def close(a: list[str], b: list[str]) -> bool:
    """Tell whether two skill phrases of one category mean the same: one within the other, or half in common."""
    return overlap(a, b) >= HALF or set(a) <= set(b) or set(b) <= set(a)


def overlap(a: list[str], b: list[str]) -> float:
    """Return the word F1 of two names, 0..1."""
    common = len(set(a) & set(b))
    return 2 * common / (len(set(a)) + len(set(b))) if common else 0.0


SLOTS = ("relevance", "facility", "date", "participants", "instructor", "skill", "partner")


def documents(articles: Iterable[dict[str, Any]], tags: Path | None = None) -> list[tuple[Doc, dict[str, Any]]]:
    """Return each article as a Doc, with what the tagger said of it where `tags` is given."""
    nlp = spacy.blank("id")
    found = []
    for article in articles:
        doc = nlp.make_doc(article["title"] + "\n\n" + article["text"])
        doc._.body_start = len(article["title"]) + 2
        if tags:
            doc._.slot_mentions, doc._.entities, doc._.relevance = read_tags(tags, article["id"])
        found.append((doc, article))
    return found


def rows(slot: str, docs: Iterable[tuple[Doc, dict[str, Any]]]) -> list[Row]:
    """Return every candidate of a slot in the articles with its label; "relevance" has one an article."""
    return [
        Row(number, features, taken)
        for number, (doc, article) in enumerate(docs)
        for features, taken in _candidates(slot, doc, article)
    ]


def _candidates(  # noqa: C901  one branch a slot
    slot: str, doc: Doc, article: dict[str, Any]
) -> Iterator[tuple[set[str], bool]]:
    programs = article["programs"]
    if slot == "relevance":
        found = relevance.features(article["title"], article["text"])
        if doc._.slot_mentions is not None:
            found |= relevance.tagged_features(doc)
        yield found, bool(programs)
    elif slot == "facility":
        gold = {(family(f["type"]), f["place"]) for p in programs if (f := p["facility"])}
        for place in facility.candidates(doc):
            value = facility.resolve(doc, place.best)
            yield place.features, value is not None and (family(value.type), value.place) in gold
    elif slot == "date":
        published = dt.date.fromisoformat(article["published"]) if article["published"] else None
        days = {(d["start"], d["end"]) for p in programs if (d := p["date"])}
        for when in date.candidates(doc, published):
            span = date.resolve(doc, when.mention, published)
            yield when.features, span is not None and (span.start.isoformat(), span.end.isoformat()) in days
    elif slot == "participants":
        counts = {c["count"] for p in programs if (c := p["participants"])} - {None}
        for group in participants.candidates(doc):
            people = participants.resolve(doc, group.mention)
            yield group.features, people is not None and people.count in counts
    elif slot == "skill":
        for skill in skills.candidates(doc):
            texts = [words(doc.text[s:e]) for s, e in skill.spans]
            near = [words(v["text"]) for p in programs for v in p["skills"] if v["category"] == skill.term.category]
            yield skill.features, any(close(t, g) for t in texts for g in near)
    else:
        module, key = (instructors, "instructors") if slot == "instructor" else (partners, "partners")
        names = [v for p in programs for v in p[key]]
        for candidate in module.candidates(doc):
            texts = [words(doc.text[s:e]) for s, e in candidate.spans]
            yield candidate.features, any(overlap(t, words(v["text"])) > NAME for t in texts for v in names)


def fit_all(docs: list[tuple[Doc, dict[str, Any]]]) -> dict[str, dict[str, float]]:
    """Return the weights of every slot, each with its threshold under ">", of the second looks and the links."""
    tables = {}
    for slot in SLOTS:
        data = rows(slot, docs)
        logits = held_out(data)
        tables[slot] = fit(data)
        if slot in beside.MODULES:
            data = beside.rows(slot, docs, logits)
            logits = held_out(data)
            tables[f"{slot}+"] = fit(data)
        tables[slot][">"] = round(evaluate(data, logits)[1], 3)
    for doc, _ in docs:
        doc._.rankers = tables
    tables["link"] = fit(links.rows(docs))
    return tables


def write(tables: dict[str, dict[str, float]], name: str) -> None:
    """Write a set of weights into the package, where `extractor.slots.ranking.load` finds it."""
    folder = WEIGHTS / name
    folder.mkdir(exist_ok=True)
    for slot, table in tables.items():
        text = json.dumps(table, ensure_ascii=False, indent=0, sort_keys=True)
        (folder / f"{slot}.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--tags", type=Path)
    parser.add_argument("--folds", type=int)
    args = parser.parse_args()
    articles = [json.loads(line) for path in args.gold for line in path.read_text(encoding="utf-8").splitlines()]
    docs = documents(articles, args.tags)
    if args.folds:
        for slot in SLOTS:
            data = rows(slot, docs)
            f1, at = evaluate(data, held_out(data, args.folds))
            print(f"{slot}: {len(data)} candidates, {sum(r.taken for r in data)} taken, F1 {f1:.3f} at {at:.2f}")
        return
    write(fit_all(docs), "tagger" if args.tags else "rules")


if __name__ == "__main__":
    main()
