"""What a user finished: the completions sent along and the done tasks, counted once."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from math import sqrt
from typing import NamedTuple

from oo.snapshot.clock import Moment, read_moment, read_past_moment
from oo.snapshot.tasks import Task, read_id

# Tasks finished further apart than this belong to two sittings.
SITTING = timedelta(hours=4)
_QUARTER_HOUR_S = 15 * 60
_DAY_S = 86_400


class TaskCompletion(NamedTuple):
    """One finished task. `due` of a bare date is that day's last second."""

    project_id: str | None
    completed: Moment
    due: Moment | None

    def days_late(self, zone: tzinfo) -> float:
        """Days from due to done, negative when early; whole local days where either is a bare date.

        Only for completions that have a due date.
        """
        if self.due is None:
            message = "a completion without a due date is neither early nor late"
            raise ValueError(message)
        if self.due.date_only or self.completed.date_only:
            return (self.completed.day(zone) - self.due.day(zone)).days
        return (self.completed.at - self.due.at).total_seconds() / 86_400


def read_task_completions(rows: Iterable[object], assume: tzinfo, latest: datetime) -> list[TaskCompletion]:
    """The readable completions up to `latest`, exact duplicates once; stamps without a zone are read in `assume`."""
    found: dict[TaskCompletion, None] = {}
    for row in rows:
        if not isinstance(row, Mapping):
            continue
        completed = read_past_moment(row, "completed_at", assume, latest)
        if completed:
            due = read_moment(row.get("due_at"), assume, end_of_date=True)
            found[TaskCompletion(read_id(row.get("project_id")), completed, due)] = None
    return list(found)


def with_done_tasks(completions: Iterable[TaskCompletion], done: Iterable[Task]) -> list[TaskCompletion]:
    """The completions and those of the done tasks; what both lists hold counts once."""
    found = dict.fromkeys(completions)
    for task in done:
        if task.completed:
            found[TaskCompletion(task.project_id, task.completed, task.due)] = None
    return list(found)


def in_order(completions: Iterable[TaskCompletion]) -> list[TaskCompletion]:
    """Oldest first, in an order that depends on nothing but what they hold."""
    return sorted(completions, key=_order)


def ages_d(stamps: Sequence[datetime]) -> list[float]:
    """Days between each stamp and the newest of them."""
    newest = max(stamps, default=None)
    return [] if newest is None else [(newest - stamp).total_seconds() / _DAY_S for stamp in stamps]


def bulk_shares(completions: Sequence[TaskCompletion]) -> list[float]:
    """How much each completion counts: k that were ticked off in one quarter of an hour share sqrt(k).

    Ticking off a day's work in the evening says little about when or how it was done.
    """
    quarters = [quarter_hour(each.completed) for each in completions]
    sizes = Counter(quarter for quarter in quarters if quarter is not None)
    return [1 / sqrt(sizes[quarter]) if quarter is not None else 1.0 for quarter in quarters]


def quarter_hour(completed: Moment) -> int | None:
    """The number of the quarter of an hour since 1970 in which something was ticked off; None for a bare date."""
    return None if completed.date_only else int(completed.at.timestamp() // _QUARTER_HOUR_S)


def _order(each: TaskCompletion) -> tuple[datetime, bool, float, str]:
    due = each.due.at.timestamp() if each.due else float("inf")
    return (each.completed.at, each.completed.date_only, due, each.project_id or "")
