"""Fitting what decides: the logistic regression, its folds, the second looks and the links, on a few articles."""

import json
from pathlib import Path

import pytest

from extractor.slots import ranking
from models.training import beside, links, rankers
from models.training.rows import Row, evaluate, fit, held_out

GOLD = Path(__file__).parents[2] / "corpus" / "gold" / "own-oc.jsonl"


@pytest.fixture(scope="module")
def docs():
    articles = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()[:12]]
    return rankers.documents(articles)


def test_weights_tell_the_taken_from_the_others():
    rows = [Row(n, {"good", "both"} if n % 2 else {"bad", "both"}, bool(n % 2)) for n in range(40)]
    table = fit(rows)
    assert table["good"] > 0 > table["bad"]
    logits = held_out(rows)
    assert all((logit > 0) == row.taken for row, logit in zip(rows, logits, strict=True))
    f1, threshold = evaluate(rows, logits)
    assert f1 == 1.0
    assert 0 < threshold < 1


def test_no_row_is_judged_by_weights_that_saw_its_article():
    # The labels of two articles follow from features of their own only.
    rows = [Row(n, {f"only-{n}", "all"}, n in {0, 1}) for n in range(10) for _ in range(5)]
    logits = held_out(rows)
    assert len({round(logit, 6) for logit in logits[:5]}) == 1
    assert logits[0] < 0


def test_every_slot_has_candidates_with_labels(docs):
    for slot in rankers.SLOTS:
        rows = rankers.rows(slot, docs)
        assert any(r.taken for r in rows), slot
        assert all(r.features for r in rows), slot


def test_the_second_look_takes_each_value_once(docs):
    data = rankers.rows("skill", docs)
    looks = beside.rows("skill", docs, held_out(data))
    assert len(looks) == len(data)
    assert 0 < sum(r.taken for r in looks) <= sum(r.taken for r in data)


def test_pairs_of_right_values_are_of_one_program_or_not(docs):
    for doc, _ in docs:
        doc._.rankers = ranking.load("rules")
    rows = links.rows(docs)
    assert any(r.taken for r in rows)
    assert any(not r.taken for r in rows)
    skills = [r for r in rows if "skill-skill" in r.features]
    assert skills


def test_groups_of_values_are_one_program_or_not(docs):
    for doc, _ in docs:
        doc._.rankers = ranking.load("rules")
    rows = links.pair_rows(docs)
    several = {n for n, (_, a) in enumerate(docs) if len(a["programs"]) > 1}
    assert any(not r.taken for r in rows)
    assert all(r.taken for r in rows if r.article not in several)


def test_values_are_at_home_in_their_own_programs(docs):
    for doc, _ in docs:
        doc._.rankers = ranking.load("rules")
    rows = links.home_rows(docs)
    assert any(r.taken for r in rows)
    assert any(not r.taken for r in rows)
    assert {"partner", "date"} <= {f.split(":")[0] for r in rows for f in r.features}
