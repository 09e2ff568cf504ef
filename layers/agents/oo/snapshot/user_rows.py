"""One user's tasks and completions together; decisions that need all rows of a user are made here, once."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from oo.contract.leniency import BodyNotes
from oo.snapshot.all_day import Midnight, as_date, rows_of_dates, tasks_with_dates, whose_midnight
from oo.snapshot.clock import FUTURE_TOLERANCE, Clock, Moment
from oo.snapshot.completions import TaskCompletion, read_task_completions
from oo.snapshot.report import ListReport, reading
from oo.snapshot.rows import UNREADABLE, Columns, Unreadable
from oo.snapshot.task_fields import Scale, scale_of
from oo.snapshot.task_reader import TaskRows, read_tasks
from oo.snapshot.tasks import CODE, DONE, NEUTRAL_IMPORTANCE, OPEN, SET_ASIDE, STILL_OPEN, WAITING, Task, TaskList
from oo.snapshot.zones import UserZone

_DATED_FIELDS = ("due_at", "completed_at", "created_at")
_MIDNIGHTS = ("utc", "zone")
_USUAL_SCALE = Scale()

# From this many open tasks on, one priority on all of them is ignored.
UNINFORMATIVE_FROM = 3


class Decided(NamedTuple):
    """The decisions from all rows of a user: the zone whose midnights are dates, by field, and the priority scale."""

    dates: Mapping[str, Midnight | None]
    is_four_steps: bool

    def to_json(self) -> dict[str, str | bool]:
        """The JSON form for a job; empty for the usual case."""
        found: dict[str, str | bool] = {field: whose for field, whose in self.dates.items() if whose}
        return found if self.is_four_steps else {**found, "is_four_steps": False}


def read_decided(given: Mapping[str, object]) -> Decided:
    """Parse the decisions in a job; any value not from `Decided.to_json` counts as the usual case."""
    dates = {field: cast("Midnight", given[field]) for field in _DATED_FIELDS if given.get(field) in _MIDNIGHTS}
    return Decided(dates, is_four_steps=given.get("is_four_steps") is not False)


class UserRows(NamedTuple):
    """One user's tasks and completions, the latter up to the end of the day, with the decisions and the reports."""

    task_list: TaskList
    completions: list[TaskCompletion]
    decided: Decided
    reports: tuple[ListReport, ListReport]
    holds_dates: bool

    def report(
        self, zone: UserZone, notes: BodyNotes, others: Sequence[ListReport] = (), *, holds_dates: bool = False
    ) -> dict[str, object] | None:
        """The report of both lists, of `others`, and of their body; None if everything was read.

        `holds_dates` is true if other lists contain dates.
        """
        assumed = [f"{field}=dates" for field, whose in self.decided.dates.items() if whose]
        if zone.assumed:
            assumed.append(f"timezone={zone.assumed}")
        elif zone.zone is None and (self.holds_dates or holds_dates):
            assumed.append("timezone=UTC")
        return reading(
            [*self.reports, *others],
            tasks=self._summary(notes.dropped.get("tasks.not_object", 0)),
            unreadable={"timezone": 1} if zone.is_unreadable else {},
            assumed=assumed,
            notes=notes,
        )

    def _summary(self, not_objects: int) -> dict[str, int] | None:
        return self.task_list.summary(not_objects) if self.task_list.given_n or not_objects else None


def read_user_rows(
    task_rows: Sequence[object],
    completion_rows: Sequence[object],
    clock: Clock,
    *,
    smaller_is_higher: bool = False,
    decided: Decided | None = None,
) -> UserRows:
    """Both lists as parsed.

    `decided` comes from more rows than these if a job contains only a part of them.
    """
    tasks, completions = read_task_rows(task_rows, clock), read_completion_rows(completion_rows, clock)
    return joined_rows(tasks, completions, clock, smaller_is_higher=smaller_is_higher, decided=decided)


def read_task_rows(rows: Sequence[object], clock: Clock, columns: Columns | None = None) -> tuple[TaskRows, ListReport]:
    """The tasks of a list, and the report of its unreadable values; `columns` holds those of the user's other lists."""
    report = ListReport("tasks")
    return read_tasks(rows, clock, report, columns), report


def read_completion_rows(rows: Sequence[object], clock: Clock) -> tuple[list[TaskCompletion], ListReport]:
    """The completions of a list, and the report of its unreadable values."""
    report = ListReport("task_completions")
    return read_task_completions(rows, clock, report), report


