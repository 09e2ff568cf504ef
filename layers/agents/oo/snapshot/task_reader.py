"""Parsing of task rows into the state of each field, by the same rules for every agent and fact."""

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from functools import cache, lru_cache
from typing import Any, NamedTuple

from oo.contract.vocabulary import (
    IMPORTANCE,
    RECURRING_TYPES,
    TASK_FIELDS,
    TASK_FLAGS,
    UNITLESS_ESTIMATES,
    WAITING_TAGS,
    FieldKeys,
)
from oo.snapshot.all_day import Midnight, as_date, tasks_with_dates
from oo.snapshot.clock import FUTURE_TOLERANCE, Clock, Moment
from oo.snapshot.report import ListReport
from oo.snapshot.rows import (
    UNREADABLE,
    Columns,
    Read,
    Readers,
    Row,
    RowFields,
    RowPlan,
    Unreadable,
    Zone,
    read_rows,
    readers_by_key,
)
from oo.snapshot.stamps import StampState, stamp_reader, stamps_reader
from oo.snapshot.subtasks import own_parents
from oo.snapshot.task_fields import (
    Scale,
    amount_state,
    id_state,
    is_flag_word,
    minutes_state,
    priority_state,
    recurrence_state,
    status_state,
    tags_state,
    title_state,
)
from oo.snapshot.task_status import status_of
from oo.snapshot.tasks import (
    CODE,
    DONE,
    IN_PROGRESS,
    NEUTRAL_IMPORTANCE,
    OPEN,
    SET_ASIDE,
    WAITING,
    Task,
    TaskList,
    new_task,
)
from oo.snapshot.words import word_key

# From this many open tasks on, one priority on all of them is ignored.
UNINFORMATIVE_FROM = 3

_FIELDS = RowFields({**TASK_FIELDS, **TASK_FLAGS}, flags=TASK_FLAGS)
_USUAL_SCALE = Scale()
_WAITING = frozenset(map(word_key, WAITING_TAGS))
_READERS: Readers = {
    **readers_by_key(
        TASK_FIELDS,
        {
            "id": id_state,
            "title": title_state,
            "status": status_state,
            "priority": priority_state,
            "estimate_minutes": minutes_state,
            "project_id": id_state,
            "tags": tags_state,
            "parent_id": id_state,
            "recurrence": recurrence_state,
        },
    ),
    **dict.fromkeys(UNITLESS_ESTIMATES, amount_state),
}
"""By key, of all fields but the dates."""


@lru_cache(maxsize=32)
def _readers(zone: tzinfo | None, of_times: Zone) -> Readers:
    return {**_READERS, **date_readers(TASK_FIELDS, zone, of_times)}


def date_readers(fields: Mapping[str, FieldKeys], zone: tzinfo | None, of_times: Zone) -> dict[str, Read]:
    """The readers of a list's dates, by key, for a user in `zone` whose row names the zone `of_times`."""
    read = stamp_reader(zone, of_times=of_times)
    read_due = stamp_reader(zone, of_times=of_times, end_of_date=True)
    readers: dict[str, Read] = {
        "due_at": read_due,
        "created_at": read,
        "completed_at": _completed_reader(read),
        "due_history": stamps_reader(read_due),
    }
    return readers_by_key(fields, {name: readers[name] for name in readers.keys() & fields.keys()})


def _completed_reader(read: Callable[[object], StampState]) -> Callable[[object], StampState]:
    """Read the time at which a row was done; UNREADABLE is an unknown time. Flags under these keys are not times."""

    def read_completed(value: object) -> StampState:
        state = read(value)
        return None if state is UNREADABLE and (isinstance(value, bool) or is_flag_word(value)) else state

    return read_completed


class ToCome(NamedTuple):
    """A completion in the future, and the task's status from then on."""

    completed: Moment
    status: str | None


class TaskRows(NamedTuple):
    """The tasks as sent, before the decisions from all rows of a user.

    `numbers`, `to_come` and `parents` are by the tasks' keys.
    """

    tasks: Mapping[str, Task]
    numbers: Mapping[str, float]
    to_come: Mapping[str, ToCome]
    given_n: int


