"""Counts a day, changes of pace, and runs."""

from datetime import date
from math import sqrt

import pytest

from oo.statistics.pace import daily_counts, pace_change, run_length
from testing.agent_snapshots import DAY

TODAY = date(2026, 6, 17)


@pytest.mark.parametrize(
    ("recent_n", "before_n", "is_up", "is_down"),
    [
        (56, 112, True, False),
        (14, 112, False, True),
        (28, 112, False, False),
        (0, 14, False, True),
        (8, 14, False, False),
        (9, 14, True, False),
        (350, 1200, False, False),
        (390, 1200, True, False),
        (250, 1200, False, False),
        (210, 1200, False, True),
    ],
)
def test_change_is_large_and_beyond_chance(recent_n: int, before_n: int, is_up: bool, is_down: bool) -> None:  # noqa: FBT001  # a table's columns
    """A change counts from 30% and from two standard errors on."""
    change = pace_change(recent_n, before_n)

    assert change is not None
    assert (change.is_up, change.is_down) == (is_up, is_down)
    assert change.ratio == recent_n * 4 / before_n


def test_standard_errors_are_those_of_square_roots() -> None:
    """The change in standard errors follows from the variance-stabilising square root of Poisson counts."""
    change = pace_change(40, 100)

    assert change is not None
    assert change.z == pytest.approx(2 * (sqrt(40.375) - sqrt(100.375 / 4)) / sqrt(1.25))


@pytest.mark.parametrize(("before_n", "compares"), [(13, False), (14, True)])
def test_too_few_are_not_compared(before_n: int, compares: bool) -> None:  # noqa: FBT001  # a table's column
    """Below 14 completions in four weeks there is no usual week."""
    assert (pace_change(50, before_n) is not None) is compares


def test_days_are_counted() -> None:
    """Completions are counted by day; days without any are left out."""
    assert daily_counts([TODAY, TODAY - 2 * DAY, TODAY]) == {TODAY: 2, TODAY - 2 * DAY: 1}
    assert daily_counts([]) == {}


def test_day_of_import_is_cut_down() -> None:
    """No day counts more than five times the median active day and five."""
    assert daily_counts([TODAY] * 200 + [TODAY - n * DAY for n in (1, 2, 9)])[TODAY] == 10
    assert daily_counts([TODAY] * 9 + [TODAY - DAY])[TODAY] == 9


def days(*ages: int) -> set[date]:
    return {TODAY - age * DAY for age in ages}


@pytest.mark.parametrize(
    ("ages", "rest_weekdays", "length"),
    [
        ((), (), 0),
        ((0,), (), 1),
        ((1, 2, 3), (), 3),
        ((0, 1, 3, 4), (), 4),
        ((0, 1, 4, 5), (), 2),
        ((2, 3), (), 2),
        ((3, 4), (), 0),
        ((0, 2, 3, 4, 5, 6, 7, 9), (), 8),
        ((0, 2, 3, 4, 5, 6, 8), (), 6),
        ((0, 1, 2, 5, 6), (5, 6), 5),
        ((0, 1, 2, 3, 4), (5, 6), 5),
        ((0, 30), range(7), 2),
    ],
)
def test_runs_forgive(ages: tuple[int, ...], rest_weekdays: tuple[int, ...], length: int) -> None:
    """Today may still come, rest days are free, and one day in seven is forgiven; only active days count."""
    assert run_length(days(*ages), TODAY, rest_weekdays) == length
