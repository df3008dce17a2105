"""Measure the whole line on articles that no part of it has learned from.

In: annotated articles, and what fold models said of them (WORK/oof); out, figures by slot, and the predictions.

    python -m models.training.crossval SHARED_DATA [--tags WORK/oof] [--predictions OUT.jsonl]

For each fold of folds.json the rankers are fitted on the other folds, and the fold's articles are read with them as
`pembinaan` reads them. Without --tags: the rules alone. Our own articles teach the rules in every fold.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.language import Language

from corpus.calibration import calibration_error
from corpus.evaluation import predict, programs, score
from extractor.pipeline import Pipeline
from models.training import data, rankers
from models.training.tags import read_tags

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Doc

    from corpus.evaluation import Row
    from corpus.matching import Program

FOLDS = 5


@Language.factory("kept_tags")
def kept_tags(nlp: Language, name: str, folder: str, names: dict[str, str]) -> KeptTags:  # noqa: ARG001  spaCy's call
    """Return a component in the tagger's place that gives what a fold model said."""
    return KeptTags(Path(folder), names)


class KeptTags:
    """Sets what the program tagger would set, from files; `names` has the article's id by its whole text."""

    def __init__(self, folder: Path, names: dict[str, str]) -> None:
        self.folder, self.names = folder, names

    def __call__(self, doc: Doc) -> Doc:
        """Tag one doc."""
        if not doc._.gated_out:
            read_tags(self.folder, self.names[doc.text]).leave_on(doc)
        return doc


Found = dict[str, list["Program"]]


def crossvalidate(shared: Path, tags: Path | None) -> tuple[list[Row], dict[str, Found]]:
    """Return the scored articles, and the programs predicted for each by what learned from the other folds.

    Those of the "rules", and with tags those of rules and "tagger". Two folds are read at a time.
    """
    found: dict[str, Found] = {}
    with ProcessPoolExecutor(2, get_context("spawn")) as folds:
        for part in folds.map(partial(read_fold, shared, tags), range(FOLDS)):
            for name, programs_of in part.items():
                found.setdefault(name, {}).update(programs_of)
    return data.gold_articles(shared), found


def read_fold(shared: Path, tags: Path | None, fold: int) -> dict[str, Found]:
    """Return the programs of the fold's articles, by the rules and by rules and tagger that learned from the others."""
    scored = data.gold_articles(shared)
    parts = data.fold_of(scored)
    here = [a for a in scored if parts[a["id"]] == fold]
    others = [a for a in scored if parts[a["id"]] != fold]
    docs = rankers.documents(others + data.own_articles())
    pipeline = Pipeline("none")
    rules = pipeline.rankers = rankers.fit_rules(docs)
    found = {"rules": _read(pipeline, here)}
    if tags:
        heard, kept_back = (rankers.documents(articles, tags) for articles in (others, data.kept_back()))
        pipeline.rankers = rankers.fit_tagger(docs, heard, kept_back, rules)
        pipeline.nlp.add_pipe("kept_tags", config={"folder": str(tags), "names": _names(here)})
        found["tagger"] = _read(pipeline, here)
    return found


def _read(pipeline: Pipeline, articles: list[Row]) -> Found:
    return {name: programs(record) for name, record in predict(pipeline, articles).items()}


def _names(articles: Iterable[Row]) -> dict[str, str]:
    return {f"{a['title']}\n\n{a['text']}": a["id"] for a in articles}


def write_predictions(found: Found, path: Path) -> None:
    """Write what was predicted as JSONL: an article's id and programs a line, as shared/bench/score.py reads them."""
    lines = (json.dumps({"id": name, "programs": made}, ensure_ascii=False) for name, made in found.items())
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--tags", type=Path)
    parser.add_argument("--predictions", type=Path)
    args = parser.parse_args()
    articles, found = crossvalidate(args.shared, args.tags)
    for name, predicted in found.items():
        report = score(articles, predicted)
        print(name)
        for slot, figures in report.scores.items():
            print(f"{slot:<14}{figures.precision:7.3f}{figures.recall:7.3f}{figures.f1:7.3f}{figures.gold:6}")
        print(f"macro {report.macro:.3f}, expected calibration error {calibration_error(report.chances):.3f}")
        several = [a for a in articles if len(a["programs"]) > 1]
        print(f"macro of the {len(several)} articles with several programs {score(several, predicted).macro:.3f}")
    if args.predictions:
        write_predictions(found["tagger" if args.tags else "rules"], args.predictions)


if __name__ == "__main__":
    main()
