"""Parsing of task rows into the state of each field, by the same rules for every agent and fact."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cache, lru_cache
from itertools import repeat
from typing import Any, NamedTuple

from oo.contract.vocabulary import (
    IMPORTANCE,
    RECURRING_TYPES,
    TASK_FIELDS,
    TASK_FLAGS,
    UNITLESS_ESTIMATES,
    WAITING_TAGS,
)
from oo.snapshot.clock import Clock, Moment
from oo.snapshot.report import ListReport
from oo.snapshot.rows import (
    UNREADABLE,
    Alike,
    Columns,
    Readers,
    Row,
    RowFields,
    RowPlan,
    Unreadable,
    Zone,
    in_order,
    read_alike,
    readers_by_key,
)
from oo.snapshot.stamps import date_readers
from oo.snapshot.subtasks import own_parents
from oo.snapshot.task_fields import (
    Scale,
    amount_state,
    id_state,
    minutes_state,
    priority_state,
    recurrence_state,
    status_state,
    tags_state,
    title_state,
)
from oo.snapshot.task_status import status_of
from oo.snapshot.tasks import NEUTRAL_IMPORTANCE, OPEN, STILL_OPEN, WAITING, Task, new_task
from oo.snapshot.words import word_key

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
    parts = read_alike(rows, _FIELDS, lambda of_times: _readers(zone, of_times), report, columns)
    if len(parts) == 1:
        reader.add_alike(parts[0])
    else:
        for each in in_order(parts):
            reader.add(*each)
    tasks = reader.tasks
    if reader.parents:
        keys = {task.id: key for key, task in tasks.items() if task.id is not None}
        parents = own_parents(reader.parents, keys)
        tasks |= {key: tasks[key]._replace(parent=parent) for key, parent in parents.items()}
    return TaskRows(tasks, reader.numbers, reader.to_come, len(rows))


_NO_TITLE = ("", "")


def _odd_rows(part: Alike, latest: datetime) -> Collection[int]:
    """The indices of rows whose status needs more than its word, or that have an unknown field; all for a list of such.

    A due date in an object may say that the task recurs.
    """
    columns, ids, words = part.columns, part.columns["id"], part.columns["status"]
    if ids is None or words is None or part.plan.flags or "due" in part.rows[0]:
        return range(len(part.rows))
    if not all(ids) or len(set(ids)) < len(ids):
        return range(len(part.rows))
    found = set(part.unknown)
    found.update([at for at, word in enumerate(words) if word is None])
    waits = cache(_tells_of_waiting)
    found.update([at for at, tags in enumerate(columns["tags"] or ()) if tags and any(map(waits, tags))])
    completed = columns["completed_at"] or ()
    found.update([at for at, moment in enumerate(completed) if moment is not None and moment.at > latest])
    return found


def _usual_fields(ids: Sequence[str], columns: Mapping[str, Sequence[Any] | None]) -> tuple[Iterable[object], ...]:
    """The fields of tasks by place, as `_Reader` finds them for rows that are not odd."""
    titles = [title or _NO_TITLE for title in columns["title"] or repeat(_NO_TITLE, len(ids))]
    priorities = columns["priority"] or [None] * len(ids)
    weights = {priority: _weight(priority) for priority in set(priorities)}
    of_rows = [weights[priority] for priority in priorities]
    return (
        ids,  # key
        ids,
        [shown for shown, _ in titles],
        [whole for _, whole in titles],
        columns["status"] or (),
        repeat(True),  # status_known
        columns["due_at"] or repeat(None),
        repeat(False),  # due_unknown
        columns["created_at"] or repeat(None),
        columns["completed_at"] or repeat(None),
        columns["estimate_minutes"] or repeat(None),
        repeat(False),  # estimate_unknown
        [NEUTRAL_IMPORTANCE if not isinstance(weight, float) else weight for weight in of_rows],  # importance
        [isinstance(weight, float) for weight in of_rows],  # priority_known
        [weight is UNREADABLE for weight in of_rows],
        [tags or () for tags in columns["tags"]] if columns["tags"] else repeat(()),
        columns["project_id"] or repeat(None),
        repeat(None),  # parent
        [rule is not None for rule in columns["recurrence"]] if columns["recurrence"] else repeat(False),  # recurs
        [dues or () for dues in columns["due_history"]] if columns["due_history"] else repeat(()),
        [weight if isinstance(weight, float) else None for weight in of_rows],  # stated_importance
    )


def _weight(priority: str | float | None) -> float | Unreadable | None:
    """The importance of a priority on the usual scale."""
    if priority is None:
        return None
    return IMPORTANCE[priority] if isinstance(priority, str) else _USUAL_SCALE.importance(priority)


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

    def add_alike(self, part: Alike) -> None:
        """Read the rows of a list, all of which are in one part: at once if most of them are usual ones."""
        columns, ids = part.columns, part.columns["id"] or []
        odd = _odd_rows(part, self._latest)
        if len(odd) > len(part.rows) / 2:
            for row in part.each():
                self.add(*row)
            return
        priorities = zip(ids, columns["priority"] or (), strict=False)
        self.numbers = {key: number for key, number in priorities if isinstance(number, int | float)}
        parents = zip(ids, columns["parent_id"] or (), strict=False)
        self.parents = {key: parent for key, parent in parents if parent is not None}
        self.tasks = dict(zip(ids, map(new_task, zip(*_usual_fields(ids, columns), strict=False)), strict=True))
        for at in odd:
            values = tuple(each and each[at] for each in columns.values())
            self.tasks[ids[at]] = self._task(ids[at], values, part.unknown.get(at, {}), part.rows[at], part.plan)

    def add(
        self, place: int, values: tuple[Any, ...], unknown: Mapping[str, Unreadable], row: Row, plan: RowPlan
    ) -> None:
        """Read a row of the list."""
        # No id begins like this: a row without one is identified by its position, without a collision.
        key = values[0] or f"\0{place}"
        if key in self.tasks:
            self._forget(key)
        self.tasks[key] = self._task(key, values, unknown, row, plan)

    def _task(
        self, key: str, values: tuple[Any, ...], unknown: Mapping[str, Unreadable], row: Row, plan: RowPlan
    ) -> Task:
        task_id, titles, word, due, created, completed, priority, estimate_min, project_id, *rest = values
        tags, parent, earlier_dues, recurrence = rest
        report = self._report
        status = status_of(word, completed, unknown, row, plan, report)
        if completed is not None and completed.at > self._latest:
            self.to_come[key] = ToCome(completed, status)
            completed = None
            status = status_of(word, completed, unknown, row, plan, report)
        if tags and (status is None or status in STILL_OPEN) and any(map(self._tells_of_waiting, tags)):
            status = WAITING
        if parent is not None:
            self.parents[key] = parent
        # A number is recorded as well, since others may show another scale.
        if isinstance(priority, int | float):
            self.numbers[key] = priority
        importance = _weight(priority)
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
        return new_task(fields)

    def _forget(self, key: str) -> None:
        """Another row has the same id."""
        self._report.dropped("duplicate_id")
        for of_rows in (self.numbers, self.parents, self.to_come):
            of_rows.pop(key, None)


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
