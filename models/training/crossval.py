"""Measure the whole line on articles that no part of it has learned from.

In: annotated articles, and what fold models said of them (WORK/oof); out, figures by slot, and the predictions.

    python -m models.training.crossval SHARED_DATA [--tags WORK/oof] [--predictions OUT.jsonl] [--errors]

For each fold of folds.json the rankers are fitted on the other folds, and the fold's articles are read with them as
`pembinaan` reads them. Without --tags: the rules alone. Our own articles teach the rules in every fold.
"""

from __future__ import annotations

import argparse
import json
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


def crossvalidate(shared: Path, tags: Path | None) -> tuple[list[Row], dict[str, list[Program]]]:
    """Return the scored articles, and the programs predicted for each by what learned from the other folds."""
    scored = [a for path in data.gold_files(shared) for a in data.read_programs(path)]
    parts = data.fold_of(scored)
    own = rankers.documents(a for path in data.own_files() for a in data.read_programs(path))
    plain, tagged = rankers.documents(scored), rankers.documents(scored, tags) if tags else []
    found: dict[str, list[Program]] = {}
    for fold in range(FOLDS):
        pipeline = Pipeline("none")
        rules = rankers.fit_rules(_without(fold, plain, parts) + own)
        pipeline.rankers = rules
        if tags:
            pipeline.rankers = rankers.fit_tagger(
                _without(fold, plain, parts) + own, _without(fold, tagged, parts), rules
            )
        here = [a for a in scored if parts[a["id"]] == fold]
        if tags:
            pipeline.nlp.add_pipe("kept_tags", config={"folder": str(tags), "names": _names(here)})
        found |= {name: programs(record) for name, record in predict(pipeline, here).items()}
    return scored, found


def _without(fold: int, docs: rankers.Docs, parts: dict[str, int]) -> rankers.Docs:
    return [(doc, article) for doc, article in docs if parts[article["id"]] != fold]


def _names(articles: Iterable[Row]) -> dict[str, str]:
    return {f"{a['title']}\n\n{a['text']}": a["id"] for a in articles}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--tags", type=Path)
    parser.add_argument("--predictions", type=Path)
    args = parser.parse_args()
    articles, found = crossvalidate(args.shared, args.tags)
    report = score(articles, found)
    for slot, figures in report.scores.items():
        print(f"{slot:<14}{figures.precision:7.3f}{figures.recall:7.3f}{figures.f1:7.3f}{figures.gold:6}")
    print(f"macro {report.macro:.3f}, expected calibration error {calibration_error(report.chances):.3f}")
    several = [a for a in articles if len(a["programs"]) > 1]
    print(f"macro of the {len(several)} articles with several programs {score(several, found).macro:.3f}")
    if args.predictions:
        lines = (json.dumps({"id": name, "programs": made}, ensure_ascii=False) for name, made in found.items())
        args.predictions.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
