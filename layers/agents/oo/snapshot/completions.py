"""A user's finished tasks: the completions in the request and the done tasks, each counted once."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache, partial
from itertools import pairwise
from operator import attrgetter
from typing import Any, NamedTuple

from oo.contract.vocabulary import COMPLETION_FIELDS
from oo.snapshot.clock import FUTURE_TOLERANCE, Clock, Moment
from oo.snapshot.report import ListReport
from oo.snapshot.rows import Readers, RowFields, Zone, read_rows, readers_by_key
from oo.snapshot.stamps import date_readers
from oo.snapshot.task_fields import id_state
from oo.snapshot.tasks import Task, TaskList

# Tasks finished further apart than this belong to two sittings.
SITTING = timedelta(hours=4)
SAME_TIME = timedelta(seconds=2)
"""Two systems write down one completion at times that are not further apart."""

_AROUND_A_DAY = timedelta(hours=3), timedelta(hours=27)
"""From its first second on, with the hours that a change of the clock may add."""

_DAY_S = 86_400
_RECURS_FROM = 2
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LATEST = datetime.max.replace(tzinfo=UTC)
_FIELDS = RowFields(COMPLETION_FIELDS, flags=("timezone",))


@lru_cache(maxsize=32)
def _readers(zone: tzinfo | None, of_times: Zone) -> Readers:
    ids = readers_by_key(COMPLETION_FIELDS, {"task_id": id_state, "project_id": id_state})
    return {**ids, **date_readers(COMPLETION_FIELDS, zone, of_times)}


class TaskCompletion(NamedTuple):
    """One finished task. A bare due date is that day's last second."""

    project_id: str | None
    completed: Moment
    due: Moment | None
    task_id: str | None = None
    earlier_dues: tuple[Moment, ...] = ()

    @property
    def first_due(self) -> Moment | None:
        """The first due date, as far as it is known."""
        return self.earlier_dues[0] if self.earlier_dues else self.due


def read_task_completions(rows: Sequence[object], clock: Clock, report: ListReport) -> list[TaskCompletion]:
    """The completions that have a time, including those in the future; the report counts the others."""
    zone = clock.zone if clock.zone_known else None
    new: Callable[[tuple[Any, ...]], TaskCompletion] = partial(tuple.__new__, TaskCompletion)  # twice as fast
    read = read_rows(rows, _FIELDS, lambda of_times: _readers(zone, of_times), report)
    values = [values for _, values, _, _, _ in read]
    found = [
        new((project_id, completed, due, task_id, earlier_dues or ()))
        for task_id, completed, due, project_id, earlier_dues in values
        if completed is not None
    ]
    report.dropped("no_time", len(values) - len(found))
    return found


def with_recurring(tasks: TaskList, completions: Sequence[TaskCompletion], clock: Clock) -> TaskList:
    """The tasks. An open one with two completions or more recurs, with any row of its own.

    `changes_at` includes the time at which a completion of an open task that is dated in the future begins to count.
    """
    if not completions:
        return tasks
    opened = {task.id: task for task in (*tasks.open, *tasks.set_aside) if task.id and not task.recurs}
    times: dict[str, list[Moment]] = {}
    changes = [] if tasks.changes_at is None else [tasks.changes_at]
    for each in completions:
        if each.task_id in opened:
            if each.completed.at > clock.latest:
                changes.append(each.completed.at - FUTURE_TOLERANCE)
            else:
                times.setdefault(each.task_id, []).append(each.completed)
    again = {task_id for task_id, moments in times.items() if _times_n(moments) >= _RECURS_FROM}
    if not again:
        return tasks._replace(changes_at=min(changes, default=None))
    return tasks._replace(
        open=tuple(task._replace(recurs=True) if task.id in again else task for task in tasks.open),
        set_aside=tuple(task._replace(recurs=True) if task.id in again else task for task in tasks.set_aside),
        changes_at=min(changes, default=None),
    )


def _times_n(moments: list[Moment]) -> int:
    """The number of different times."""
    return 1 + sum(not _same_time(*pair) for pair in pairwise(sorted(moments, key=attrgetter("at"))))