def read_tasks(rows: Sequence[object], clock: Clock, report: ListReport, columns: Columns | None = None) -> TaskRows:
    """The rows' tasks; rows that are not objects are dropped, and the last row of an id wins."""
    reader = _Reader(clock, report)
    zone = clock.zone if clock.zone_known else None
    for each in read_rows(rows, _FIELDS, lambda of_times: _readers(zone, of_times), report, columns):
        reader.add(*each)
    tasks = reader.tasks
    if reader.parents:
        keys = {task.id: key for key, task in tasks.items() if task.id is not None}
        parents = own_parents(reader.parents, keys)
        tasks |= {key: tasks[key]._replace(parent=parent) for key, parent in parents.items()}
    return TaskRows(tasks, reader.numbers, reader.to_come, len(rows))


def settled_tasks(
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
        (still_open if task.status in _OPEN else groups.setdefault(task.status, [])).append(task)
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


_OPEN = (OPEN, IN_PROGRESS)
_NO_TITLE = ("", "")


class _Reader:
    """Parses rows one by one. `numbers`, `parents` and `to_come` collect the data of all rows."""

    def __init__(self, clock: Clock, report: ListReport) -> None:
        self.tasks: dict[str, Task] = {}
        self.numbers: dict[str, float] = {}
        self.parents: dict[str, str] = {}
        self.to_come: dict[str, ToCome] = {}
        self._latest = clock.latest
        self._report = report
        self._tells_of_waiting = cache(_tells_of_waiting)

    def add(
        self, place: int, values: tuple[Any, ...], unknown: Mapping[str, Unreadable], row: Row, plan: RowPlan
    ) -> None:
        """Read a row of the list."""
        task_id, titles, word, due, created, completed, priority, estimate_min, project_id, *rest = values
        tags, parent, earlier_dues, recurrence = rest
        report = self._report
        # No id begins like this: a row without one is identified by its position, without a collision.
        key = task_id or f"\0{place}"
        if key in self.tasks:
            self._forget(key)
        status = status_of(word, completed, unknown, row, plan, report)
        if completed is not None and completed.at > self._latest:
            self.to_come[key] = ToCome(completed, status)
            completed = None
            status = status_of(word, completed, unknown, row, plan, report)
        if tags and (status is None or status in _OPEN) and any(map(self._tells_of_waiting, tags)):
            status = WAITING
        if parent is not None:
            self.parents[key] = parent
        importance = None if priority is None else self._importance(key, priority)
        weight = importance if isinstance(importance, float) else None
        title, whole_title = titles or _NO_TITLE
        # By position, bypassing the class: this many keywords take five times as long.
        fields = (
            key,
            task_id,
            title,
            whole_title,
            status or OPEN,
            status is not None,  # status_known
            due,
            "due_at" in unknown,
            created,
            completed,
            estimate_min,
            "estimate_minutes" in unknown,
            NEUTRAL_IMPORTANCE if weight is None else weight,  # importance
            weight is not None,  # priority_known
            "priority" in unknown or importance is UNREADABLE,
            tags or (),
            project_id,
            None,  # parent
            recurrence is not None or ((plan.flags or "due" in row) and _recurs(row, plan)),
            earlier_dues or (),
            weight,  # stated_importance
        )
        self.tasks[key] = new_task(fields)

    def _forget(self, key: str) -> None:
        """Another row has the same id."""
        self._report.dropped("duplicate_id")
        for of_rows in (self.numbers, self.parents, self.to_come):
            of_rows.pop(key, None)

    def _importance(self, key: str, priority: str | float) -> float | Unreadable | None:
        """The importance on the usual scale; a number is recorded as well, since others may show another scale."""
        if isinstance(priority, str):
            return IMPORTANCE[priority]
        self.numbers[key] = priority
        return _USUAL_SCALE.importance(priority)


def _tells_of_waiting(tag: str) -> bool:
    return word_key(tag.removeprefix("@")) in _WAITING


def _recurs(row: Row, plan: RowPlan) -> bool:
    flags = plan.flags
    if any(row[key] is True for key in flags.get("recurs", ())):
        return True
    if "type" in flags and word_key(row["type"]) in RECURRING_TYPES:
        return True
    due = row.get("due")
    return isinstance(due, dict) and due.get("is_recurring") is True


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
