"""The tasks a prompt may speak of: read once, found by the title that a snippet quotes, put in order."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from oo.contract.leniency import NO_NOTES, BodyNotes
from oo.contract.limits import LATEST_YEAR
from oo.snapshot.clock import Clock, read_clock
from oo.snapshot.report import reading
from oo.snapshot.tasks import Task, read_id, read_tasks
from oo.snapshot.titles import as_title
from oo.untrusted_text.cleaning import READ_CHARACTERS, fold
from oo.untrusted_text.crisis import may_tell_of_crisis

_ELLIPSIS = "…"
_NO_CLOCK = read_clock(datetime(LATEST_YEAR, 1, 1, tzinfo=UTC))
"""Without a clock no completion counts as one of the future."""


@dataclass(frozen=True)
class OpenTasks:
    """One user's open tasks as the caller sent them; `clock` is None where the caller gave no moment.

    `given` says whether there were tasks at all, done ones included. `ranks_by_priority` is False where one priority
    on every task says nothing about any of them.
    """

    tasks: tuple[Task, ...]
    clock: Clock | None
    given: bool
    ranks_by_priority: bool
    _whole_titles: Mapping[str, object]
    notes: BodyNotes = NO_NOTES

    @property
    def reading(self) -> dict[str, object] | None:
        """The report of what could not be read in the tasks and in the body they came in; None for nothing."""
        return reading((), notes=self.notes)

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
        """The task with that title, which is clean; one that ends with an ellipsis may be cut short."""
        if quoted not in self._named:
            self._named[quoted] = self._found(quoted)
        return self._named[quoted]

    def _found(self, quoted: str) -> Task | None:
        title = as_title(quoted).casefold()
        if title in self._by_title or not title.endswith(_ELLIPSIS):
            return self._by_title.get(title)
        beginning = title.removesuffix(_ELLIPSIS).rstrip()
        nearest = self._titles[bisect_left(self._titles, beginning) :][:1]
        found = beginning and nearest and nearest[0].startswith(beginning)
        return self._by_title[nearest[0]] if found else None

    def is_withheld(self, task: Task) -> bool:
        """Whether the task's title, all of it, may tell of self-harm."""
        if task.id not in self._withheld:
            title = self._whole_titles.get(task.id)
            withheld = isinstance(title, str) and may_tell_of_crisis(fold(title[:READ_CHARACTERS]))
            self._withheld[task.id] = withheld
        return self._withheld[task.id]

    def ranked(self) -> list[Task]:
        """All of them: dated ones by date, then the most important, then the oldest, then in the caller's order."""
        return sorted(self.tasks, key=_rank)


def read_open_tasks(rows: Sequence[object], now: datetime | None, notes: BodyNotes = NO_NOTES) -> OpenTasks:
    """The open tasks among the caller's rows; local days are those of the zone that `now` carries.

    `notes` are those of the body that the rows came in.
    """
    clock = None if now is None else read_clock(now)
    tasks = read_tasks(rows, clock or _NO_CLOCK)
    return OpenTasks(
        tasks=tasks.open,
        clock=clock,
        given=bool(rows),
        ranks_by_priority=not tasks.uninformative_priority,
        _whole_titles={
            read_id(row.get("id")) or f"#{index}": row.get("title")
            for index, row in enumerate(rows)
            if isinstance(row, Mapping)
        },
        notes=notes,
    )


def ids(tasks: Iterable[Task]) -> list[str]:
    """The tasks' ids in alphabetical order."""
    return sorted(task.id for task in tasks)


def _rank(task: Task) -> tuple[float, float, float]:
    due = task.due.at.timestamp() if task.due else float("inf")
    created = task.created.at.timestamp() if task.created else float("inf")
    return due, -task.importance, created
