"""Lateness of dated tasks, for inference and for an agent's own computation.

The first due date counts, wherever it was moved since. Open tasks after it are late as well, because finished tasks
alone are a biased sample.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from oo.snapshot.clock import DAY, FIRST_ZONE, LAST_ZONE, Moment, start_of_day
from oo.snapshot.completions import TaskCompletion
from oo.snapshot.numbers import clamp
from oo.snapshot.subtasks import without_parents
from oo.snapshot.tasks import Task, TaskList
from oo.statistics.sittings import in_sittings, sitting_weight
from oo.statistics.weighted import decay_weight, effective_size, weighted_quantile

# A larger difference in days means a wrong date, not a habit.
_LEAST_D, _MOST_D = -30.0, 60.0
# A task that is open for longer was abandoned rather than postponed.
_OPEN_FOR = timedelta(days=60)
_RECURS_FROM_N = 2


class UserDays(NamedTuple):
    """The counting of days: in the user's zone, or, if it is unknown, only if all zones agree."""

    zone: tzinfo
    zone_known: bool = True

    def late_d(self, due: Moment, done: Moment) -> float | None:
        """Days from due to done, negative when early; whole local days if one of them is a bare date.

        None if zones differ on whether that is late.
        """
        if not due.date_only and not done.date_only:
            return (done.at - due.at) / DAY
        if self.zone_known:
            return (done.day(self.zone) - due.day(self.zone)).days
        days = [(done.in_zone(zone).day(zone) - due.in_zone(zone).day(zone)).days for zone in (LAST_ZONE, FIRST_ZONE)]
        return days[0] if (days[0] > 0) == (days[1] > 0) else None

    def day_after(self, due: Moment) -> datetime:
        """The first instant after the local day of a date."""
        zone = self.zone if self.zone_known else LAST_ZONE
        own = due if self.zone_known else due.in_zone(zone)
        return start_of_day(own.day(zone) + DAY, zone)


class DatedTask(NamedTuple):
    """One task with its first due date: `late_d` is the lateness when it was done, `weight` its weight.

    From `passed_at` on, the day after its date, it is late while it is open.
    """

    passed_at: datetime
    done_at: datetime | None
    late_d: float
    weight: float

    def open_until(self) -> datetime:
        """The time at which it no longer counts as late and open."""
        given_up = self.passed_at + _OPEN_FOR
        return given_up if self.done_at is None else min(self.done_at, given_up)

    def is_open_late(self, moment: datetime) -> bool:
        """Whether it is late and open at a given time."""
        # Most tasks are done in time, and the end of the others is a sum.
        if moment < self.passed_at or (self.done_at is not None and self.done_at <= moment):
            return False
        return moment < self.open_until()


class Lateness(NamedTuple):
    """Days from due to done per dated task, negative when early, and the weight of each.

    An open task is late by the days that have passed so far.
    """

    days: Sequence[float]
    weights: Sequence[float]

    @property
    def total_weight(self) -> float:
        """The amount of evidence behind a share."""
        return sum(self.weights)

    @property
    def effective_n(self) -> float:
        """The amount of evidence behind a quantile."""
        return effective_size(self.weights)

    def quantile(self, share: float) -> float:
        """The lateness that `share` of the tasks do not exceed. Requires at least one task."""
        return weighted_quantile(self.days, self.weights, share)

    def late_share(self) -> float:
        """The share of tasks after their date, between bare dates on a later day. Requires at least one task."""
        late = sum(weight for days, weight in zip(self.days, self.weights, strict=True) if days > 0)
        return late / self.total_weight


def dated_tasks(completions: Iterable[TaskCompletion], tasks: TaskList, days: UserDays) -> list[DatedTask]:
    """Finished dated tasks, and open ones after their date, in order of the dates.

    Completions are in order of time. The earlier dates of a recurring task are those of earlier occurrences.
    """
    done = list(completions)
    recurring = _recurring(done, tasks)
    found = []
    for sitting in in_sittings(each for each in done if _date_of(each, recurring)):
        weight = sitting_weight(len(sitting))
        for each in sitting:
            due = _date_of(each, recurring)
            late_d = due and days.late_d(due, each.completed)
            if due and late_d is not None:
                found.append(DatedTask(days.day_after(due), each.completed.at, late_d, weight))
    found += [DatedTask(days.day_after(due), None, 0, 1) for due in _open_dates(tasks)]
    return sorted(found, key=_order)


def _recurring(completions: Iterable[TaskCompletion], tasks: TaskList) -> set[str]:
    times: dict[str, int] = {}
    for each in completions:
        if each.task_id is not None:
            times[each.task_id] = times.get(each.task_id, 0) + 1
    by_row = {task.id for task in (*tasks.open, *tasks.set_aside, *tasks.done) if task.recurs and task.id}
    return by_row | {task_id for task_id, times_n in times.items() if times_n >= _RECURS_FROM_N}


def _date_of(each: TaskCompletion, recurring: Collection[str]) -> Moment | None:
    return each.due if each.task_id in recurring else each.first_due


def _open_dates(tasks: TaskList) -> list[Moment]:
    """The first due dates of open tasks, including those that wait for another person; a parent counts by its parts."""
    opened = [task for task in (*tasks.open, *tasks.set_aside) if task.is_open or task.waits]
    dated = [task for task in opened if _first_due(task)]
    return [due for task in without_parents(dated) if (due := _first_due(task))]


def _first_due(task: Task) -> Moment | None:
    return task.due if task.recurs or not task.earlier_dues else task.earlier_dues[0]


def _order(each: DatedTask) -> tuple[datetime, bool, datetime, float, float]:
    return each.passed_at, each.done_at is None, each.done_at or each.passed_at, each.late_d, each.weight


def newest_evidence(dated: Sequence[DatedTask], stamps: Iterable[datetime], moment: datetime) -> datetime | None:
    """The last time up to a moment at which a task was finished, or one that is still open passed its date."""
    done = (each.done_at for each in dated if each.done_at)
    passed = (each.passed_at for each in dated if each.is_open_late(moment))
    return max((at for at in (*stamps, *done, *passed) if at <= moment), default=None)


def lateness_at(
    dated: Iterable[DatedTask], moment: datetime, newest: datetime | None, half_life_d: float | None
) -> Lateness:
    """The lateness known at a time, decayed by age before the newest evidence."""
    days, weights = [], []
    for each in dated:
        if each.done_at is not None and each.done_at <= moment:
            late_d, at, weight = each.late_d, each.done_at, each.weight
        elif each.is_open_late(moment):
            late_d, at, weight = (moment - each.passed_at) // DAY + 1, each.passed_at, 1.0
        else:
            continue
        days.append(clamp(late_d, _LEAST_D, _MOST_D))
        weights.append(weight * decay_weight(((newest or at) - at) / DAY, half_life_d))
    return Lateness(days, weights)
