"""Weighted evidence."""

import pytest

from oo.statistics.weighted import decay_weight, effective_size, weighted_quantile
from testing.for_each import for_each


@for_each(("age_d", "half_life_d", "weight"), [(0, 45, 1), (45, 45, 0.5), (90, 45, 0.25), (90, None, 1)])
def test_weight_halves_with_each_half_life(age_d: float, half_life_d: float | None, weight: float) -> None:
    """Evidence loses half of its weight in each half-life, and none without one."""
    assert decay_weight(age_d, half_life_d) == weight


@for_each(("weights", "size"), [([1, 1, 1], 3), ([2, 2], 2), ([1, 0], 1), ([], 0)])
def test_effective_size_counts_equal_weights(weights: list[float], size: float) -> None:
    """Equal weights count one each, at any size."""
    assert effective_size(weights) == pytest.approx(size)


@for_each(
    ("values", "weights", "share", "quantile"),
    [
        ([3, 1, 2], [1, 1, 1], 0.5, 2),
        ([1, 2], [1, 1], 0.5, 1.5),
        ([1, 2], [3, 1], 0.5, 1.25),
        ([1, 2, 3, 4], [1, 1, 1, 1], 0, 1),
        ([1, 2, 3, 4], [1, 1, 1, 1], 1, 4),
        ([5], [0.1], 0.8, 5),
    ],
)
def test_quantile_interpolates_between_middles(
    values: list[float], weights: list[float], share: float, quantile: float
) -> None:
    """A value stands at the middle of its weight; between two the quantile is interpolated."""
    assert weighted_quantile(values, weights, share) == pytest.approx(quantile)
