"""Times at which claims about a habit begin and end: fixed checks, each Monday at 00:00 of the user's zone.

A test repeated every day would eventually find a habit in any user's noise. A claim begins at a strict threshold,
continues at a weaker one, and is dropped at once if the last two weeks contradict it. All checks are replayed from the
history: nothing is stored between two requests.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from oo.snapshot.clock import start_of_day

MOST_LOOKS = 26
RECENT_D = 14
"""The last days that may contradict a claim,"""
LEAST_RECENT_N = 8
"""and how many observations of them it takes."""

_WEEK_D = 7


class Look(NamedTuple):
    """One check: the Monday, and its first instant."""

    monday: date
    at: datetime


def weekly_looks(first: date, newest: date, asked: date | None, zone: tzinfo) -> list[Look]:
    """The checks of a history from its `first` to its `newest` day, oldest first, at most 26.

    The last one is the newest Monday up to the day of the request, else up to the newest day itself. Checks after the
    first one that includes all of the history would have the same result, and are left out.
    """
    last = newest if asked is None else min(asked, newest + timedelta(days=_WEEK_D))
    days = (last - timedelta(days=last.weekday() + _WEEK_D * ago) for ago in range(MOST_LOOKS))
    mondays = [day for day in days if day > first]
    return [Look(day, start_of_day(day, zone)) for day in reversed(mondays)]


def seen_at(looks: Sequence[Look], stamps: Sequence[datetime]) -> Iterator[tuple[Look, int]]:
    """Each check with the number of timestamps before it; timestamps are in order."""
    seen = 0
    for look in looks:
        while seen < len(stamps) and stamps[seen] < look.at:
            seen += 1
        yield look, seen
