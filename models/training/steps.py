"""All steps in order: in, shared/data; out, the shipped folder. What `pembinaan train` runs.

python -m models.training.steps SHARED_DATA WORK OUT_DIR --version 1.0.0 [--fold 0] [--minutes 20]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from models.training.evaluate import evaluate
from models.training.export import export
from models.training.train import train


def train_all(
    shared: Path, work: Path, out: Path, version: str, *, fold: int | None = None, minutes: float | None = None
) -> dict[str, Any]:
    """Train, export and measure the tagger, and return its metrics.

    Args:
        shared: the folder with ner, news, programs, facilities and lexicon.
        work: where the encoder and the checkpoints are kept; a run that was cut off goes on from there.
        out: the folder that ships.
        version: goes into every record.
        fold: leave these articles out, and measure on them.
        minutes: end the training in this time, with the steps that fit.
    """
    run = train(shared, work, "all" if fold is None else f"fold{fold}", fold, minutes=minutes)
    export(run, out, version)
    return evaluate(out, shared, run, fold)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--version", required=True)
    parser.add_argument("--fold", type=int)
    parser.add_argument("--minutes", type=float)
    args = parser.parse_args()
    metrics = train_all(args.shared, args.work, args.out, args.version, fold=args.fold, minutes=args.minutes)
    print(json.dumps(metrics, indent=1))


if __name__ == "__main__":
    main()
