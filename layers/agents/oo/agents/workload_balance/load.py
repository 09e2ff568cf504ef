"""Today's tasks and the minutes they take."""

from collections.abc import Sequence
from statistics import median

from oo.agent_kit.due_counts import DueCounts
from oo.agent_kit.user_view import UserView
from oo.agents.workload_balance.working_day import Capacity
from oo.frozen import frozen
from oo.snapshot.subtasks import total_minutes, without_parents
from oo.snapshot.tasks import Task

_USUAL_ESTIMATE_MIN = 30.0
_LEAST_KNOWN_N = 3


@frozen
class Load:
    """Tasks and their minutes.

    Tasks without a known duration count `fill_min` each; `known_p` is the share of tasks with one. `is_least` is true
    if there may be more tasks.
    """

    tasks: Sequence[Task]
    minutes: float
    known_p: float
    fill_min: float
    is_least: bool


@frozen
class Today:
    """One user's day: the counts, the planned minutes, and the capacity if it is known."""

    view: UserView
    counts: DueCounts
    today_n: int
    load: Load
    capacity: Capacity | None


def lined_up_tasks(view: UserView, counts: DueCounts) -> list[Task]:
    """Tasks due today and tasks in progress without a date; none if no task is due today."""
    if not counts.today:
        return []
    started = [task for task in view.tasks.open if task.in_progress and task.due is None and not task.due_unknown]
    return [*counts.today, *started]


def read_load(view: UserView, tasks: Sequence[Task], *, is_least: bool) -> Load:
    """The load of some open tasks, including their open subtasks, which may have dates of their own."""
    fill_min = _fill_min(view)
    if not tasks:
        return Load((), 0.0, 0.0, fill_min, is_least)
    inside = _in_or_below(view.tasks.open, {task.key for task in tasks})
    together = [task for task in view.tasks.open if task.key in inside]
    filled = _without_known_time(tasks, together)
    minutes = total_minutes(together, lambda task: fill_min if task.key in filled else task.estimate_min or 0.0)
    known_p = max(0.0, 1 - len(filled) / len(without_parents(tasks)))
    return Load(tasks, minutes, known_p, fill_min, is_least)


def _fill_min(view: UserView) -> float:
    """Minutes for a task without a known duration: the median of the user's estimates, else 30."""
    known = [task.estimate_min for task in (*view.tasks.open, *view.tasks.done) if task.estimate_min]
    return median(known) if len(known) >= _LEAST_KNOWN_N else _USUAL_ESTIMATE_MIN


def _without_known_time(tasks: Sequence[Task], together: Sequence[Task]) -> set[str]:
    """The tasks whose duration is unknown: no estimate of their own, of a parent or of a part.

    A parent of another such task is left out, because its part represents it.
    """
    estimated = {task.key for task in together if task.estimate_min is not None}
    above, below = _in_or_below(together, estimated), _in_or_above(together, estimated)
    parents = {task.parent for task in tasks}
    return {task.key for task in tasks} - above - below - parents


def _in_or_below(tasks: Sequence[Task], keys: set[str]) -> set[str]:
    """The keys and those of all their subtasks. Linear: each task is visited once."""
    by_key = {task.key: task for task in tasks}
    found = dict.fromkeys(keys, True)
    for task in tasks:
        path = []
        key: str | None = task.key
        while key in by_key and key not in found:
            path.append(key)
            key = by_key[key].parent
        found |= dict.fromkeys(path, found.get(key or "", False))
    return {key for key, is_inside in found.items() if is_inside}


def _in_or_above(tasks: Sequence[Task], keys: set[str]) -> set[str]:
    """The keys and those of all their parents. Linear: each task is visited once."""
    by_key = {task.key: task for task in tasks}
    found: set[str] = set()
    for start in keys:
        key: str | None = start
        while key in by_key and key not in found:
            found.add(key)
            key = by_key[key].parent
    return found