def joined_rows(
    of_tasks: tuple[TaskRows, ListReport],
    of_completions: tuple[list[TaskCompletion], ListReport],
    clock: Clock,
    *,
    smaller_is_higher: bool = False,
    decided: Decided | None = None,
) -> UserRows:
    """Both lists together, as `read_user_rows` returns them. The lists and their reports are not changed."""
    tasks, completions = of_tasks[0], list(of_completions[0])
    report, completions_report = of_tasks[1].copy(), of_completions[1].copy()
    if decided is None:
        decided = _decide(tasks, completions, clock, smaller_is_higher=smaller_is_higher)
    if any(decided.dates.values()):
        _put_dates(completions, clock, decided.dates)
    # An output is valid until the end of the day at most, so rows that begin to count later cannot end one.
    latest, end_of_day = clock.latest, clock.midnight + FUTURE_TOLERANCE
    completions_report.dropped("future", sum(each.completed.at > latest for each in completions))
    return UserRows(
        task_list=_settled_tasks(tasks, clock, Scale(smaller_is_higher, decided.is_four_steps), decided.dates, report),
        completions=[each for each in completions if each.completed.at <= end_of_day],
        decided=decided,
        reports=(report, completions_report),
        holds_dates=bool(completions or tasks.to_come)
        or any(task.due or task.completed or task.created for task in tasks.tasks.values()),
    )


def _decide(
    tasks: TaskRows, completions: Sequence[TaskCompletion], clock: Clock, *, smaller_is_higher: bool
) -> Decided:
    of_tasks = tasks.tasks.values()
    stamps: dict[str, list[Moment]] = {
        "due_at": [task.due for task in of_tasks if task.due],
        "completed_at": [task.completed for task in of_tasks if task.completed],
        "created_at": [task.created for task in of_tasks if task.created],
    }
    stamps["due_at"] += [each.due for each in completions if each.due]
    stamps["completed_at"] += [each.completed for each in tasks.to_come.values()]
    stamps["completed_at"] += [each.completed for each in completions]
    return Decided(
        {field: whose_midnight(moments, clock) for field, moments in stamps.items()},
        scale_of(tasks.numbers.values(), smaller_is_higher=smaller_is_higher).is_four_steps,
    )


def _put_dates(completions: list[TaskCompletion], clock: Clock, dates: Mapping[str, Midnight | None]) -> None:
    completed, dues = [each.completed for each in completions], [each.due for each in completions]
    places = rows_of_dates({"completed_at": completed, "due_at": dues}, dates, clock)
    places.update([place for place, each in enumerate(completions) if each.earlier_dues])
    whose_due = dates.get("due_at")
    for place in places:
        each = completions[place]
        completions[place] = each._replace(
            completed=as_date(each.completed, dates.get("completed_at"), clock),
            due=each.due and as_date(each.due, whose_due, clock, end_of_date=True),
            earlier_dues=tuple(as_date(one, whose_due, clock, end_of_date=True) for one in each.earlier_dues),
        )


def _settled_tasks(
    rows: TaskRows, clock: Clock, scale: Scale, dates: Mapping[str, Midnight | None], report: ListReport
) -> TaskList:
    """The task list, by the decisions from all rows of the user: the scale of priorities, and the fields of dates."""
    tasks, to_come = dict(rows.tasks), rows.to_come
    if rows.numbers and scale != _USUAL_SCALE:
        weights = {key: scale.importance(number) for key, number in rows.numbers.items()}
        report.unreadable("priority", sum(weight is UNREADABLE for weight in weights.values()))
        tasks |= {key: _weighed(tasks[key], weight) for key, weight in weights.items()}
    if any(dates.values()):
        tasks |= tasks_with_dates(tasks, dates, clock)
        days = {key: as_date(each.completed, dates.get("completed_at"), clock) for key, each in to_come.items()}
        begun = {key: day for key, day in days.items() if day.at <= clock.latest}
        tasks |= {key: _completed(tasks[key], day, to_come[key].status) for key, day in begun.items()}
        to_come = {key: each._replace(completed=days[key]) for key, each in to_come.items() if key not in begun}
    still_open: list[Task] = []
    groups: dict[str, list[Task]] = {}
    for task in tasks.values():
        (still_open if task.status in STILL_OPEN else groups.setdefault(task.status, [])).append(task)
    uninformative = _says_nothing(still_open)
    if uninformative:
        still_open = [task._replace(importance=NEUTRAL_IMPORTANCE) for task in still_open]
    return TaskList(
        open=tuple(still_open),
        done=tuple(groups.get(DONE, ())),
        set_aside=(*groups.get(WAITING, ()), *groups.get(SET_ASIDE, ())),
        unclear=tuple(groups.get(CODE, ())),
        given_n=rows.given_n,
        uninformative_priority=uninformative,
        changes_at=min((each.completed.at - FUTURE_TOLERANCE for each in to_come.values()), default=None),
    )


def _completed(task: Task, completed: Moment, status: str | None) -> Task:
    """The task with a completion that has begun to count."""
    return task._replace(completed=completed, status=status or OPEN, status_known=status is not None)


def _weighed(task: Task, weight: float | Unreadable | None) -> Task:
    return task._replace(
        importance=weight if isinstance(weight, float) else NEUTRAL_IMPORTANCE,
        priority_known=isinstance(weight, float),
        priority_unknown=isinstance(weight, Unreadable),
        stated_importance=weight if isinstance(weight, float) else None,
    )


def _says_nothing(still_open: Sequence[Task]) -> bool:
    return (
        len(still_open) >= UNINFORMATIVE_FROM
        and all(task.priority_known for task in still_open)
        and len({task.importance for task in still_open}) == 1
    )
