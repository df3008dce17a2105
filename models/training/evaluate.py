"""Measure an exported tagger: in, its folder and shared/data; out, metrics.json, tags of unseen articles.

    python -m models.training.evaluate FOLDER SHARED_DATA WORK/<run> [--fold 0]

Entities: exact spans, micro F1 on the test part of idner-news-2k. Slots: exact mentions on articles of the
fold that the run did not see. Float32 is measured beside int8 on the same sentences.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor.mentions import SLOTS
from extractor.tagger import ProgramTagger, Tags
from extractor.tagging import ENTITIES, spans, viterbi
from models.training import data
from models.training.tags import save_tags

if TYPE_CHECKING:
    from collections.abc import Iterable

SURE = 0.5


def f1(right: int, found: int, gold: int) -> float:
    """Return F1 in 0..1, rounded to four digits."""
    return round(2 * right / (found + gold), 4) if found + gold else 0.0


def span_scores(pairs: Iterable[tuple[list[int], list[int]]], names: tuple[str, ...]) -> dict[str, float]:
    """Return F1 of exact spans, micro and by name, of (found, gold) label paths."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for guess, truth in pairs:
        a, b = set(spans(guess)), set(spans(truth))
        for counter, group in ((right, a & b), (found, a), (gold, b)):
            counter.update(names[kind] for kind, _, _ in group)
    scores = {name: f1(right[name], found[name], gold[name]) for name in names}
    return {"micro": f1(right.total(), found.total(), gold.total()), **scores}


def entity_scores(tagger: ProgramTagger, path: Path) -> dict[str, float]:
    """Return F1 of exact entity spans on a file of labeled sentences."""
    sentences = list(data.read_ner(path))
    tags = tagger.tag([s.text for s in sentences])
    return span_scores(
        ((viterbi(t.entities), s.entities or []) for t, s in zip(tags, sentences, strict=True)), ENTITIES
    )


def article_scores(tags: list[Tags], articles: list[dict[str, Any]]) -> dict[str, Any]:
    """Return mention F1 by slot and relevance F1 on annotated articles."""
    examples = [data.article_example(a) for a in articles]
    slots = span_scores(((viterbi(t.slots), e.slots or []) for t, e in zip(tags, examples, strict=True)), SLOTS)
    guesses = [t.relevance >= SURE for t in tags]
    truths = [bool(a["programs"]) for a in articles]
    hits = sum(g and t for g, t in zip(guesses, truths, strict=True))
    return {
        "articles": len(articles),
        "slot_mentions": slots,
        "relevance_f1": f1(hits, sum(guesses), sum(truths)),
    }


def evaluate(folder: Path, shared: Path, run: Path, fold: int | None) -> dict[str, Any]:
    """Return the metrics of an exported tagger and write them into its folder."""
    tagger = ProgramTagger(folder)
    test = shared / "ner" / "idner-news-2k" / "test.txt"
    metrics: dict[str, Any] = {
        "version": tagger.version,
        "training": json.loads((run / "run.json").read_text(encoding="utf-8")),
        "idner_test_int8": entity_scores(tagger, test),
        "megabytes": round((folder / "model.onnx").stat().st_size / 1e6, 1),
    }
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch)
        shutil.copy(run / "model.onnx", full / "model.onnx")
        for name in ("tokenizer.json", "config.json"):
            shutil.copy(folder / name, full / name)
        metrics["idner_test_float32"] = entity_scores(ProgramTagger(full), test)
    if fold is not None:
        gold = data.gold_articles(shared)
        parts = data.fold_of(gold)
        unseen = [a for a in gold if parts[a["id"]] == fold]
        tags = tagger.tag([f"{a['title']}\n\n{a['text']}" for a in unseen])
        save_tags(tags, unseen, run.parent / "oof")
        metrics["unseen_articles"] = article_scores(tags, unseen)
    (folder / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    return metrics


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("shared", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--fold", type=int)
    args = parser.parse_args()
    print(json.dumps(evaluate(args.folder, args.shared, args.run, args.fold), indent=1))


if __name__ == "__main__":
    main()
