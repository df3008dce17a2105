"""Fit the temperature that makes the tagger's probabilities mean what they say.

In: what fold models said of articles they had not seen (WORK/oof); out, WORK/oof/temperature.json, with the expected
calibration error before and after.

    python -m models.training.temperature SHARED_DATA WORK/oof
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.training import data
from models.training.tags import TEMPERATURE, cooled, read_probabilities

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHOICES = np.arange(0.6, 3.01, 0.05)
BINS = 10


def calibration_error(probabilities: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    """Return the expected calibration error, 0..1, in ten bins, of the words that are given a slot."""
    guess = probabilities.argmax(axis=1)
    given = guess > 0
    if not given.any():
        return 0.0
    sure = probabilities[given].max(axis=1)
    right = (guess == truth)[given]
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    inside = [bins == b for b in range(BINS) if (bins == b).any()]
    gaps = [abs(sure[i].mean() - right[i].mean()) * i.mean() for i in inside]
    return round(float(sum(gaps)), 4)


def fit(probabilities: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    """Return the temperature with the least log loss."""
    rows = np.arange(len(truth))
    losses = [-np.log(cooled(probabilities, t)[rows, truth] + 1e-9).mean() for t in CHOICES]
    return round(float(CHOICES[int(np.argmin(losses))]), 2)


def calibrate(shared: Path, tags: Path) -> dict[str, float]:
    """Fit the temperature on every article that has tags, write and return it with the errors."""
    chances, labels = [], []
    for article in data.gold_articles(shared):
        if (tags / f"{article['id']}.npz").exists():
            chances.append(read_probabilities(tags, article["id"]).slots)
            labels.append(np.array(data.article_example(article).slots))
    probabilities, truth = np.concatenate(chances), np.concatenate(labels)
    found = fit(probabilities, truth)
    result = {
        "temperature": found,
        "calibration_error_before": calibration_error(probabilities, truth),
        "calibration_error": calibration_error(cooled(probabilities, found), truth),
    }
    (tags / TEMPERATURE).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return result


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("tags", type=Path)
    args = parser.parse_args()
    print(json.dumps(calibrate(args.shared, args.tags)))


if __name__ == "__main__":
    main()
