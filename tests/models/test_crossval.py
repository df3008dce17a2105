"""Nothing that judges a held-out article comes from the shipped weights, which have learned from it."""

import json
from pathlib import Path

from corpus.evaluation import predict
from extractor.pipeline import Pipeline

GOLD = Path(__file__).parents[2] / "corpus" / "gold" / "own-oc.jsonl"


def test_the_gate_judges_by_the_pipelines_own_tables():
    rows = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()[:4]]
    pipeline = Pipeline("none")
    pipeline.rankers = {"relevance": {"": -9.0}}
    assert all(record.relevance < 0.01 for record in predict(pipeline, rows).values())
    pipeline.rankers = {"relevance": {"": 9.0}}
    assert all(record.relevance > 0.99 for record in predict(pipeline, rows).values())
