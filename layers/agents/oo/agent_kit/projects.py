"""The projects of tasks, counted over all known tasks and completions, each by its id."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TypeVar

from oo.agent_kit.user_view import UserView, within
from oo.frozen import frozen
from oo.snapshot.clock import Clock, Moment
from oo.snapshot.completions import TaskCompletion
from oo.snapshot.subtasks import without_parents
from oo.snapshot.tasks import Task

LEAST_KNOWN_N = 3
"""A list of fewer known tasks is none."""

_GAIN_D = 28

_Listed = TypeVar("_Listed", Task, TaskCompletion)


@frozen
class Project:
    """A project with an open task that may be named; cancelled tasks are not included.

    `beside` are open tasks that are set aside. `finished` holds the completions of tasks that are no longer open, in
    order of time. `is_clear` is true if the status of each of its tasks can be read.
    """

    id: str
    open: Sequence[Task]
    beside: Sequence[Task]
    done: Sequence[Task]
    finished: Sequence[TaskCompletion]
    is_clear: bool

    @cached_property
    def open_n(self) -> int:
        """Its open tasks; a parent is not counted in addition to its open parts."""
        return len(without_parents([*self.open, *self.beside]))

    @cached_property
    def done_n(self) -> int:
        """Its finished tasks, each once; a parent is not counted in addition to its parts."""
        parents = {task.parent for task in (*self.open, *self.beside, *self.done)}
        ids = {each.task_id for each in self.finished if each.task_id} | {task.id for task in self.done if task.id}
        nameless_n = sum(each.task_id is None for each in self.finished)
        # Done rows without an id are among the completions where their time is known.
        untimed_n = sum(task.id is None and task.completed is None for task in self.done)
        return len(ids - parents) + nameless_n + untimed_n

    @property
    def total_n(self) -> int:
        """All its tasks."""
        return self.open_n + self.done_n

    @property
    def progress(self) -> float:
        """The finished share of its tasks."""
        return self.done_n / self.total_n

    @property
    def quotable(self) -> list[Task]:
        """The open tasks that can be named."""
        return [task for task in self.open if task.title]

    def shrinks(self, clock: Clock) -> bool:
        """Whether it lost more tasks than it gained within 28 days, counted from its first finished task.

        Finished tasks whose row is not in the request are taken to be new in the same proportion as the others.
        """
        lost = within(self.finished, clock, _GAIN_D)
        lost_n, since_d = len(lost), _GAIN_D - 1
        if lost_n == len(self.finished):
            since_d = max((clock.days_since(each.completed) for each in lost), default=0)
        sent = [task for task in self.done if task.completed and clock.days_since(task.completed) <= since_d]
        known = [task.created for task in sent if task.created]
        new_share = _new_n(known, since_d, clock) / len(known) if known else 0.0
        opened = [task.created for task in (*self.open, *self.beside) if task.created]
        return _new_n(opened, since_d, clock) + new_share * lost_n < max(lost_n, 1)


def projects(view: UserView) -> list[Project]:
    """The user's projects with at least three known tasks and an open one that may be named."""
    tasks = view.tasks
    still_open = {task.id for task in (*tasks.open, *tasks.set_aside, *tasks.unclear) if task.id}
    beside, done = _by_project(tasks.set_aside), _by_project(tasks.done)
    finished = _by_project(each for each in view.completions if each.task_id not in still_open)
    unclear = {task.project_id for task in tasks.unclear}
    found = []
    for project_id, opened in _by_project(tasks.open).items():
        rows = opened, beside.get(project_id, ()), done.get(project_id, ()), finished.get(project_id, ())
        # Rows are no fewer than tasks, and counting these takes longer.
        if sum(map(len, rows)) >= LEAST_KNOWN_N:
            found.append(Project(project_id, *rows, is_clear=project_id not in unclear))
    return [each for each in found if each.total_n >= LEAST_KNOWN_N]


def _by_project(rows: Iterable[_Listed]) -> dict[str, Sequence[_Listed]]:
    found = defaultdict[str, list[_Listed]](list)
    for row in rows:
        if row.project_id is not None:
            found[row.project_id].append(row)
    return dict(found)


def _new_n(created: Iterable[Moment], since_d: int, clock: Clock) -> int:
    return sum(clock.days_since(each) <= since_d for each in created)
