"""Counts a day, changes of pace, and runs."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date
from math import sqrt

import pytest

from oo.statistics.looks import Look, weekly_looks
from oo.statistics.pace import (
    daily_counts,
    idle_days,
    is_away,
    pace_change,
    pace_verdict,
    run_length,
    spread_within,
)
from testing.agent_snapshots import DAY
from testing.for_each import for_each

TODAY = date(2026, 6, 17)


@for_each(
    ("recent_n", "before_n", "direction"),
    [
        (56, 112, 1),
        (14, 112, -1),
        (28, 112, 0),
        (0, 14, 0),
        (0, 40, -1),
        (9, 14, 0),
        (12, 14, 1),
        (350, 1200, 0),
        (390, 1200, 1),
        (250, 1200, 0),
        (210, 1200, -1),
    ],
)
def test_change_is_large_and_beyond_chance(recent_n: int, before_n: int, direction: int) -> None:
    """A change has to be large as a part of the usual pace and in standard errors."""
    change = pace_change(recent_n, before_n)

    assert change is not None
    assert change.direction(2.65, 0.3) == direction
    assert change.ratio == recent_n * 4 / before_n


@for_each("spread", [1, 2.3, 5])
def test_standard_errors_grow_with_the_spread_of_days(spread: float) -> None:
    """The change follows from the square roots of counts, whose variance is that of days over their mean."""
    change = pace_change(40, 100, spread)

    assert change is not None
    assert change.z == pytest.approx(2 * (sqrt(40.375) - sqrt(100.375 / 4)) / sqrt(1.25 * spread))


@for_each(
    ("groups", "spread"),
    [
        ([[4, 4, 4], [4, 4]], 1),
        ([[0, 8], [0, 8]], 8),
        ([[0, 0], [8, 8]], 1),
        ([[0, 8], [], [0, 8]], 8),
        ([[3], [5]], 1),
        ([[0, 0], [0, 0]], 1),
        ([], 1),
    ],
)
def test_spread_is_that_within_groups(groups: list[list[float]], spread: float) -> None:
    """The variance of days around the mean of their group over the mean of all days, never below Poisson's."""
    assert spread_within(groups) == pytest.approx(spread)


def looks_at(counts: Mapping[date, float], asked: date = TODAY) -> list[Look]:
    return weekly_looks(min(counts), max(counts), asked, UTC)


def counts_of(weeks: Sequence[float]) -> dict[date, float]:
    """So many a day in each of the weeks before the Monday of today's week, the oldest first, on days that differ."""
    monday = TODAY - TODAY.weekday() * DAY
    return {
        monday - (7 * (len(weeks) - week) - day) * DAY: float(count)
        for week, rate in enumerate(weeks)
        for day, part in enumerate((1, 0.5, 1.5, 1, 1, 1.25, 0.75))
        if (count := round(4 * rate * part))
    }


@for_each(
    ("weeks", "direction"),
    [
        ((1, 1, 1, 1, 1), 0),
        ((1, 1, 1, 1, 2), 1),
        ((1, 1, 1, 1, 0.3), -1),
        ((1, 1, 1, 2), 0),
        ((1, 1, 1, 1, 2, 1), 0),
        ((1, 1, 1, 1, 2, 2), 1),
        ((1, 1, 1, 1, 2, 1.9), 1),
        ((1, 1, 1, 2, 2, 2, 2, 2), 0),
        ((1, 1, 1, 1, 2, 0.2), -1),
        ((1, 1, 1, 1, 1.6), 0),
        ((1, 1, 1, 1, 1.6, 1.6), 1),
        ((1, 1, 1, 1, 0.5), 0),
        ((1, 1, 1, 1, 0.5, 0.5), -1),
        ((1, 1, 1, 1, 1.9, 1.2), 0),
        ((1, 1, 1, 1.6, 1.6), 0),
    ],
)
def test_verdict_is_that_of_the_last_week(weeks: Sequence[float], direction: int) -> None:
    """A week, or two that lean the same way, against the four before; a verdict stays for less than it begins by."""
    counts = counts_of(weeks)
    verdict = pace_verdict(counts, looks_at(counts))

    assert verdict is not None
    assert verdict.direction == direction


def test_days_that_differ_widely_make_no_busier_week() -> None:
    """The same last week is news after even weeks, and none after weeks of days with nothing or plenty."""
    even = counts_of((1, 1, 1, 1, 2))
    begins = TODAY - (TODAY.weekday() + 7) * DAY
    last_week = {day: count for day, count in even.items() if day >= begins}
    before = {begins - age * DAY: 14.0 for age in range(1, 29, 4)}
    found = [pace_verdict(counts, looks_at(counts)) for counts in (even, before | last_week)]

    assert [each and each.direction for each in found] == [1, 0]


def test_a_free_weekend_is_no_spread() -> None:
    """Days of rest do not count for the variance of days."""
    weekend = {day: count for day, count in counts_of((1, 1, 1, 1, 1.8)).items() if day.weekday() < 5}
    found = [pace_verdict(weekend, looks_at(weekend), rest) for rest in ((), (5, 6))]
    errors = [each.change.z for each in found if each and each.change]

    assert errors[0] < errors[1]


@for_each(
    ("ages", "rest_weekdays", "away"),
    [
        ((1, 2, 3, 4, 5, 6, 7), (), False),
        ((1, 5, 6, 7), (), False),
        ((1, 6, 7), (), True),
        ((), (), True),
        ((3, 4, 5, 6, 7), (), False),
        ((5, 6, 7), (), True),
        ((5, 6, 7), (5, 6), False),
        ((), range(7), False),
    ],
)
def test_four_empty_days_in_a_row_are_away(
    ages: tuple[int, ...], rest_weekdays: Collection[int], *, away: bool
) -> None:
    """Of the seven days before a Monday; days of rest neither count nor end a row."""
    monday = TODAY - TODAY.weekday() * DAY

    assert is_away({monday - age * DAY: 1.0 for age in ages}, monday, rest_weekdays) is away


@for_each(
    ("ages", "rest_weekdays", "idle"),
    [((0, 5), (), 0), ((1,), (), 0), ((2,), (), 1), ((3, 4), (), 2), ((3, 4), (0, 1), 0), ((5,), (6,), 3), ((), (), 0)],
)
def test_idle_days_are_full_days(ages: tuple[int, ...], rest_weekdays: Collection[int], idle: int) -> None:
    """Today may still become an active day, and days of rest are none that were idle."""
    assert idle_days({TODAY - age * DAY: 1.0 for age in ages}, TODAY, rest_weekdays) == idle


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


@for_each(
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
