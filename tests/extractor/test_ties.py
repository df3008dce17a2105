"""Words of one program are tied, those of two are not."""

import numpy as np
import pytest

from extractor.ties import Ties

WORDS = [(0, 5), (6, 9), (10, 14)]
VECTORS = np.array([[2.0, 0.0], [2.0, 0.0], [-2.0, 0.0]], np.float32)


def test_vectors_that_point_one_way_tie():
    ties = Ties(WORDS, VECTORS)
    assert ties.between((0, 5), (6, 9)) > 0.9
    assert ties.between((0, 5), (10, 14)) < 0.1


def test_a_span_of_several_words_has_their_mean():
    ties = Ties(WORDS, VECTORS)
    assert ties.between((6, 14), (0, 5)) == pytest.approx(0.5)


def test_no_word_is_tied_with_nothing():
    assert Ties(WORDS, VECTORS).between((5, 6), (0, 5)) == 0.5
    assert Ties([], np.zeros((0, 2), np.float32)).between((0, 1), (1, 2)) == 0.5
