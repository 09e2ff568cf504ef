"""Wording of today's load, and the moves for it."""

from collections.abc import Sequence

from oo.agent_kit.due_counts import at_least
from oo.agent_kit.wording import about_hours, half_hours, minutes_phrase
from oo.agents.workload_balance.load import Load, Today
from oo.snapshot.tasks import Task

# Wordings of one move, which alternate by day.
_REST_MOVES = (
    "keep what matters most and agree on another day for the rest.",
    "choose what has to be today, and agree on another day for the rest.",
)
_LATE_MOVES = ("give {0} another day.", "choose another day for {0}.")
_SPLIT_MOVES = (
    "do a first part of {0} and give the rest another day.",
    "begin with a first part of {0}, and plan the rest for another day.",
)
_DEFER_MOVES = (
    "keep what matters most and give {0} another day.",
    "give {0} another day, and keep what matters most.",
)
ROOM_MOVES = (
    "give part of the open time to one thing that matters, at a fixed hour.",
    "choose one thing that matters, and give it part of the open time at a fixed hour.",
)
PLAIN_MOVES = (
    "put them in order now, and begin with the one that matters most.",
    "choose the ones that have to be today, and give the rest another day.",
)


def tasks_due_today(today: Today) -> str:
    """The number of tasks due today."""
    number = at_least(today.today_n, may_be_more=today.load.is_least)
    return f"{number} {'task is' if today.today_n == 1 else 'tasks are'} due today"


def load_hours(load: Load) -> str:
    """The load in hours, as a minimum if there may be more."""
    if not load.is_least:
        return about_hours(load.minutes)
    return f"at least {about_hours(load.minutes) if half_hours(load.minutes) else 'a few minutes'}"


def lined_up(load: Load) -> str:
    """A clause with today's load."""
    return f"{load_hours(load)} is lined up for today"


def counting(load: Load) -> str:
    """A clause with the number of tasks of unknown duration; empty if all are known."""
    return f", counting {minutes_phrase(load.fill_min)} where no time is known" if load.known_p < 1 else ""


def movable(today: Today) -> Task | None:
    """The least important task, and of equals the one due last; never one with a clock time today."""
    candidates = [task for task in today.load.tasks if task.title and (task.due is None or task.due.date_only)]
    return min(
        candidates,
        key=lambda task: (
            task.importance,
            -(task.due.at.timestamp() if task.due else float("inf")),
            task.title,
            task.key,
        ),
        default=None,
    )


def ways_out(today: Today, put_off: Task | None, *, is_over: bool) -> Sequence[str]:
    """The moves for an overloaded day: nothing can be postponed, the day is over, or neither."""
    if put_off is None:
        return _REST_MOVES
    if is_over:
        return _LATE_MOVES
    return _SPLIT_MOVES if len(today.load.tasks) == 1 else _DEFER_MOVES
