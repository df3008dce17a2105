"""Fit the rankers of extractor.slots on annotated articles: in, JSONL files; out, weights/<set>/<table>.json.

    python -m models.training.rankers SHARED_DATA [--tags WORK/oof] [--folds]

The set "rules" is fitted on the annotated articles of shared/data and our own; with --tags, what a tagger said of each
article of shared/data that it was not trained on (models.training.evaluate writes it), the set "tagger" too. With
--folds nothing is written: the F1 of the rules' candidates in folds is printed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import spacy
from spacy.tokens import Doc

from extractor import relevance
from extractor.language import text_of
from extractor.slots import date, facility, instructors, participants, partners, ranking, skills
from models.training import beside, data, links
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
            read_tags(tags, article["id"]).leave_on(doc)
        found.append((doc, article))
    return found


def rows(slot: str, docs: Iterable[tuple[Doc, dict[str, Any]]]) -> list[Row]:
    """Return every candidate of a slot in the articles with its label; "relevance" has one an article."""
    return [
        Row(number, features, taken, tags)
        for number, (doc, article) in enumerate(docs)
        for features, tags, taken in _seen(slot, doc, article)
    ]


def _seen(slot: str, doc: Doc, article: dict[str, Any]) -> list[tuple[set[str], set[str], bool]]:
    """Return the candidates, looked for once: they are the same in every fold."""
    if slot not in doc.user_data:
        doc.user_data[slot] = list(_candidates(slot, doc, article))
    found: list[tuple[set[str], set[str], bool]] = doc.user_data[slot]
    return found


def _candidates(  # noqa: C901  one branch a slot
    slot: str, doc: Doc, article: dict[str, Any]
) -> Iterator[tuple[set[str], set[str], bool]]:
    programs = article["programs"]
    if slot == "relevance":
        tags = relevance.tagged_features(doc) if doc._.slot_mentions is not None else set[str]()
        yield relevance.features(article["title"], article["text"]), tags, bool(programs)
    elif slot == "facility":
        gold = {(family(f["type"]), f["place"]) for p in programs if (f := p["facility"])}
        for place in facility.candidates(doc):
            value = facility.resolve(doc, place.best)
            yield place.features, place.tags, value is not None and (family(value.type), value.place) in gold
    elif slot == "date":
        published = dt.date.fromisoformat(article["published"]) if article["published"] else None
        days = {(d["start"], d["end"]) for p in programs if (d := p["date"])}
        for when in date.candidates(doc, published):
            span = date.resolve(doc, when.mention, published)
            yield when.features, when.tags, span is not None and (span.start.isoformat(), span.end.isoformat()) in days
    elif slot == "participants":
        counts = {c["count"] for p in programs if (c := p["participants"])} - {None}
        for group in participants.candidates(doc):
            people = participants.resolve(doc, group.mention)
            yield group.features, group.tags, people is not None and people.count in counts
    elif slot == "skill":
        for skill in skills.candidates(doc):
            texts = [words(text_of(doc)[s:e]) for s, e in skill.spans]
            near = [words(v["text"]) for p in programs for v in p["skills"] if v["category"] == skill.term.category]
            yield skill.features, skill.tags, any(close(t, g) for t in texts for g in near)
    else:
        module, key = (instructors, "instructors") if slot == "instructor" else (partners, "partners")
        names = [v for p in programs for v in p[key]]
        for candidate in module.candidates(doc):
            texts = [words(text_of(doc)[s:e]) for s, e in candidate.spans]
            taken = any(overlap(t, words(v["text"])) > NAME for t in texts for v in names)
            yield candidate.features, candidate.tags, taken


Docs = list[tuple[Doc, dict[str, Any]]]
Tables = dict[str, dict[str, float]]


def fit_rules(docs: Docs) -> Tables:
    """Return the tables that judge by the words alone: slots, second looks, links, thresholds."""
    tables: Tables = {"threshold": {}}
    for slot in SLOTS:
        found = rows(slot, docs)
        tables[slot] = fit(found)
        _finish(slot, docs, found, held_out(found), tables)
    tables = _with_links(docs, tables)
    tables["alike"] = fit(links.pair_rows(docs))
    return tables


def fit_tagger(docs: Docs, tagged: Docs, kept_back: Docs, rules: Tables) -> Tables:
    """Return the tables that add what the tagger says.

    Args:
        docs: the articles that the rules were fitted on, without the tagger's word.
        tagged: the first of them, with it.
        kept_back: others of them with it, which only teach how values belong together: another run tagged them, and
            what it is sure of is another measure.
        rules: what `fit_rules` returned for `docs`.
    """
    tables: Tables = {"threshold": {}}
    for slot in SLOTS:
        plain, heard = rows(slot, docs), rows(slot, tagged)
        logits = held_out(plain, heard)
        found = [Row(r.article, r.tags | ranking.steps(x), r.taken) for r, x in zip(heard, logits, strict=True)]
        tables[f"{slot}.tagged"] = fit(found)
        _finish(slot, tagged, found, held_out(found), tables)
    heard_of = tagged + kept_back
    names = {article["id"] for _, article in heard_of}
    docs = heard_of + [(doc, article) for doc, article in docs if article["id"] not in names]
    tables = _with_links(docs, {**rules, **tables})
    found = links.pair_rows(docs)
    tables["alike"] = fit(found)
    heard = [r for r in found if r.article < len(heard_of)]
    logits = held_out(found, heard)
    tables["alike.tagged"] = fit(
        [Row(r.article, r.tags | ranking.steps(x), r.taken) for r, x in zip(heard, logits, strict=True)]
    )
    return tables


def _finish(slot: str, docs: Docs, found: list[Row], logits: list[float], tables: Tables) -> None:
    """Add the slot's second look, if it has one, and its threshold."""
    if slot in beside.MODULES:
        found = beside.rows(slot, docs, logits)
        logits = held_out(found)
        tables[f"{slot}.beside"] = fit(found)
    tables["threshold"][slot] = round(evaluate(found, logits)[1], 3)


