"""Tasks done per day, and a comparison of the last week with the four before it."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import sqrt
from statistics import fmean, median
from typing import NamedTuple

from oo.statistics.looks import Look

RECENT_D = 7
BEFORE_D = 28
_WEEKS_BEFORE = BEFORE_D // RECENT_D
_LEAST_BEFORE_N = 14
# The variance of days is estimated from this many weeks if they are known: four are too few.
_SPREAD_WEEKS = 8
# A verdict begins and continues at these standard errors and shares of the usual pace. It also begins if the last
# two weeks together differ that much and the last one has the same direction: one week alone often misses a change.
_BEGINS = (2.8, 0.3)
_LEANS = (1.0, 0.2)
_STAYS = (2.0, 0.2)
_AWAY_D = 4
_FORGIVEN_EVERY_D = 7

Counts = Mapping[date, float]
"""Completions by day; a day without any is left out."""


class PaceChange(NamedTuple):
    """A week, or two, against the average of the four before: the ratio, and the difference in standard errors."""

    ratio: float
    z: float

    def direction(self, least_z: float, least_change: float) -> int:
        """1 for a busier week, -1 for a lighter one, 0 for neither, by these thresholds."""
        if abs(self.z) < least_z or abs(self.ratio - 1) < least_change:
            return 0
        return 1 if self.z > 0 else -1


class PaceVerdict(NamedTuple):
    """The newest check's verdict on the week before its Monday: 1 for busier, -1 for lighter, 0 for neither."""

    monday: date
    change: PaceChange | None
    direction: int


def pace_change(recent_n: float, before_n: float, spread: float = 1, recent_weeks: int = 1) -> PaceChange | None:
    """The change between completions of recent weeks and of the 28 days before; None if these are too few.

    Square roots of Poisson counts have a standard error of one half at any mean (Anscombe 1948). Days of people vary
    more: `spread` is the variance of days over their mean.
    """
    if before_n < _LEAST_BEFORE_N:
        return None
    part = recent_weeks / _WEEKS_BEFORE
    error = sqrt(spread * (1 + part)) / 2
    z = (sqrt(recent_n + 3 / 8) - sqrt(part * (before_n + 3 / 8))) / error
    return PaceChange(recent_n / (part * before_n), z)


def spread_within(groups: Iterable[Sequence[float]]) -> float:
    """The variance of daily counts within groups of days over the mean of all days, at least the 1 of Poisson."""
    filled = [group for group in groups if group]
    days_n, total = sum(map(len, filled)), sum(map(sum, filled))
    if days_n <= len(filled) or not total:
        return 1.0
    squares = sum((count - mean) ** 2 for group in filled for mean in [fmean(group)] for count in group)
    return max(1.0, squares / (days_n - len(filled)) / (total / days_n))


def weeks_before(look: Look, counts: Counts, most: int, least: int = 0) -> list[list[float]]:
    """Each day's count of the whole weeks before a check, newest week first, from Monday to Sunday.

    At most that many weeks, and only those within the history, except for the `least`.
    """
    first = min(counts, default=look.monday)
    weeks_n = min(most, max(least, (look.monday - first).days // RECENT_D))
    ages = range(RECENT_D, RECENT_D * weeks_n + 1, RECENT_D)
    return [[counts.get(look.monday - timedelta(days=age - day), 0.0) for day in range(RECENT_D)] for age in ages]


def pace_verdict(counts: Counts, looks: Sequence[Look], rest_weekdays: Collection[int] = ()) -> PaceVerdict | None:
    """The verdict of the newest check, replayed from the first one; None without a check."""
    verdict = None
    for look in looks:
        change = _change_before(look, counts, rest_weekdays, 1)
        direction = _begun(change, look, counts, rest_weekdays) if change else 0
        if change and verdict and verdict.direction and change.direction(*_STAYS) == verdict.direction:
            direction = verdict.direction
        verdict = PaceVerdict(look.monday, change, direction)
    return verdict


def _begun(change: PaceChange, look: Look, counts: Counts, rest_weekdays: Collection[int]) -> int:
    """The direction by the last week alone, else by the last two together."""
    leans, begun = change.direction(*_LEANS), change.direction(*_BEGINS)
    if leans and not begun:
        of_two = _change_before(look, counts, rest_weekdays, 2)
        return leans if of_two and of_two.direction(*_BEGINS) == leans else 0
    return begun


def _change_before(look: Look, counts: Counts, rest_weekdays: Collection[int], recent_weeks: int) -> PaceChange | None:
    """The last full weeks against the four before; None if these are not usual weeks.

    The history must reach into the first of them, because the time before it is unknown, not slow. At most one of them
    may have been spent away.
    """
    least = recent_weeks + _WEEKS_BEFORE
    if (look.monday - min(counts, default=look.monday)).days <= RECENT_D * (least - 1):
        return None
    mondays = (look.monday - timedelta(days=RECENT_D * week) for week in range(recent_weeks, least))
    if sum(is_away(counts, monday, rest_weekdays) for monday in mondays) > 1:
        return None
    weeks = weeks_before(look, counts, recent_weeks + _SPREAD_WEEKS, least)
    recent, before = weeks[:recent_weeks], weeks[recent_weeks:]
    worked = [count for week in before for day, count in enumerate(week) if day not in rest_weekdays]
    recent_n, before_n = (sum(map(sum, part)) for part in (recent, before[:_WEEKS_BEFORE]))
    return pace_change(recent_n, before_n, spread_within([worked]), recent_weeks)


def is_away(counts: Counts, until: date, rest_weekdays: Collection[int]) -> bool:
    """Whether the seven days before a day include four consecutive ones without completions, days of rest left out."""
    in_a_row = 0
    for age in range(RECENT_D, 0, -1):
        day = until - timedelta(days=age)
        if day in counts:
            in_a_row = 0
        elif day.weekday() not in rest_weekdays:
            in_a_row += 1
            if in_a_row >= _AWAY_D:
                return True
    return False


def idle_days(counts: Counts, today: date, rest_weekdays: Collection[int]) -> int:
    """Full days without completions up to today, days of rest left out; 0 after a completion today."""
    days, idle = 0, 0
    earliest = min(counts, default=today)
    while (day := today - timedelta(days=days)) not in counts and day >= earliest:
        idle += days > 0 and day.weekday() not in rest_weekdays
        days += 1
    return idle


def daily_counts(days: Iterable[date]) -> dict[date, float]:
    """Completions per day with any, from the day of each one, in the form for `usual_counts`."""
    return usual_counts(Counter(days))


def usual_counts(counts: Mapping[date, int]) -> dict[date, float]:
    """Completions per day with any.

    A count is limited to five times the median of these days plus five: more is an import or a clean-up, not a day's
    work.
    """
    if not counts:
        return {}
    most = 5 * median(counts.values()) + 5
    return {day: float(min(count, most)) for day, count in counts.items()}


def run_length(active: Collection[date], today: date, rest_weekdays: Collection[int]) -> int:
    """The active days of the streak up to today, which may still become one.

    Rest days never end a streak, and of the others one in seven days is forgiven: a single miss does not harm a habit
    (Lally et al. 2010).
    """
    length, day, forgiven = 0, today, None
    earliest = min(active, default=today)
    while day >= earliest:
        if day in active:
            length += 1
        elif day != today and day.weekday() not in rest_weekdays:
            if forgiven is not None and (forgiven - day).days < _FORGIVEN_EVERY_D:
                break
            forgiven = day
        day -= timedelta(days=1)
    return length
