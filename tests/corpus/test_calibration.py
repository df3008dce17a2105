"""Confidence against what was right."""

import pytest

from corpus.calibration import calibration_error, reliability
from corpus.evaluation import score


def test_bins_hold_what_lies_in_them():
    (low, high) = reliability([(0.31, True), (0.39, False), (1.0, True)])
    assert (low.low, low.size, low.confidence, low.right) == (0.3, 2, pytest.approx(0.35), 0.5)
    assert (high.low, high.size, high.right) == (0.9, 1, 1.0)


@pytest.mark.parametrize(
    ("chances", "error"),
    [
        ([], 0.0),
        ([(0.75, True)] * 3 + [(0.75, False)], 0.0),
        ([(0.95, False)] * 4, 0.95),
        ([(0.95, False)] + [(0.55, True)] * 3, (0.95 + 3 * 0.45) / 4),
    ],
)
def test_the_error_is_the_gap_weighed_by_size(chances, error):
    assert calibration_error(chances) == pytest.approx(error)


def test_a_report_keeps_each_values_confidence_and_fate():
    gold = [{"id": "a", "programs": [{"partners": [{"text": "BLK Ngawi"}]}]}]
    guess = {"a": [{"partners": [{"name": "BLK Ngawi", "confidence": 0.9}, {"name": "PT Lain", "confidence": 0.4}]}]}
    assert sorted(score(gold, guess).chances) == [(0.4, False), (0.9, True)]
