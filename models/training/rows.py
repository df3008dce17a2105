"""Logistic regression on rows of named features: what the rankers and the links are fitted with."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

MIN_COUNT = 4  # a feature seen in fewer rows is dropped
STRENGTH = 0.3  # inverse of the ridge penalty, by cross-validation
SEED = 7


class Row(NamedTuple):
    """One candidate of one article (its number): its features, and whether the annotators took it."""

    article: int
    features: set[str]
    taken: bool
    tags: set[str] = set()  # noqa: RUF012  never changed


def fit(data: list[Row], strength: float = STRENGTH) -> dict[str, float]:
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


def held_out(data: list[Row], of: list[Row] | None = None, folds: int = 5, strength: float = STRENGTH) -> list[float]:
    """Return the logit of each row by weights that were fitted on the articles of the other folds.

    Args:
        data: what is fitted on.
        of: the rows that are judged, where they are others; of the same articles by the same numbers.
        folds: into how many the articles are dealt.
        strength: inverse of the ridge penalty.
    """
    judged = data if of is None else of
    logits = [0.0] * len(judged)
    for fold in range(folds):
        table = fit([r for r in data if r.article % folds != fold], strength)
        for index, row in enumerate(judged):
            if row.article % folds == fold:
                logits[index] = table[""] + sum(table.get(f, 0.0) for f in row.features)
    return logits


def evaluate(data: list[Row], logits: list[float]) -> tuple[float, float]:
    """Return the best F1 over thresholds of the candidates by these logits, and the probability to take one from.

    That is half the F1: the best threshold for probabilities that mean what they say, and steadier than the one at
    which so few candidates did best. After Lipton, Elkan and Naryanaswamy, Optimal Thresholding of Classifiers to
    Maximize F1 Measure, ECML PKDD 2014.
    """
    gold = sum(r.taken for r in data)
    best = 0.0
    for threshold in np.arange(-2.5, 2.5, 0.1):
        taken = [r.taken for r, logit in zip(data, logits, strict=True) if logit > threshold]
        best = max(best, 2 * sum(taken) / (len(taken) + gold))
    return best, best / 2