def last_done(completions: Iterable[TaskCompletion]) -> dict[str, Moment]:
    """The time of each task's last completion, by its id; completions are oldest first."""
    return {each.task_id: each.completed for each in completions if each.task_id is not None}


def once_each(completions: Sequence[TaskCompletion], tasks: TaskList) -> list[TaskCompletion]:
    """The completions without repeats: an id counts once per time, a row without an id each time it is sent.

    An open task is not done, with any completion, unless it recurs: by its own field, or by two completions.
    """
    by_task: dict[str, list[TaskCompletion]] = {}
    found: list[TaskCompletion] = []
    for each in in_order(completions):
        if each.task_id is None:
            found.append(each)
            continue
        of_task = by_task.setdefault(each.task_id, [])
        if not of_task or not _same_time(of_task[-1].completed, each.completed):
            of_task.append(each)
    once_only = {task.id for task in (*tasks.open, *tasks.set_aside) if not task.recurs}
    for task_id, of_task in by_task.items():
        if len(of_task) >= _RECURS_FROM or task_id not in once_only:
            found.extend(of_task)
    return in_order(found) if by_task else found


def with_done_tasks(completions: Sequence[TaskCompletion], tasks: TaskList, zone: tzinfo) -> list[TaskCompletion]:
    """The completions, in order, and those of the done tasks; each task absorbs at most one completion.

    That is the nearest one with its id on the same local day, else one without an id at the same time, or on the same
    date if either is a bare date, whose project does not contradict. Due dates are not compared: the date of a
    recurring task moves when it is completed.
    """
    by_task: dict[str, list[TaskCompletion]] = {}
    nameless: list[TaskCompletion] = []
    for each in completions:
        (nameless if each.task_id is None else by_task.setdefault(each.task_id, [])).append(each)
    found: list[TaskCompletion] = []
    waiting: list[tuple[Task, Moment]] = []
    for task in tasks.done:
        if task.completed is None:
            continue
        with_id = by_task.get(task.id or "")
        own = _nearest(with_id, task.completed, zone) if with_id else None
        if own is None:
            waiting.append((task, task.completed))
        else:
            by_task[own.task_id or ""].remove(own)
            found.append(_joined(task, task.completed, own))
    waiting.sort(key=lambda each: (each[0].project_id is None, each[1].date_only, each[1].at, each[0].project_id or ""))
    left = _Nameless(nameless, [completed for _, completed in waiting], zone)
    for task, completed in waiting:
        found.append(_joined(task, completed, left.take(task.project_id, completed)))
    found += left.rest()
    found += [each for of_task in by_task.values() for each in of_task]
    return in_order(found)


class _Line:
    """Completions in order of time, of which the first match is taken; queries are in order of time as well.

    Each is skipped at most once, so that a thousand tasks and completions of one second take linear time.
    """

    def __init__(self) -> None:
        self.members: list[tuple[datetime, int]] = []
        self._next = 0

    def take(self, first: datetime, last: datetime, taken: set[int]) -> int | None:
        while self._next < len(self.members):
            at, index = self.members[self._next]
            if index not in taken and at >= first:
                return index if at <= last else None
            self._next += 1
        return None


_Lines = Mapping[tuple[date | None, str | None], _Line]
"""By day, None for all days together, and by project."""


