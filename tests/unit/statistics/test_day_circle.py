"""Weighted hours on the circle of the day."""

import pytest

from oo.statistics.day_circle import HoursOfDay, half_hour, hours_between
from testing.for_each import for_each


def hours(*found: float, weight: float = 1) -> HoursOfDay:
    counted = HoursOfDay(1.5)
    for hour in found:
        counted.add(hour % 24, weight)
    return counted


@for_each("middle", [0, 3.25, 12, 23.9])
def test_the_densest_hour_is_found_around_the_clock(middle: float) -> None:
    """A cluster beats single hours elsewhere, and its middle is exact."""
    counted = hours(middle - 0.5, middle, middle + 0.5, middle + 7, middle + 15)

    assert hours_between(counted.densest(), middle) == pytest.approx(0, abs=1e-6)
    assert counted.share_within(middle, 0.5) == pytest.approx(0.6)
    assert counted.share_within(middle, 0.4) == pytest.approx(0.2)
    assert counted.fullest_share(middle + 0.5, 0.5, (-1, -0.5, 0)) == pytest.approx(0.6)


def test_weights_may_be_added_after_a_density_was_asked_for() -> None:
    """The density is that of all hours so far."""
    whole, growing = hours(9, 9, 15, 15, 15), hours(9, 9)
    assert growing.densest() == pytest.approx(9)
    for _ in range(3):
        growing.add(15, 1)

    assert growing.density() == pytest.approx(whole.density())
    assert half_hour(list(growing.density()).index(max(growing.density()))) == 15


@for_each(
    ("found", "share", "arc_h"),
    [
        ((9, 10, 11), 1, 2),
        ((23, 0, 1), 1, 2),
        ((8, 9, 10, 11, 22), 0.8, 3),
        ((8, 9, 10, 11, 22), 1, 13),
        ((9,), 0.95, 0),
        ((0, 6, 12, 18), 1, 18),
    ],
)
def test_the_shortest_arc_holds_the_share(found: tuple[float, ...], share: float, arc_h: float) -> None:
    """It may cross midnight, and leaves out outliers."""
    assert hours(*found).shortest_arc_h(share) == pytest.approx(arc_h)


def test_equal_weights_are_as_many_as_they_are() -> None:
    """The effective number does not depend on the size of the weights, however small they are."""
    assert hours(9, 10, 11, 12).n_eff == pytest.approx(4)
    assert hours(9, 10, 11, 12, weight=1e-40).n_eff == pytest.approx(4)
    assert HoursOfDay(1.5).n_eff == 0
