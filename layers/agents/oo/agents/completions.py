"""What a user finished: the completions sent along and the done tasks, counted once."""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import NamedTuple

from oo.agents.clock import Moment, read_moment, read_past_moment
from oo.agents.tasks import Task, read_id


class Completion(NamedTuple):
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


def read_completions(rows: Iterable[object], assume: tzinfo, latest: datetime) -> list[Completion]:
    """The readable completions up to `latest`, exact duplicates once; stamps without a zone are read in `assume`."""
    found: dict[Completion, None] = {}
    for row in rows:
        if not isinstance(row, Mapping):
            continue
        completed = read_past_moment(row, "completed_at", assume, latest)
        if completed:
            due = read_moment(row.get("due_at"), assume, end_of_date=True)
            found[Completion(read_id(row.get("project_id")), completed, due)] = None
    return list(found)


def with_done_tasks(completions: Iterable[Completion], done: Iterable[Task]) -> list[Completion]:
    """The completions and those of the done tasks; what both lists hold counts once."""
    found = dict.fromkeys(completions)
    for task in done:
        if task.completed:
            found[Completion(task.project_id, task.completed, task.due)] = None
    return list(found)
