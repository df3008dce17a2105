"""Our figures against hand-made cases, and against the scorer of the shared data where it is there."""

import importlib.util
import json
import random
from pathlib import Path

import pytest

from corpus.evaluation import read_rows, score
from corpus.matching import same
from extractor.errors import InputError

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
GOLD = ROOT / "corpus/gold/dev.jsonl"


LAPAS, RUTAN = {"type": "lapas"}, {"type": "rutan"}
DAY = {"start": "2025-10-13", "end": "2025-10-13"}
WELDING, CULINARY = {"category": "welding_metal"}, {"category": "culinary"}


@pytest.mark.parametrize(
    ("slot", "gold", "predicted", "expected"),
    [
        ("facility", LAPAS | {"place": "Batang"}, {"type": "lapas_narkotika", "place": "batang"}, True),
        ("facility", LAPAS | {"place": "Batang"}, RUTAN | {"place": "Batang"}, False),
        ("facility", LAPAS | {"place": "Batang"}, LAPAS | {"place": "Batang Hari"}, False),
        ("facility", LAPAS | {"place": None}, LAPAS | {"place": None}, True),
        ("date", DAY, DAY | {"end": None}, True),
        ("date", DAY | {"end": "2025-10-14"}, DAY, False),
        ("partners", {"text": "Balai Latihan Kerja (BLK) Bojonegoro"}, {"name": "BLK"}, True),
        ("partners", {"text": "CV Jasa Indah Mandiri"}, {"name": "CV. Jasa Indah Mandiri"}, True),
        ("partners", {"text": "CV Jasa Indah Mandiri"}, {"name": "PT Jasa"}, False),
        ("instructors", {"text": "Dyah Retnani"}, {"name": "Chef Dyah Retnani, S.Pd"}, True),
        ("instructors", {"text": "Dyah Retnani"}, {"name": "Dyah Ayu"}, False),
        ("skills", WELDING | {"text": "las"}, WELDING | {"name": "pengelasan"}, True),
        ("skills", WELDING | {"text": "las"}, CULINARY | {"name": "las"}, False),
        ("skills", CULINARY | {"text": "membuat dimsum"}, CULINARY | {"name": "dimsum udang"}, True),
        ("skills", CULINARY | {"text": "membuat dimsum"}, CULINARY | {"name": "tata boga"}, False),
        ("participants", {"count": 10}, {"count": 10, "group": "women"}, True),
        ("participants", {"count": 10}, {"count": 20}, False),
    ],
)
def test_same(slot, gold, predicted, expected):
    assert same(slot, gold, predicted) is expected


def test_gold_scores_full_against_itself():
    rows = read_rows(GOLD)
    report = score(rows, {row["id"]: row["programs"] for row in rows})
    assert report.macro == 1
    assert all(slot.f1 == 1 for slot in report.scores.values())
    assert not report.misses


def test_empty_predictions_score_zero_and_list_every_value():
    rows = read_rows(GOLD)
    report = score(rows, {})
    assert report.macro == 0
    assert {miss.kind for miss in report.misses} == {"missed"}
    assert len(report.misses) == sum(s.gold for name, s in report.scores.items() if name != "relevance")


def test_programs_are_paired_to_agree_most():
    first = {
        "facility": {"type": "lapas", "place": "Solo"},
        "skills": [{"text": "las", "category": "welding_metal"}],
    }
    second = {"facility": {"type": "rutan", "place": "Kudus"}, "skills": []}
    report = score([{"id": "x", "programs": [first, second]}], {"x": [second, first]})
    assert not report.misses


@pytest.mark.parametrize("content", ["{", "[]", '{"id": "x"}', "\xff"])
def test_unusable_gold_is_an_input_error(tmp_path, content):
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(InputError, match=r"gold\.jsonl"):
        read_rows(path)


def test_missing_gold_is_an_input_error(tmp_path):
    with pytest.raises(InputError):
        read_rows(tmp_path / "absent.jsonl")


@pytest.fixture
def reference():
    path = SHARED / "bench/score.py"
    if not path.exists():
        pytest.skip("../shared is absent")
    spec = importlib.util.spec_from_file_location("reference_score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", range(12))
def test_same_figures_as_the_shared_scorer(reference, seed):
    rows = read_rows(GOLD)
    predicted = perturb(rows, random.Random(seed), most_extra=0 if seed < 4 else seed)
    by_id = {row["id"]: row for row in rows}
    figures, errors = reference.score(by_id, {key: {"programs": found} for key, found in predicted.items()})
    report = score(rows, predicted)
    assert report.as_dict() == figures
    ours = sorted((m.article, m.slot, m.kind, json.dumps(m.value)) for m in report.misses)
    assert ours == sorted((*head, json.dumps(value)) for *head, value in errors)


def perturb(rows, dice, most_extra):
    """Return the gold as a flawed system might give it: values lost, changed, moved; programs added."""
    pool = [program for row in rows for program in row["programs"]]
    predicted = {}
    for row in rows:
        if dice.random() < 0.05:
            continue
        found = [spoil(program, pool, dice) for program in row["programs"] if dice.random() < 0.9]
        found += [spoil(dice.choice(pool), pool, dice) for _ in range(dice.randint(0, most_extra))]
        dice.shuffle(found)
        predicted[row["id"]] = found
    return predicted


def spoil(program, pool, dice):
    changed = dict(program)
    for slot in program:
        chance = dice.random()
        if chance < 0.15:
            changed[slot] = dice.choice(pool)[slot]
        elif chance < 0.25:
            changed[slot] = [] if isinstance(program[slot], list) else None
        elif chance < 0.5 and isinstance(program[slot], list):
            changed[slot] = [*program[slot], *dice.choice(pool)[slot]]
            changed[slot] = [rename(value, dice) for value in changed[slot]]
    return changed


def rename(value, dice):
    words = value["text"].split()
    kept = [word for word in words if dice.random() < 0.85] or words
    return {**{key: item for key, item in value.items() if key != "text"}, "name": " ".join(kept)}
