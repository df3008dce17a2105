"""Fit the rankers of extractor.slots on annotated articles: in, JSONL files; out, weights/<slot>.json.

    python -m models.training.rankers GOLD.jsonl [GOLD.jsonl …] [--folds 5]

With --folds it writes nothing and prints the cross-validated F1 of the candidates instead.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import spacy
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

import extractor.language  # noqa: F401  (registers Doc extensions)
from extractor.slots import instructors, partners, skills

WEIGHTS = Path(__file__).parents[2] / "extractor" / "slots" / "weights"
MIN_COUNT = 4  # a feature seen in fewer candidates is dropped
SEED = 7
NAME, HALF = 0.74, 0.5  # word F1 from which two names, two skills are one


class Row(NamedTuple):
    """One candidate of one article: its features, and whether the annotators took it."""

    article: int
    features: set[str]
    taken: bool


Name = Callable[[str], list[str]]


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


def rows(slot: str, articles: Iterable[dict[str, Any]]) -> list[Row]:
    """Return every candidate of a slot in the articles with its label."""
    nlp = spacy.blank("id")
    module = {"instructor": instructors, "skill": skills, "partner": partners}[slot]
    key = {"instructor": "instructors", "skill": "skills", "partner": "partners"}[slot]
    found = []
    for number, article in enumerate(articles):
        doc = nlp.make_doc(article["title"] + "\n\n" + article["text"])
        doc._.body_start = len(article["title"]) + 2
        gold = [v for p in article["programs"] for v in p[key]]
        for candidate in module.candidates(doc):
            texts = [words(doc.text[s:e]) for s, e in candidate.spans]
            if slot == "skill":
                near = [words(v["text"]) for v in gold if v["category"] == candidate.term.category]
                taken = any(close(t, g) for t in texts for g in near)
            else:
                taken = any(overlap(t, words(v["text"])) > NAME for t in texts for v in gold)
            found.append(Row(number, candidate.features, taken))
    return found


def fit(data: list[Row], strength: float) -> dict[str, float]:
    """Return the weights of a logistic regression on `data`, those below 0.02 left out."""
    counts: dict[str, int] = {}
    for row in data:
        for feature in row.features:
            counts[feature] = counts.get(feature, 0) + 1
    kept = [{f: 1.0 for f in r.features if counts[f] >= MIN_COUNT} for r in data]
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(kept)
    model = LogisticRegression(C=strength, max_iter=400, random_state=SEED)
    model.fit(matrix, np.array([r.taken for r in data]))
    table = {"": round(float(model.intercept_[0]), 3)}
    for feature, weight in zip(vectorizer.get_feature_names_out(), model.coef_[0], strict=True):
        if abs(weight) >= 0.02:
            table[feature] = round(float(weight), 3)
    return table


def evaluate(data: list[Row], folds: int, strength: float) -> tuple[float, float]:
    """Return the best F1 over thresholds of cross-validated candidates, and that threshold."""
    scored: list[tuple[float, bool]] = []
    for fold in range(folds):
        table = fit([r for r in data if r.article % folds != fold], strength)
        scored += [
            (sum(table.get(f, 0.0) for f in r.features) + table[""], r.taken) for r in data if r.article % folds == fold
        ]
    gold = sum(t for _, t in scored)
    best = (0.0, 0.0)
    for threshold in np.arange(-2.5, 2.5, 0.1):
        taken = [t for s, t in scored if s > threshold]
        best = max(best, (2 * sum(taken) / (len(taken) + gold), float(1 / (1 + np.exp(-threshold)))))
    return best


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--folds", type=int)
    parser.add_argument("--strength", type=float, default=0.3)
    args = parser.parse_args()
    articles = [json.loads(line) for path in args.gold for line in path.read_text(encoding="utf-8").splitlines()]
    for slot in ("instructor", "skill", "partner"):
        data = rows(slot, articles)
        if args.folds:
            f1, threshold = evaluate(data, args.folds, args.strength)
            print(f"{slot}: {len(data)} candidates, {sum(r.taken for r in data)} taken, F1 {f1:.3f} at {threshold:.2f}")
        else:
            table = json.dumps(fit(data, args.strength), ensure_ascii=False, indent=0, sort_keys=True)
            (WEIGHTS / f"{slot}.json").write_text(table + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
