"""The tasks a prompt may speak of: read once, found by the title that a snippet quotes, put in order."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from oo.contract.leniency import NO_NOTES, BodyNotes
from oo.contract.limits import LATEST_YEAR
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


@dataclass(frozen=True)
class OpenTasks:
    """One user's open tasks as the caller sent them; `clock` is None where the caller gave no moment.

    `rows` are all that were read: done tasks and those that are never named, too.
    """

    rows: UserRows
    clock: Clock | None
    zone: UserZone
    notes: BodyNotes

    @property
    def reading(self) -> dict[str, object] | None:
        """The report of what could not be read in the tasks and in the body they came in; None for nothing."""
        return self.rows.report(self.zone, self.notes)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The open tasks that may be named."""
        return self.rows.task_list.open

    @property
    def ranks_by_priority(self) -> bool:
        """Whether priorities tell tasks apart: one priority on every task says nothing about any of them."""
        return not self.rows.task_list.uninformative_priority

    @cached_property
    def tells_titles(self) -> bool:
        """Whether a title that no open task has is nobody's: not where there are no tasks, or all are untitled."""
        tasks = self.rows.task_list
        opened = (*tasks.open, *tasks.set_aside, *tasks.unclear)
        return tasks.given_n > 0 and (not opened or any(task.title for task in opened))

    @cached_property
    def overdue_n(self) -> int:
        """How many of them are past their date."""
        return sum(bool(overdue_days(task, self.clock)) for task in self.tasks) if self.clock else 0

    @cached_property
    def due_today(self) -> frozenset[str] | None:
        """The keys of those that are due today; None where that is not known."""
        clock = self.clock
        if clock is None or not clock.zone_known or not self.rows.task_list.given_n:
            return None
        dated = ((task.key, task.due) for task in self.tasks)
        return frozenset(key for key, due in dated if due and due.day(clock.zone) == clock.today)

    @cached_property
    def _by_title(self) -> Mapping[str, Task]:
        return {task.title.casefold(): task for task in reversed(self.tasks) if task.title}

    @cached_property
    def _titles(self) -> list[str]:
        return sorted(self._by_title)

    @cached_property
    def _named(self) -> dict[str, Task | None]:
        """Earlier look-ups: one request may quote the same titles a hundred thousand times."""
        return {}

    @cached_property
    def _withheld(self) -> dict[str, bool]:
        return {}

    def named(self, quoted: str) -> Task | None:
        """The task with that title, which is clean; one that ends with an ellipsis may be cut short.

        A title that is quoted with its markup or addresses is read as the tasks' titles are.
        """
        if quoted not in self._named:
            self._named[quoted] = self._found(quoted.casefold()) or self._found(read_title(quoted).casefold())
        return self._named[quoted]

    def _found(self, title: str) -> Task | None:
        if title in self._by_title or not title.endswith(_ELLIPSIS):
            return self._by_title.get(title)
        beginning = title.removesuffix(_ELLIPSIS).rstrip()
        nearest = self._titles[bisect_left(self._titles, beginning) :][:1]
        found = beginning and nearest and nearest[0].startswith(beginning)
        return self._by_title[nearest[0]] if found else None

    def is_withheld(self, task: Task) -> bool:
        """Whether the task's title, all of it, may tell of self-harm."""
        if task.key not in self._withheld:
            told = [task.whole_title[:READ_CHARACTERS]]
            if task.whole_title != task.title:
                told.append(displayed(task.whole_title))
            self._withheld[task.key] = any(may_tell_of_crisis(fold(each)) for each in told)
        return self._withheld[task.key]

    def ranked(self) -> list[Task]:
        """All of them: dated ones by date, then the most important, then the oldest, then by title."""
        return sorted(self.tasks, key=_rank)


def read_open_tasks(
    rows: Sequence[object],
    clock: Clock | None,
    *,
    smaller_is_higher: bool = False,
    zone: UserZone = _NO_ZONE,
    notes: BodyNotes = NO_NOTES,
) -> OpenTasks:
    """The open tasks among the caller's rows, on the user's clock.

    `zone` says where the clock's zone is from, `notes` are those of the body that the rows came in.
    """
    found = read_user_rows(rows, (), clock or _NO_CLOCK, smaller_is_higher=smaller_is_higher)
    return OpenTasks(found, clock, zone, notes)


def _rank(task: Task) -> tuple[float, float, float, str]:
    due = task.due.at.timestamp() if task.due else float("inf")
    created = task.created.at.timestamp() if task.created else float("inf")
    return due, -task.importance, created, task.title
