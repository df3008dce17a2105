"""The quality gate: F1 may not fall below the floors of gate.json, measured on the very data they name."""

import hashlib
import json
from pathlib import Path

import pytest

from corpus.evaluation import predict, programs, read_rows, score
from extractor import load

ROOT = Path(__file__).parents[2]
GATE = json.loads(Path(__file__).with_name("gate.json").read_text("utf-8"))
GOLD = ROOT / GATE["gold"]


def test_floors_belong_to_the_data():
    assert hashlib.sha256(GOLD.read_bytes()).hexdigest() == GATE["sha256"]


@pytest.mark.parametrize("tagger", GATE["floors"])
def test_quality_stays_above_the_floors(tagger):
    rows = read_rows(GOLD)
    records = predict(load(None if tagger == "shipped" else tagger), rows)
    report = score(rows, {key: programs(record) for key, record in records.items()})
    figures = {slot: row["f1"] for slot, row in report.as_dict().items()}
    floors = GATE["floors"][tagger]
    assert floors.keys() == figures.keys()
    below = {slot: (figures[slot], floor) for slot, floor in floors.items() if figures[slot] < floor}
    assert not below, f"F1 fell below its floor (figure, floor): {below}"
