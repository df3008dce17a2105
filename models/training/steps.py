"""All steps in order: in, shared/data; out, the shipped folder. What `pembinaan train` runs.

    python -m models.training.steps SHARED_DATA WORK OUT_DIR --version 1.0.0

1. Train the base on our own articles; from it, for each fold of folds.json: train without it, export, and keep what
   the model says of its articles (WORK/oof).
2. Fit the temperature on what was kept, train and export the model that ships on everything.
3. Fit the rankers and links on what was kept; cross-validate the whole line; measure; write metrics and model card.

A step whose outcome lies in WORK is not done again, so that a run that was cut off goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from string import Template
from typing import Any

import torch

from corpus.calibration import calibration_error
from corpus.evaluation import score
from models.training import data, rankers
from models.training.crossval import FOLDS, crossvalidate
from models.training.evaluate import evaluate
from models.training.export import export
from models.training.temperature import calibrate
from models.training.train import BASE_EPOCHS, EPOCHS, train

LAST_EPOCHS = 6  # of the model that ships, which is measured by the folds before it
CARD = Path(__file__).parent / "card.md"


def base_model(shared: Path, work: Path) -> Path:
    """Return the folder of the run that the others start from: our own articles and sentences with entities."""
    folder = work / "base"
    return (
        folder if (folder / "model.pt").exists() else train(shared, work, "base", None, base=None, epochs=BASE_EPOCHS)
    )


def fold_models(shared: Path, work: Path, epochs: int = EPOCHS) -> list[dict[str, Any]]:
    """Train a model without each fold, keep its tags of the fold's articles in WORK/oof, and return the metrics.

    Two at a time with a thread each: on two cores that takes a quarter less than one after another with both.
    """
    base = base_model(shared, work)
    with ProcessPoolExecutor(2, get_context("spawn"), torch.set_num_threads, (1,)) as runs:
        return list(runs.map(partial(fold_model, shared, work, base, epochs), range(FOLDS)))


def fold_model(shared: Path, work: Path, base: Path, epochs: int, fold: int) -> dict[str, Any]:
    """Train the model of one fold, if it was not yet, and return its metrics."""
    done = work / f"out-fold{fold}" / "metrics.json"
    if not done.exists():
        run = train(shared, work, f"fold{fold}", fold, base=base, epochs=epochs)
        export(run, done.parent, f"fold{fold}")
        evaluate(done.parent, shared, run, fold)
    metrics: dict[str, Any] = json.loads(done.read_text(encoding="utf-8"))
    return metrics


def train_all(shared: Path, work: Path, out: Path, version: str, epochs: int = EPOCHS) -> dict[str, Any]:
    """Make the tagger and what is fitted on it, and return the metrics, which are also written beside it.

    Args:
        shared: the folder with ner, news, programs, facilities and lexicon.
        work: where the encoder, the checkpoints and the folds' tags are kept.
        out: the folder that ships.
        version: goes into every record.
        epochs: over the articles; less than shipped is for tests.
    """
    folds = fold_models(shared, work, epochs)
    calibration = calibrate(shared, work / "oof")
    run = train(shared, work, "all", None, base=base_model(shared, work), epochs=LAST_EPOCHS * epochs // EPOCHS)
    export(run, out, version, calibration["temperature"])
    metrics = evaluate(out, shared, run, None) | calibration
    metrics["folds"] = [fold["unseen_articles"] for fold in folds]
    gold = data.gold_articles(shared)
    docs = rankers.documents(gold + data.own_articles())
    rules = rankers.fit_rules(docs)
    rankers.write(rules, "rules")
    rankers.write(rankers.fit_tagger(docs, rankers.documents(gold, work / "oof"), rules), "tagger", but=rules)
    scored, found = crossvalidate(shared, work / "oof")
    for name, predicted in found.items():
        report = score(scored, predicted)
        several = score([a for a in scored if len(a["programs"]) > 1], predicted)
        metrics.setdefault("several_programs_macro", {})[name] = round(several.macro, 4)
        metrics[f"crossvalidated_{name}"] = report.as_dict()
        metrics[f"confidence_error_{name}"] = round(calibration_error(report.chances), 4)
    (out / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    write_card(out, metrics)
    return metrics


def write_card(out: Path, metrics: dict[str, Any]) -> None:
    """Write the model card with the figures of `metrics` into the shipped folder."""
    line, rules = metrics["crossvalidated_tagger"], metrics["crossvalidated_rules"]
    rows = [f"| {slot} | {rules[slot]['f1']:.3f} | {line[slot]['f1']:.3f} |" for slot in rules]
    card = Template(CARD.read_text(encoding="utf-8")).substitute(
        version=metrics["version"],
        megabytes=metrics["megabytes"],
        steps=metrics["training"]["steps"],
        minutes=round(metrics["training"]["seconds"] / 60),
        idner=f"{metrics['idner_test_int8']['micro']:.3f}",
        idner_float32=f"{metrics['idner_test_float32']['micro']:.3f}",
        temperature=metrics["temperature"],
        error_before=f"{metrics['calibration_error_before']:.3f}",
        error=f"{metrics['calibration_error']:.3f}",
        rows="\n".join(rows),
    )
    (out / "MODEL_CARD.md").write_text(card, encoding="utf-8")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--version", required=True)
    args = parser.parse_args()
    print(json.dumps(train_all(args.shared, args.work, args.out, args.version), indent=1))


if __name__ == "__main__":
    main()
