"""Cooling: probabilities that say too much are brought down to what is right."""

import numpy as np

from extractor.tagging import SLOT_LABELS
from models.training.tags import cooled
from models.training.temperature import calibration_error, fit


def words(count, sure, right, seed=1):
    """Return probabilities that give every word label 1 with `sure`, and truths that are so in `right` of them."""
    size = len(SLOT_LABELS)
    chances = np.full((count, size), (1 - sure) / (size - 1), dtype=np.float32)
    chances[:, 1] = sure
    truth = np.where(np.random.default_rng(seed).random(count) < right, 1, 0)
    return chances, truth


def test_one_changes_nothing_and_more_flattens():
    chances, _ = words(3, 0.9, 1.0)
    assert np.allclose(cooled(chances, 1.0), chances, atol=1e-5)
    flat = cooled(chances, 2.0)
    assert np.allclose(flat.sum(axis=1), 1, atol=1e-5)
    assert (flat[:, 1] < 0.9).all()


def test_the_fitted_temperature_lowers_the_calibration_error():
    chances, truth = words(4000, 0.97, 0.8)
    found = fit(chances, truth)
    assert found > 1.2
    assert calibration_error(cooled(chances, found), truth) < calibration_error(chances, truth) / 2


def test_nothing_given_is_no_error():
    chances, truth = words(5, 0.0, 0.0)
    chances[:, 0] = 1.0
    assert calibration_error(chances, truth) == 0.0
