"""Moves that several agents offer, and the choice between the wordings of one."""

from oo.snapshot.clock import Clock
from oo.snapshot.tasks import Task, age_days

LONG_FROM_MIN = 60
OLD_FROM_D = 14
MOVED_FROM_N = 3
"""The number of moves of a task from which a statement mentions it."""

_SHORT_TO_MIN = 5

FIRST_STEPS = (
    "name the first two minutes of it, and do only those.",
    "do only the first two minutes of it, and stop there if that is enough.",
)
"""The same first step in two wordings."""

_SMALLER_OR_GONE = ("make it half its size, or let it go.", "let it go, or make it half its size.")
_SMALLER_OR_DATED = (
    "make it half its size, or give it a date that holds.",
    "give it a date that holds, or make it half its size.",
)


def needs_first_step(task: Task, clock: Clock) -> bool:
    """Whether a first step suits a task better than a block of time.

    The task is long, has been open for two weeks, or was moved; a task of a few minutes has no smaller step.
    """
    if task.estimate_min is not None and task.estimate_min <= _SHORT_TO_MIN:
        return False
    is_long = task.estimate_min is not None and task.estimate_min >= LONG_FROM_MIN
    return is_long or (known_age_days(task, clock) or 0) >= OLD_FROM_D or task.moved_n > 0


def known_age_days(task: Task, clock: Clock) -> int | None:
    """The days for which a task has been open; None for a recurring task and for an unknown age."""
    return None if task.recurs else age_days(task, clock)


def smaller_moves(task: Task) -> tuple[str, ...]:
    """The move, in two wordings, for a task that was moved repeatedly; dropping is not offered for an important one."""
    return _SMALLER_OR_GONE if task.may_be_let_go else _SMALLER_OR_DATED
