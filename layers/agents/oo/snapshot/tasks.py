"""The tasks of one snapshot, for every agent and fact."""

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from functools import partial
from typing import Any, NamedTuple

from oo.snapshot.clock import Clock, Moment

NEUTRAL_IMPORTANCE = 0.5
# A task that is overdue for longer needs a decision rather than a reminder.
LONGEST_OVERDUE_D = 21

GONE, DONE, OPEN, IN_PROGRESS, WAITING, SET_ASIDE = "gone", "done", "open", "in progress", "waiting", "set aside"
"""The groups of status words."""

STILL_OPEN = (OPEN, IN_PROGRESS)
"""The states of tasks that may be named as something to do."""

CODE = "code"
"""The status of a row with an unreadable status."""


class Task(NamedTuple):
    """One task after parsing.

    A field that is None with its `…_unknown` False is absent. `key` identifies the task within its list and is never
    displayed; `id` is the caller's. `title` is clean and may be empty. `importance` is in [0, 1]. `status` is a group
    of the status words, or `code` for an unreadable status. `parent` is the key of the parent task. `earlier_dues` are
    the previous due dates, oldest first. `stated_importance` is that of the priority alone; `importance` ignores a
    priority that all tasks share.
    """

    key: str
    id: str | None
    title: str
    whole_title: str
    status: str
    status_known: bool
    due: Moment | None
    due_unknown: bool
    created: Moment | None
    completed: Moment | None
    estimate_min: float | None
    estimate_unknown: bool
    importance: float
    priority_known: bool
    priority_unknown: bool
    tags: tuple[str, ...]
    project_id: str | None
    parent: str | None
    recurs: bool
    earlier_dues: tuple[Moment, ...] = ()
    stated_importance: float | None = None

    @property
    def label(self) -> str:
        """The caller's id, else the task's position in the list, for people who look for it there."""
        return self.id if self.id is not None else f"#{self.key[1:]}"

    @property
    def is_open(self) -> bool:
        """Whether the task may be named as something to do."""
        return self.status in STILL_OPEN

    @property
    def is_done(self) -> bool:
        """Whether the task is finished."""
        return self.status == DONE

    @property
    def in_progress(self) -> bool:
        """Whether the task counts as work in progress."""
        return self.status == IN_PROGRESS

    @property
    def waits(self) -> bool:
        """Whether the task is open and waits for another person."""
        return self.status == WAITING

    @property
    def may_be_let_go(self) -> bool:
        """Whether a tip may propose to drop it: its priority is neither high nor urgent, nor unreadable."""
        return not self.priority_unknown and (self.stated_importance or 0) <= NEUTRAL_IMPORTANCE

    @property
    def moved_n(self) -> int:
        """The number of changes or removals of the due date; 0 for a recurring task, whose date moves by itself."""
        if self.recurs or not self.earlier_dues:
            return 0
        dates = [*self.earlier_dues[1:], self.due]
        return sum(not one.same_time(other) for one, other in zip(self.earlier_dues, dates, strict=True))


new_task: Callable[[tuple[Any, ...]], Task] = partial(tuple.__new__, Task)
"""A task out of its fields in their order, as `new_moment` makes a moment."""


class TaskList(NamedTuple):
    """Open tasks that may be named, open ones that are set aside, and done ones; tasks that are gone are in no group.

    Tasks that wait for another person are set aside. `unclear` have an unreadable status: they are never named, and
    count neither as open nor as done. `changes_at` is the time at which a completion dated in the future begins to
    count, None without one.
    """

    open: tuple[Task, ...] = ()
    done: tuple[Task, ...] = ()
    set_aside: tuple[Task, ...] = ()
    unclear: tuple[Task, ...] = ()
    given_n: int = 0
    uninformative_priority: bool = False
    changes_at: datetime | None = None

    def may_be_due_on(self, day: date, zone: tzinfo) -> bool:
        """Whether more tasks may be due on a day than the open tasks show.

        An open task's due date is unknown, or a task that is set aside or of an unclear status has that date.
        """
        beside = (*self.set_aside, *self.unclear)
        return any(task.due_unknown for task in (*self.open, *beside)) or any(
            task.due is not None and task.due.day(zone) == day for task in beside
        )

    @property
    def has_open_row(self) -> bool:
        """Whether anything in the list may be open, named or not."""
        return bool(self.open or self.set_aside or self.unclear)

    def summary(self, not_objects: int = 0) -> dict[str, int]:
        """Counts for the report of reading; `not_objects` rows were left out before the list was read."""
        opened = (*self.open, *self.set_aside)
        return {
            "given": self.given_n + not_objects,
            "open": len(opened),
            "done": len(self.done),
            "untitled": sum(not task.title for task in opened),
            "unreadable_due": sum(task.due_unknown for task in opened),
        }


def age_days(task: Task, clock: Clock) -> int | None:
    """Local calendar days since the task was created, 0 for a date in the future; None if unknown."""
    return None if task.created is None else max(0, clock.days_since(task.created))


def told_age_days(task: Task, clock: Clock) -> int | None:
    """The days for which a task has been open, for use in a statement; None for a recurring task."""
    return None if task.created is None or task.recurs else clock.days_told_since(task.created)


def is_overdue(due: Moment, clock: Clock) -> bool:
    """Whether a due date is past, as `overdue_days` counts it; in an unknown zone, whether it is past in every zone."""
    if clock.zone_known or not due.date_only:
        return clock.now > due.at
    return all(each.now > due.in_zone(each.zone).at for each in clock.extremes())


def overdue_days(task: Task, clock: Clock) -> int | None:
    """Local calendar days past the due date, 0 on the day itself; None while the task is not past due.

    In an unknown zone, the days that have passed in every zone.
    """
    if task.due is None:
        return None
    if clock.zone_known:
        return _days_past(task.due, clock)
    if not task.due.date_only:
        return None if clock.now <= task.due.at else min(clock.days_since_everywhere(task.due))
    days = [_days_past(task.due.in_zone(each.zone), each) for each in clock.extremes()]
    return min((day for day in days if day is not None), default=None) if None not in days else None


def _days_past(due: Moment, clock: Clock) -> int | None:
    return None if clock.now <= due.at else max(0, clock.days_since(due))


def done_within(tasks: TaskList, clock: Clock, days: int) -> list[Task]:
    """Done tasks completed today or on one of the `days - 1` local dates before."""
    return [task for task in tasks.done if task.completed and not clock.is_days_ago(task.completed, days)]


def tie_order(task: Task) -> tuple[float, float, str, str]:
    """The order of equals: by due date, then age, then title, then key; unknown values last.

    The title precedes the id, so that other ids do not change the choice.
    """
    return (
        task.due.at.timestamp() if task.due else float("inf"),
        task.created.at.timestamp() if task.created else float("inf"),
        task.title,
        task.key,
    )