def _with_links(docs: Docs, tables: Tables) -> Tables:
    for doc, _ in docs:
        doc._.rankers = tables
    tables["link"] = fit(links.rows(docs))
    for _ in range(2):  # the dates that the first has given their homes tell the programs apart for the second
        tables["home"] = fit(links.home_rows(docs))
    return tables


def write(tables: Tables, name: str, but: Tables | None = None) -> None:
    """Write a set of tables into the package, where `extractor.slots.ranking.load` finds it, but for some."""
    folder = WEIGHTS / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for table, weights in tables.items():
        if but is None or weights is not but.get(table):
            text = json.dumps(weights, ensure_ascii=False, indent=0, sort_keys=True)
            (folder / f"{table}.json").write_text(text + "\n", encoding="utf-8")


def fit_all(shared: Path, tags: Path | None) -> None:
    """Fit the set "rules" on every article, with the `tags` of a tagger the set "tagger" too, and write them."""
    gold = data.gold_articles(shared)
    docs = documents(gold + data.own_articles())
    rules = fit_rules(docs)
    write(rules, "rules")
    if tags:
        write(fit_tagger(docs, documents(gold, tags), documents(data.kept_back(), tags), rules), "tagger", but=rules)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--tags", type=Path)
    parser.add_argument("--folds", action="store_true")
    args = parser.parse_args()
    if args.folds:
        docs = documents(data.gold_articles(args.shared) + data.own_articles())
        for slot in SLOTS:
            found = rows(slot, docs)
            f1, at = evaluate(found, held_out(found))
            print(f"{slot}: {len(found)} candidates, {sum(r.taken for r in found)} taken, F1 {f1:.3f} at {at:.2f}")
    else:
        fit_all(args.shared, args.tags)


if __name__ == "__main__":
    main()
