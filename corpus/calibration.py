"""Does confidence mean something: of the values given with .8, are eight in ten right?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

BINS = 10


class Bin(NamedTuple):
    """The values whose confidence lies in [low, low + 0.1): their number (`size`), mean confidence, the share right."""

    low: float
    size: int
    confidence: float
    right: float


def reliability(chances: Iterable[tuple[float, bool]]) -> list[Bin]:
    """Return the bins that hold values, lowest first, of (confidence, right) pairs."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in chances:
        groups.setdefault(min(int(confidence * BINS), BINS - 1), []).append((confidence, right))
    return [
        Bin(number / BINS, len(group), sum(c for c, _ in group) / len(group), sum(r for _, r in group) / len(group))
        for number, group in sorted(groups.items())
    ]


def calibration_error(chances: Iterable[tuple[float, bool]]) -> float:
    """Return the expected calibration error, 0..1: the bins' mean gap of confidence and share right, by size.

    After Naeini, Cooper and Hauskrecht, Obtaining Well Calibrated Probabilities Using Bayesian Binning, AAAI 2015.
    """
    bins = reliability(chances)
    total = sum(b.size for b in bins)
    return sum(b.size * abs(b.confidence - b.right) for b in bins) / total if total else 0.0
