"""How right the groups are on labelled clusters: adjusted Rand index of at least 0.95, and nothing wrongly merged."""

from collections import defaultdict
from pathlib import Path

import pytest
from sklearn.metrics import adjusted_rand_score

from corpus.copies import CONTAINED
from corpus.evaluation import predict, read_rows
from corpus.fusion.labelled import annotated, copies, found, paired, read, truth
from extractor import load

OWN = Path(__file__).with_name("own.jsonl")
SHARED = Path(__file__).parents[4] / "shared/data/programs"
FLOOR = 0.95


def agreement(labels, keys):
    numbers = [{label: n for n, label in enumerate(dict.fromkeys(side.values()))} for side in (labels, keys)]
    sides = ((labels, numbers[0]), (keys, numbers[1]))
    return adjusted_rand_score(*([number[side[at]] for at in labels] for side, number in sides))


def merged(labels, keys):
    """Return what was fused and is of two clusters."""
    groups = defaultdict(set)
    for at, key in keys.items():
        groups[key].add(labels[at])
    return [group for group in groups.values() if len(group) > 1]


@pytest.fixture(scope="module")
def own():
    return read_rows(OWN)


def shared(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip("../shared is absent")
    return read_rows(path)


def test_annotated_values(own):
    labels, keys = truth(own), found(annotated(own), copies(own))
    assert agreement(labels, keys) >= FLOOR
    assert not merged(labels, keys)


def test_values_that_the_shipped_pipeline_reads(own):
    records = predict(load(), own)
    labels = truth(own)
    keys = paired(own, records, found(read(own, records), copies(own)))
    assert agreement(labels, keys) >= FLOOR
    assert not merged(labels, keys)


def test_shared_clusters():
    rows = shared("fusion.jsonl")
    labels, keys = truth(rows), found(annotated(rows), copies(rows))
    assert agreement(labels, keys) >= FLOOR
    assert not merged(labels, keys)


def test_shared_pairs():
    rows = [row for row in shared("train.jsonl") if row.get("same_as")]
    labels, keys = truth(rows), found(annotated(rows), copies(rows))
    assert agreement(labels, keys) >= FLOOR


@pytest.mark.parametrize("rows", ["own", "shared"])
def test_copies_and_abridgements_are_found_and_nothing_else(rows, own):
    rows = own if rows == "own" else shared("fusion.jsonl")
    by = {row["id"]: row for row in rows}
    texts = {"original", "copy", "abridged"}
    pairs = {frozenset(copy[:2]) for copy in copies(rows)}
    wanted = {
        frozenset((a["id"], b["id"]))
        for a in rows
        for b in rows
        if a["id"] < b["id"] and a["cluster"] == b["cluster"] and {a["relation"], b["relation"]} <= texts
    }
    # A copy three weeks later is out of the window, and one press release serves two programs of one facility.
    late, template = {"F-29"}, frozenset(("F-30", "F-31"))
    assert pairs - {template} == {pair for pair in wanted if not pair & late}
    assert all(copy.share >= CONTAINED for copy in copies(rows))
    assert by.keys() >= {name for pair in pairs for name in pair}


def test_traps_name_clusters_that_are_there(own):
    clusters = {name for row in own for name in row.get("clusters", [row["cluster"]])}
    assert {row["not_same_as"] for row in own if "not_same_as" in row} <= clusters
