"""All steps in order: in, shared/data; out, the shipped folder. What `pembinaan train` runs.

    python -m models.training.steps SHARED_DATA WORK OUT_DIR --version 1.0.0

1. Train a first run on our own articles but the newest, keep what it says of those (WORK/oof), and go on with all of
   them: the base. From it, for each fold of folds.json: train without it, export, and keep what the model says of its
   articles.
2. Fit the temperature on what was kept, and export the mean of the fold models, which ships.
3. Fit the rankers and links on what was kept; cross-validate the whole line (WORK/tagger.jsonl);
   measure; write metrics and model card.

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
from extractor.tagger import ProgramTagger
from models.training import data, rankers
from models.training.average import average
from models.training.crossval import FOLDS, crossvalidate, write_predictions
from models.training.evaluate import evaluate
from models.training.export import export
from models.training.tags import save_tags
from models.training.temperature import calibrate
from models.training.train import train

CARD = Path(__file__).parent / "card.md"


def base_model(shared: Path, work: Path) -> Path:
    """Return the folder of the run that the others start from: our own articles and sentences with entities.

    On the way, what the first run says of the articles that are kept back from it is kept in WORK/oof.
    """
    if (work / "base" / "run.json").exists():
        return work / "base"
    first = train(shared, work, "first", base=None, material="older")
    export(first, work / "out-first", "first")
    articles = data.kept_back()
    tags = ProgramTagger(work / "out-first").tag([f"{a['title']}\n\n{a['text']}" for a in articles])
    save_tags(tags, articles, work / "oof")
    return train(shared, work, "base", base=first, material="own")


def fold_models(shared: Path, work: Path) -> list[dict[str, Any]]:
    """Train a model without each fold and return their metrics.

    Two at a time with a thread each: on two cores that takes a quarter less than one after another with both.
    """
    base = base_model(shared, work)
    with ProcessPoolExecutor(2, get_context("spawn"), torch.set_num_threads, (1,)) as runs:
        return list(runs.map(partial(fold_model, shared, work, base), range(FOLDS)))


def fold_model(shared: Path, work: Path, base: Path, fold: int) -> dict[str, Any]:
    """Train the model of one fold, if it was not yet, keep its tags of the fold's articles, and return its metrics."""
    done = work / f"out-fold{fold}" / "metrics.json"
    if not done.exists():
        run = train(shared, work, f"fold{fold}", fold, base=base)
        export(run, done.parent, f"fold{fold}")
        evaluate(done.parent, shared, run, fold)
    metrics: dict[str, Any] = json.loads(done.read_text(encoding="utf-8"))
    return metrics


def train_all(shared: Path, work: Path, out: Path, version: str) -> dict[str, Any]:
    """Make the tagger and what is fitted on it, and return the metrics, which are also written beside it.

    Args:
        shared: the folder with ner, news, programs, facilities and lexicon.
        work: where the encoder, the checkpoints and the folds' tags are kept.
        out: the folder that ships.
        version: goes into every record.
    """
    folds = fold_models(shared, work)
    calibration = calibrate(shared, work / "oof")
    run = average([work / f"fold{fold}" for fold in range(FOLDS)], work / "mean")
    export(run, out, version, calibration["temperature"])
    metrics = evaluate(out, shared, run, None) | calibration
    metrics["folds"] = [fold["unseen_articles"] for fold in folds]
    rankers.fit_all(shared, work / "oof")
    scored, found = crossvalidate(shared, work / "oof")
    for name, predicted in found.items():
        write_predictions(predicted, work / f"{name}.jsonl")
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
