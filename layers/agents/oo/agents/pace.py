"""How many tasks get done a day, and whether the last week differs from the four before it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, tzinfo
from math import sqrt
from statistics import median

from oo.agents.completions import Completion

RECENT_D = 7
BEFORE_D = 28
_LEAST_BEFORE_N = 14
_LEAST_Z = 2.0
_LEAST_CHANGE = 0.3


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


def daily_counts(completions: Iterable[Completion], zone: tzinfo) -> dict[date, float]:
    """Completions on each local day that has any, none above five times the median of these days and five.

    What lies above is an import or a clean-up, not a day's work.
    """
    counts = Counter(each.completed.day(zone) for each in completions)
    if not counts:
        return {}
    most = 5 * median(counts.values()) + 5
    return {day: float(min(count, most)) for day, count in counts.items()}
