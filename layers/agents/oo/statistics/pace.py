"""How many tasks get done a day, and whether the last week differs from the four before it."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import median

RECENT_D = 7
BEFORE_D = 28
_LEAST_BEFORE_N = 14
_LEAST_Z = 2.0
_LEAST_CHANGE = 0.3
_FORGIVEN_EVERY_D = 7


@dataclass(frozen=True, slots=True)
class PaceChange:
    """One week against the average of the four before: their ratio, and how many standard errors lie between them."""

    ratio: float
    z: float

    @property
    def is_up(self) -> bool:
        """Whether the week is busier by more than chance explains."""
        return self.z >= _LEAST_Z and self.ratio >= 1 + _LEAST_CHANGE

    @property
    def is_down(self) -> bool:
        """Whether the week is lighter by more than chance explains."""
        return self.z <= -_LEAST_Z and self.ratio <= 1 - _LEAST_CHANGE


def pace_change(recent_n: float, before_n: float) -> PaceChange | None:
    """The change between completions of 7 and of the previous 28 days; None where these are too few to compare.

    Square roots of Poisson counts have a standard error of one half whatever their mean (Anscombe 1948).
    """
    if before_n < _LEAST_BEFORE_N:
        return None
    weeks = BEFORE_D / RECENT_D
    z = 2 * (sqrt(recent_n + 3 / 8) - sqrt((before_n + 3 / 8) / weeks)) / sqrt(1 + 1 / weeks)
    return PaceChange(recent_n * weeks / before_n, z)


def daily_counts(days: Iterable[date]) -> dict[date, float]:
    """Completions on each day that has any, given the day of each one.

    None counts above five times the median of these days and five: that is an import or a clean-up, not a day's work.
    """
    counts = Counter(days)
    if not counts:
        return {}
    most = 5 * median(counts.values()) + 5
    return {day: float(min(count, most)) for day, count in counts.items()}


def run_length(active: Collection[date], today: date, rest_weekdays: Collection[int]) -> int:
    """The active days of the run that leads up to today, which itself may still become one.

    Rest days never end a run, and of the others one in seven days is forgiven: a single miss does not harm a habit
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
