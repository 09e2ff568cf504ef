"""Selection and order of the dated tasks, and the times at which they change."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from oo.agent_kit.rotation import NEAR_SHARE, Scored, near_best
from oo.agent_kit.user_view import UserView
from oo.agents.deadline_pressure.pressure import Pressure, first_change
from oo.frozen import frozen
from oo.snapshot.clock import Moment
from oo.snapshot.tasks import LONGEST_OVERDUE_D, Task, overdue_days

LEAST_PRESSURE = 0.35
_WORK_H_PER_DAY = 4
_DAY_S = 86_400


@frozen
class Dated:
    """A dated open task that could be named.

    `enters_s` is the time until it enters the horizon, 0 if it is inside. `tight_s` is the time until its estimate
    exceeds the time left, 0 or less if it already does. `days` is the number of local days until its date, negative if
    past; in an unknown zone, the smallest of all zones.
    """

    task: Task
    due: Moment
    pressure: Pressure
    enters_s: float
    tight_s: float
    days: int

    @property
    def presses(self) -> bool:
        """Whether the task is inside the horizon and its pressure is high enough to name it."""
        return self.enters_s <= 0 and self.pressure.at() >= LEAST_PRESSURE

    @property
    def presses_from_s(self) -> float:
        """Seconds until `presses` becomes true; 0 if it is."""
        return max(self.enters_s, self.pressure.reaches_at(LEAST_PRESSURE))


def candidates(view: UserView, dated: Sequence[Task]) -> Iterator[Dated]:
    """Dated tasks that are not long overdue, including those that will enter the horizon later."""
    lead_s = view.preferences.number("lead_days") * _DAY_S
    horizon_s = view.preferences.number("horizon_days") * _DAY_S
    for task in dated:
        overdue_d = overdue_days(task, view.clock)
        if task.due is None or (overdue_d or 0) > LONGEST_OVERDUE_D:
            continue
        days = -max(view.clock.days_since_everywhere(task.due))
        weight = 0.4 + 0.6 * task.importance
        if overdue_d is not None:
            yield Dated(task, task.due, Pressure(weight * (1 + 0.25 * min(1, overdue_d / 7)), 0), 0, 0, days)
            continue
        slack_s = (task.due.at - view.clock.now).total_seconds()
        work_s = (task.estimate_min or 0) * 60 * 24 / _WORK_H_PER_DAY
        # The horizon itself is outside, because eligibility counts tasks strictly before 14 days.
        enters_s = slack_s - horizon_s + 1 if slack_s >= horizon_s else 0
        gap_s = max(0, slack_s - round(work_s + lead_s))
        yield Dated(task, task.due, Pressure(weight, gap_s), enters_s, slack_s - work_s, days)


def first_ones(dated: Sequence[Dated], *, is_pile: bool) -> tuple[list[Dated], float | None]:
    """The candidates that are compared by pressure, and the seconds until this set changes.

    Tasks due today come before tasks due later, unless the estimate of a later one exceeds its time left. With a pile
    of overdue tasks, tasks due from today on come first.
    """
    kept = [each for each in dated if each.enters_s <= 0]
    changes_s = []
    if is_pile:
        ahead = [each for each in dated if each.days >= 0]
        if any(each.presses for each in ahead):
            kept = [each for each in kept if each.days >= 0]
        else:
            changes_s += [each.presses_from_s for each in ahead]
    of_today = [each for each in dated if each.days == 0]
    if any(each.presses for each in of_today):
        changes_s += [each.tight_s for each in kept if each.days > 0 and each.tight_s > 0]
        kept = [each for each in kept if each.days <= 0 or each.tight_s <= 0]
    else:
        changes_s += [each.presses_from_s for each in of_today]
    return kept, min(changes_s, default=None)


def near_equals(kept: Sequence[Dated]) -> list[Dated]:
    """The tasks with nearly the highest pressure, highest first."""
    by_key = {each.task.key: each for each in kept}
    return [by_key[each.task.key] for each in near_best([Scored(one.task, one.pressure.at()) for one in kept])]


def order_change(near: Sequence[Dated], others: Sequence[Dated], end_s: float) -> float | None:
    """Seconds until these tasks change: two swap places, one drops out, or another one joins."""
    best = near[0].pressure
    swaps = [first_change(one.pressure, other.pressure, 1, end_s=end_s) for one, other in pairwise(near)]
    moves = [_membership_change(each, best, end_s) for each in (*near, *others) if each.enters_s < end_s]
    return min((change for change in swaps + moves if change is not None), default=None)


def _membership_change(each: Dated, best: Pressure, end_s: float) -> float | None:
    if each.enters_s > 0 and each.pressure.at(each.enters_s) >= NEAR_SHARE * best.at(each.enters_s):
        return each.enters_s
    return first_change(each.pressure, best, NEAR_SHARE, start_s=each.enters_s, end_s=end_s)
