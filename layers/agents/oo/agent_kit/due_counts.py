"""The one count of tasks due today and of overdue tasks, for every agent that mentions either."""

from datetime import datetime
from typing import NamedTuple, TypeGuard

from oo.agent_kit.user_view import UserView
from oo.snapshot.clock import DAY, Clock, Moment
from oo.snapshot.subtasks import without_parents
from oo.snapshot.tasks import Task, overdue_days

PILE_FROM_N = 5
"""The number of overdue tasks from which one decision about all of them is proposed."""


class DueCounts(NamedTuple):
    """Open tasks that may be named, each in at most one group.

    Tasks in `today` are due later today; those in `earlier_today` at an hour that has passed; those in `overdue` on an
    earlier date. In an unknown zone, `overdue` are those overdue in every zone, and the others are empty. `more_today`
    and `more_overdue` are true if there may be more of them than can be counted. The groups change with the local date,
    and at `changes_at`.
    """

    today: tuple[Task, ...]
    earlier_today: tuple[Task, ...]
    overdue: tuple[Task, ...]
    more_today: bool
    more_overdue: bool
    changes_at: datetime | None

    @property
    def passed_n(self) -> int:
        """Tasks whose date or hour has passed."""
        return len(without_parents([*self.overdue, *self.earlier_today]))

    @property
    def pile(self) -> list[Task]:
        """The overdue tasks that one decision may cover, without recurring tasks."""
        return [task for task in without_parents(self.overdue) if not task.recurs]

    @property
    def is_pile(self) -> bool:
        """Whether enough tasks are overdue to propose one decision about all of them."""
        return len(self.pile) >= PILE_FROM_N


def due_counts(view: UserView) -> DueCounts:
    """The groups of the view's tasks."""
    clock, tasks = view.clock, view.tasks
    by_group: dict[str | None, list[Task]] = {}
    for task in tasks.open:
        by_group.setdefault(_group(task, clock), []).append(task)
    beside = (*tasks.set_aside, *tasks.unclear)
    is_unread = any(task.due_unknown for task in (*tasks.open, *beside))
    # Without a zone, some are past their date in some zones only.
    uncertain = () if clock.zone_known else by_group.get(None, ())
    today = tuple(by_group.get("today", ()))
    turning = today if clock.zone_known else (*tasks.open, *beside)
    return DueCounts(
        today,
        tuple(by_group.get("earlier_today", ())),
        tuple(by_group.get("overdue", ())),
        more_today=tasks.may_be_due_on(clock.today, clock.zone),
        more_overdue=is_unread or any(_may_be_overdue(task, clock) for task in (*beside, *uncertain)),
        changes_at=min((_turns_at(task.due, clock) for task in turning if _is_instant(task.due)), default=None),
    )


def at_least(number: int, *, may_be_more: bool) -> str:
    """The number in digits, as a minimum if there may be more."""
    return f"at least {number}" if may_be_more else str(number)


def _group(task: Task, clock: Clock) -> str | None:
    if overdue_days(task, clock):
        return "overdue"
    if task.due is None or not clock.zone_known or clock.days_since(task.due) != 0:
        return None
    return "today" if task.due.date_only or clock.now < task.due.at else "earlier_today"


def _is_instant(due: Moment | None) -> TypeGuard[Moment]:
    return due is not None and not due.date_only


def _turns_at(due: Moment, clock: Clock) -> datetime:
    """The next time of an instant's hour: today or, in an unknown zone, on any day from its own on."""
    return due.at if clock.now <= due.at else due.at + ((clock.now - due.at) // DAY + 1) * DAY


def _may_be_overdue(task: Task, clock: Clock) -> bool:
    return task.due is not None and max(clock.days_since_everywhere(task.due)) > 0