class _Nameless:
    """Completions without an id, in order, each of which can be taken once; `wanted` are the times of all queries.

    Building lines is most of the work, so they contain only completions near a wanted time.
    """

    def __init__(self, completions: Sequence[TaskCompletion], wanted: Sequence[Moment], zone: tzinfo) -> None:
        self._zone = zone
        self._all = completions
        self._taken: set[int] = set()
        self._lines: dict[tuple[str, bool], _Lines] = {}
        instants = _near(completions, (moment for moment in wanted if not moment.date_only), SAME_TIME, SAME_TIME)
        self._of_kind: Mapping[str, Sequence[int]] = {
            "instant": [index for index in instants if not completions[index].completed.date_only],
            "date": [index for index, each in enumerate(completions) if each.completed.date_only],
            "day": _near(completions, (moment for moment in wanted if moment.date_only), *_AROUND_A_DAY),
        }

    def take(self, project_id: str | None, completed: Moment) -> TaskCompletion | None:
        """The next completion that may be that of a task; one of another project never is.

        Tasks are in order of time: first those with a project and an hour, then those with a project and a bare date,
        then both kinds without a project.
        """
        kinds: list[tuple[str, date | None]] = [] if completed.date_only else [("instant", None)]
        of_dates = "day" if completed.date_only else "date"
        if self._of_kind[of_dates]:
            kinds.append((of_dates, completed.day(self._zone)))
        projects = (project_id, None) if project_id else (None,)
        for kind, of_day in kinds:
            lines = self._lines_of(kind, by_project=bool(project_id))
            for project in projects:
                line = lines.get((of_day, project))
                at = completed.at
                span = (at - SAME_TIME, at + SAME_TIME) if kind == "instant" else (_EARLIEST, _LATEST)
                index = line.take(*span, self._taken) if line else None
                if index is not None:
                    self._taken.add(index)
                    return self._all[index]
        return None

    def _lines_of(self, kind: str, *, by_project: bool) -> _Lines:
        """The lines of one kind, built on first use: most users' tasks need one of six."""
        found = self._lines.get((kind, by_project))
        if found is None:
            lines: defaultdict[tuple[date | None, str | None], _Line] = defaultdict(_Line)
            for index in self._of_kind[kind]:
                each = self._all[index]
                of_day = None if kind == "instant" else each.completed.day(self._zone)
                project = (each.project_id or None) if by_project else None
                lines[of_day, project].members.append((each.completed.at, index))
            found = self._lines[kind, by_project] = lines
        return found

    def rest(self) -> list[TaskCompletion]:
        """The completions that were not taken."""
        return [each for index, each in enumerate(self._all) if index not in self._taken]


def _near(
    completions: Sequence[TaskCompletion], wanted: Iterable[Moment], before: timedelta, after: timedelta
) -> list[int]:
    """The indices of completions, which are in order, from `before` ahead of a wanted time until `after` it."""
    stamps, found, end = list(map(_at, completions)), list[int](), 0
    for at in sorted(moment.at for moment in wanted):
        first = bisect_left(stamps, at - before, lo=end)
        end = bisect_right(stamps, at + after, lo=first)
        found += range(first, end)
    return found


def _same_time(one: Moment, other: Moment) -> bool:
    return one.date_only == other.date_only and abs(one.at - other.at) <= SAME_TIME


def _nearest(completions: Iterable[TaskCompletion], completed: Moment, zone: tzinfo) -> TaskCompletion | None:
    day = completed.day(zone)
    same_day = [each for each in completions if each.completed.day(zone) == day]
    return min(same_day, key=lambda each: (abs(each.completed.at - completed.at), _order(each)), default=None)


def _joined(task: Task, completed: Moment, sent: TaskCompletion | None) -> TaskCompletion:
    """One completion from both rows: the time that includes the hour, and the due date at completion."""
    if sent is None:
        return TaskCompletion(task.project_id, completed, task.due, task.id, task.earlier_dues)
    at = sent.completed if completed.date_only else completed
    earlier_dues = sent.earlier_dues or task.earlier_dues
    return TaskCompletion(
        sent.project_id or task.project_id, at, sent.due or task.due, sent.task_id or task.id, earlier_dues
    )


def in_order(completions: Iterable[TaskCompletion]) -> list[TaskCompletion]:
    """Oldest first; equal times are ordered by content only."""
    found = sorted(completions, key=_at)
    stamps = list(map(_at, found))
    # Few tasks are finished in one second.
    for at in {at for at, other in pairwise(stamps) if at == other}:
        first, end = bisect_left(stamps, at), bisect_right(stamps, at)
        found[first:end] = sorted(found[first:end], key=_order)
    return found


_at = attrgetter("completed.at")


def ages_d(stamps: Sequence[datetime]) -> list[float]:
    """Days between each stamp and the newest of them."""
    newest = max(stamps, default=None)
    return [] if newest is None else [(newest - stamp).total_seconds() / _DAY_S for stamp in stamps]


def _order(each: TaskCompletion) -> tuple[datetime, bool, float, str, str]:
    due = each.due.at.timestamp() if each.due else float("inf")
    return (each.completed.at, each.completed.date_only, due, each.project_id or "", each.task_id or "")
