"""Sittings: tasks ticked off together say little about when, and how, each of them was done."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from math import sqrt

from oo.snapshot.clock import Moment
from oo.snapshot.completions import TaskCompletion

SITTING_GAP = timedelta(minutes=90)
_LEAST_TICKED_N = 3
_TICK = timedelta(minutes=5)
LONGEST_SITTING = timedelta(hours=3)
"""A longer chain of tasks is a day's work, whose middle does not represent its hours."""


def in_sittings(completions: Iterable[TaskCompletion]) -> list[list[TaskCompletion]]:
    """Completions, in order of time, grouped by sitting: gaps within a sitting are less than 90 minutes.

    A bare date is a sitting of its own.
    """
    found: list[list[TaskCompletion]] = []
    current: list[TaskCompletion] = []
    for each in completions:
        if each.completed.date_only:
            found.append([each])
        elif current and _is_near(current, each):
            current.append(each)
        else:
            current = [each]
            found.append(current)
    return found


def _is_near(sitting: Sequence[TaskCompletion], each: TaskCompletion) -> bool:
    at = each.completed.at
    return at - sitting[-1].completed.at < SITTING_GAP and at - sitting[0].completed.at <= LONGEST_SITTING


def is_ticked_off(sitting: Sequence[TaskCompletion]) -> bool:
    """Whether these are three or more, in at most five minutes per task: bookkeeping, done some time after the work."""
    lasts = sitting[-1].completed.at - sitting[0].completed.at
    return len(sitting) >= _LEAST_TICKED_N and lasts <= len(sitting) * _TICK


def quarter_hour(completed: Moment) -> int | None:
    """The number of quarters of an hour since the year 1 until the completion; None for a bare date."""
    at = completed.at
    return None if completed.date_only else (at.toordinal() * 24 + at.hour) * 4 + at.minute // 15


def sitting_weight(size: int) -> float:
    """The weight of each of `size` observations of one sitting: in total the square root of their number."""
    return 1 / sqrt(size)
