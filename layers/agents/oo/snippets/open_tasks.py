"""The tasks that a prompt may name: parsed once, found by the title in a snippet, and ordered."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import NamedTuple

from oo.contract.leniency import NO_NOTES, BodyNotes
from oo.contract.limits import LATEST_YEAR
from oo.frozen import frozen
from oo.snapshot.clock import Clock, clock_at
from oo.snapshot.tasks import Task, overdue_days
from oo.snapshot.titles import displayed, read_title
from oo.snapshot.user_rows import UserRows, read_user_rows
from oo.snapshot.zones import UserZone
from oo.untrusted_text.cleaning import READ_CHARACTERS, fold
from oo.untrusted_text.crisis import may_tell_of_crisis

_ELLIPSIS = "…"
_NO_ZONE = UserZone(None)
_NO_CLOCK = clock_at(datetime(LATEST_YEAR, 1, 1, tzinfo=UTC), UTC)
"""Without a clock no completion counts as one of the future."""


@frozen
class OpenTasks:
    """One user's open tasks as sent; `clock` is None if the caller sent no time.

    `rows` are all parsed rows, including done tasks and those that are never named.
    """

    rows: UserRows
    clock: Clock | None
    zone: UserZone
    notes: BodyNotes

    @property
    def reading(self) -> dict[str, object] | None:
        """The report of the unreadable values of the tasks and of their body; None if there are none."""
        return self.rows.report(self.zone, self.notes)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The open tasks that may be named."""
        return self.rows.task_list.open

    @property
    def ranks_by_priority(self) -> bool:
        """Whether priorities distinguish tasks: one priority on every task does not."""
        return not self.rows.task_list.uninformative_priority

    @cached_property
    def tells_titles(self) -> bool:
        """Whether a title without an open task is a ghost: not if there are no tasks, or all are untitled."""
        tasks = self.rows.task_list
        opened = (*tasks.open, *tasks.set_aside, *tasks.unclear)
        return tasks.given_n > 0 and (not opened or any(task.title for task in opened))

    @cached_property
    def overdue_n(self) -> int:
        """The number of overdue tasks; 0 without a clock."""
        return sum(bool(overdue_days(task, self.clock)) for task in self.tasks) if self.clock else 0

    @cached_property
    def due_today(self) -> frozenset[str] | None:
        """The keys of the tasks due today; None if unknown."""
        clock = self.clock
        if clock is None or not clock.zone_known or not self.rows.task_list.given_n:
            return None
        dated = ((task.key, task.due) for task in self.tasks)
        return frozenset(key for key, due in dated if due and due.day(clock.zone) == clock.today)

    @cached_property
    def _titles(self) -> "_Titles":
        return _titles_of(self.tasks)

    @cached_property
    def _waiting_titles(self) -> "_Titles":
        return _titles_of(task for task in self.rows.task_list.set_aside if task.waits)

    @cached_property
    def _named(self) -> dict[str, Task | None]:
        """Cache of look-ups: one request may quote the same titles a hundred thousand times."""
        return {}

    @cached_property
    def _withheld(self) -> dict[str, bool]:
        return {}

    def named(self, quoted: str) -> Task | None:
        """The task with that title, which is clean; one that ends with an ellipsis may be truncated.

        A title quoted with its markup or addresses is normalised like the tasks' titles. If no task that may be named
        has the title, it is that of an open task that waits for another person, which a note may mention.
        """
        if quoted not in self._named:
            self._named[quoted] = self._titles.find_quoted(quoted) or self._waiting_titles.find_quoted(quoted)
        return self._named[quoted]

    def is_withheld(self, task: Task) -> bool:
        """Whether the task's whole title may mention self-harm."""
        if task.key not in self._withheld:
            told = [task.whole_title[:READ_CHARACTERS]]
            if task.whole_title != task.title:
                told.append(displayed(task.whole_title))
            self._withheld[task.key] = any(may_tell_of_crisis(fold(each)) for each in told)
        return self._withheld[task.key]

    def ranked(self) -> list[Task]:
        """All of them: dated ones by date, then by importance, then by age, then by title."""
        return sorted(self.tasks, key=_rank)


class _Titles(NamedTuple):
    """Some tasks by their case-folded titles, also in alphabetical order."""

    tasks: Mapping[str, Task]
    ordered: Sequence[str]

    def find_quoted(self, quoted: str) -> Task | None:
        """The task with a title as quoted, else normalised like the titles of tasks."""
        return self._find(quoted.casefold()) or self._find(read_title(quoted).casefold())

    def _find(self, title: str) -> Task | None:
        if title in self.tasks or not title.endswith(_ELLIPSIS):
            return self.tasks.get(title)
        beginning = title.removesuffix(_ELLIPSIS).rstrip()
        nearest = self.ordered[bisect_left(self.ordered, beginning) :][:1]
        found = beginning and nearest and nearest[0].startswith(beginning)
        return self.tasks[nearest[0]] if found else None


def _titles_of(tasks: Iterable[Task]) -> _Titles:
    """The tasks by title; of two with the same title the first counts."""
    by_title: dict[str, Task] = {}
    for task in tasks:
        if task.title:
            by_title.setdefault(task.title.casefold(), task)
    return _Titles(by_title, sorted(by_title))


def read_open_tasks(
    rows: Sequence[object],
    clock: Clock | None,
    *,
    smaller_is_higher: bool = False,
    zone: UserZone = _NO_ZONE,
    notes: BodyNotes = NO_NOTES,
) -> OpenTasks:
    """The open tasks among the caller's rows, on the user's clock.

    `zone` is the source of the clock's zone, `notes` are those of the rows' body.
    """
    found = read_user_rows(rows, (), clock or _NO_CLOCK, smaller_is_higher=smaller_is_higher)
    return OpenTasks(found, clock, zone, notes)


def _rank(task: Task) -> tuple[float, float, float, str]:
    due = task.due.at.timestamp() if task.due else float("inf")
    created = task.created.at.timestamp() if task.created else float("inf")
    return due, -task.importance, created, task.title
