"""Weighted evidence: decay with age, effective size, quantiles."""

from collections.abc import Sequence
from itertools import pairwise


def decay_weight(age_d: float, half_life_d: float | None) -> float:
    """The weight of an age: half per half-life; 1 without a half-life."""
    return 1.0 if half_life_d is None else 2.0 ** (-age_d / half_life_d)


def effective_size(weights: Sequence[float]) -> float:
    """The number of equally weighted observations worth the same: (sum w)^2 / sum w^2 (Kish 1965)."""
    squares = sum(weight * weight for weight in weights)
    return sum(weights) ** 2 / squares if squares else 0.0


def weighted_quantile(values: Sequence[float], weights: Sequence[float], share: float) -> float:
    """The value below which `share` of the weight lies, for a non-empty sequence with positive weights.

    Each value is at the middle of its own weight; between two values the quantile is interpolated.
    """
    ordered = sorted(zip(values, weights, strict=True))
    target = share * sum(weights)
    marks, below = [], 0.0
    for value, weight in ordered:
        marks.append((below + weight / 2, value))
        below += weight
    if target <= marks[0][0]:
        return marks[0][1]
    for (left, low), (right, high) in pairwise(marks):
        if target <= right:
            return low + (high - low) * (target - left) / (right - left)
    return marks[-1][1]
