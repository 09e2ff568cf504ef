"""The beta distribution."""

from math import comb

import pytest

from oo.statistics.beta import beta_below
from testing.for_each import for_each


@for_each("share", [0.01, 0.2, 0.5, 0.9, 0.999])
@for_each(("a", "b"), [(1, 1), (2, 3), (1, 40), (40, 1), (30, 70), (120, 300)])
def test_whole_parameters_give_the_binomial_tail(share: float, a: int, b: int) -> None:
    """For whole numbers it is the probability of at least `a` of `a + b - 1` draws."""
    n = a + b - 1
    tail = sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(a, n + 1))

    assert beta_below(share, a, b) == pytest.approx(tail, abs=1e-9)


@for_each(("share", "a", "b", "below"), [(0.25, 0.5, 0.5, 1 / 3), (0.5, 0.4, 0.4, 0.5), (0.36, 0.5, 1, 0.6)])
def test_fractions_are_parameters_too(share: float, a: float, b: float, below: float) -> None:
    """The arcsine distribution, a symmetric one, and one that is a root."""
    assert beta_below(share, a, b) == pytest.approx(below)


def test_it_rises_with_the_share_and_falls_with_what_holds() -> None:
    """More late ones make it less sure that few are late."""
    rising = [beta_below(share / 100, 2.4, 7) for share in range(1, 100)]
    falling = [beta_below(0.3, 0.4 + late, 2 + 40 - late) for late in range(40)]

    assert rising == sorted(rising)
    assert falling == sorted(falling, reverse=True)
    assert 0 < rising[0] < rising[-1] < 1
