"""Reading the rows of tasks: which state each field is in, by the same rules for every agent and fact."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from oo.contract.vocabulary import (
    RECURRING_TYPES,
    TASK_FIELDS,
    TASK_FLAGS,
    UNITLESS_ESTIMATES,
    WAITING_TAGS,
    FieldKeys,
)
from oo.snapshot.all_day import Midnight, as_date
from oo.snapshot.clock import FUTURE_TOLERANCE, Clock, Moment
from oo.snapshot.report import ListReport
from oo.snapshot.rows import UNREADABLE, RowPlan, RowPlans, Unreadable, hinted, is_blank, read_field
from oo.snapshot.stamps import read_stamp, read_stamps
from oo.snapshot.subtasks import own_parents
from oo.snapshot.task_fields import (
    Priority,
    Scale,
    Title,
    estimate_state,
    id_state,
    is_flag_word,
    priority_state,
    tags_state,
    title_state,
)
from oo.snapshot.task_status import status_of
from oo.snapshot.tasks import CODE, DONE, IN_PROGRESS, NEUTRAL_IMPORTANCE, OPEN, SET_ASIDE, WAITING, Task, TaskList
from oo.snapshot.words import word_key
from oo.snapshot.zones import read_zone

# From this many open tasks on, one priority on all of them says nothing about any of them.
UNINFORMATIVE_FROM = 3

_USUAL_SCALE = Scale()
_FIELDS: Mapping[str, FieldKeys] = {**TASK_FIELDS, **TASK_FLAGS}
_WAITING = frozenset(map(word_key, WAITING_TAGS))


class TaskRows(NamedTuple):
    """The tasks as they were written, before what all rows of a user decide together."""

    tasks: Sequence[Task]
    numbers: Mapping[str, float]
    given_n: int
    changes_at: datetime | None

    def stamps(self, field: str) -> list[Moment]:
        """The moments of one field."""
        return [moment for task in self.tasks if (moment := getattr(task, field)) is not None]


def read_tasks(rows: Sequence[object], clock: Clock, report: ListReport) -> TaskRows:
    """The rows' tasks; rows that are no objects are dropped, of one id the last row counts."""
    reader = _Reader(clock, report)
    tasks: dict[str, Task] = {}
    for index, row in enumerate(rows):
        if isinstance(row, Mapping):
            task = reader.read(row, index)
            if task.key in tasks:
                report.dropped("duplicate_id")
            tasks[task.key] = task
        else:
            report.dropped("not_object")
    reader.plans.report_unread(report)
    if reader.parents:
        keys = {task.id: key for key, task in tasks.items() if task.id is not None}
        parents = own_parents(reader.parents, keys)
        tasks |= {key: tasks[key]._replace(parent=parent) for key, parent in parents.items()}
    return TaskRows(list(tasks.values()), reader.numbers, len(rows), min(reader.to_come.values(), default=None))


def settled_tasks(
    rows: TaskRows, clock: Clock, scale: Scale, dates: Mapping[str, Midnight | None], report: ListReport
) -> TaskList:
    """The task list, by what all rows of the user have decided: the scale of priorities, and the fields of dates."""
    tasks: Iterable[Task] = rows.tasks
    if rows.numbers and scale != _USUAL_SCALE:
        weights = {key: scale.importance(number) for key, number in rows.numbers.items()}
        report.unreadable("priority", sum(weight is UNREADABLE for weight in weights.values()))
        tasks = [_weighed(task, weights[task.key]) if task.key in weights else task for task in tasks]
    if any(dates.values()):
        tasks = [_with_dates(task, clock, dates) for task in tasks]
    groups: dict[str, list[Task]] = {}
    for task in tasks:
        groups.setdefault(task.status, []).append(task)
    still_open = [task for task in tasks if task.is_open]
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
        changes_at=rows.changes_at,
    )


class _Reader:
    """Reads rows one by one. `numbers` and `parents` hold what only all rows together can tell, by the task's key."""

    def __init__(self, clock: Clock, report: ListReport) -> None:
        self.plans = RowPlans(_FIELDS)
        self.numbers: dict[str, float] = {}
        self.parents: dict[str, str] = {}
        self.to_come: dict[str, datetime] = {}
        self._zone = clock.zone if clock.zone_known else None
        self._latest = clock.now + FUTURE_TOLERANCE
        self._report = report

    def read(self, row: Mapping[str, object], index: int) -> Task:
        """The task of a row, which has a place in the list."""
        report, plan = self._report, self.plans.of(row)
        zone = row_zone(row, plan, self._zone)

        def stamp(value: object) -> Moment | Unreadable | None:
            return read_stamp(value, zone)

        task_id = read_field(row, plan, "id", id_state, report)
        # No id begins like this: a row without one is known by its place, and never taken for another's.
        key = task_id if isinstance(task_id, str) else f"\0{index}"
        title = read_field(row, plan, "title", title_state, report)
        due = read_field(row, plan, "due_at", lambda value: read_stamp(value, zone, end_of_date=True), report)
        created = read_field(row, plan, "created_at", stamp, report)
        completed = read_completed(row, plan, zone, report)
        self.to_come.pop(key, None)
        if isinstance(completed, Moment) and completed.at > self._latest:
            self.to_come[key] = completed.at - FUTURE_TOLERANCE
            completed = None
        status = status_of(row, plan, completed, report)
        importance = self._importance(key, row, plan)
        estimate = _estimate(row, plan, report)
        tags = read_field(row, plan, "tags", tags_state, report) if "tags" in plan else ()
        tags = tags if isinstance(tags, tuple) else ()
        if status in (None, OPEN, IN_PROGRESS) and tags and _tell_of_waiting(tags):
            status = WAITING
        project_id = read_field(row, plan, "project_id", id_state, report)
        self._keep_parent(key, row, plan)
        return Task(
            key=key,
            id=task_id if isinstance(task_id, str) else None,
            title=title.shown if isinstance(title, Title) else "",
            whole_title=title.whole if isinstance(title, Title) else "",
            status=status or OPEN,
            status_known=status is not None,
            due=due if isinstance(due, Moment) else None,
            due_unknown=isinstance(due, Unreadable),
            created=created if isinstance(created, Moment) else None,
            completed=completed if isinstance(completed, Moment) else None,
            estimate_min=None if isinstance(estimate, Unreadable) else estimate,
            estimate_unknown=isinstance(estimate, Unreadable),
            importance=importance if isinstance(importance, float) else NEUTRAL_IMPORTANCE,
            priority_known=isinstance(importance, float),
            priority_unknown=isinstance(importance, Unreadable),
            tags=tags,
            project_id=project_id if isinstance(project_id, str) else None,
            parent=None,
            recurs=_recurs(row, plan),
            earlier_dues=read_earlier_dues(row, plan, zone, report),
            stated_importance=importance if isinstance(importance, float) else None,
        )

    def _importance(self, key: str, row: Mapping[str, object], plan: RowPlan) -> float | Unreadable | None:
        """The importance on the usual scale; a number is kept, since the user's other numbers may show another one."""
        self.numbers.pop(key, None)
        priority = read_field(row, plan, "priority", priority_state, self._report)
        if not isinstance(priority, Priority):
            return priority
        if priority.number is None:
            return priority.importance
        self.numbers[key] = priority.number
        return _USUAL_SCALE.importance(priority.number)

    def _keep_parent(self, key: str, row: Mapping[str, object], plan: RowPlan) -> None:
        self.parents.pop(key, None)
        parent = read_field(row, plan, "parent_id", id_state, self._report) if "parent_id" in plan else None
        if isinstance(parent, str):
            self.parents[key] = parent


def row_zone(row: Mapping[str, object], plan: RowPlan, zone: tzinfo | None) -> tzinfo | None:
    """The zone of a row's times: its own where it names one."""
    if "timezone" not in plan:
        return zone
    own = read_field(row, plan, "timezone", lambda value: read_zone(value) or UNREADABLE)
    return zone if own is None or isinstance(own, Unreadable) else own


def read_completed(
    row: Mapping[str, object], plan: RowPlan, zone: tzinfo | None, report: ListReport
) -> Moment | Unreadable | None:
    """When a row was done; UNREADABLE where it was done at an unknown time. Flags under these keys are no times."""
    if "completed_at" not in plan:
        return None

    def read(value: object) -> Moment | Unreadable | None:
        return None if isinstance(value, bool) or is_flag_word(value) else read_stamp(value, zone)

    return read_field(row, plan, "completed_at", read, report)


def read_earlier_dues(
    row: Mapping[str, object], plan: RowPlan, zone: tzinfo | None, report: ListReport
) -> tuple[Moment, ...]:
    """The dates that a row's task was due on before, oldest first; none where one of them cannot be read."""
    if "due_history" not in plan:
        return ()
    found = read_field(row, plan, "due_history", lambda value: read_stamps(value, zone), report)
    return found if isinstance(found, tuple) else ()


def _tell_of_waiting(tags: Iterable[str]) -> bool:
    return any(word_key(tag.removeprefix("@")) in _WAITING for tag in tags)


def _estimate(row: Mapping[str, object], plan: RowPlan, report: ListReport) -> float | Unreadable | None:
    if "estimate_minutes" not in plan:
        return None
    keys, hints = plan["estimate_minutes"]
    is_unreadable = False
    for key in keys:
        found = estimate_state(row[key], has_unit=key not in UNITLESS_ESTIMATES)
        if isinstance(found, float | int):
            return found
        is_unreadable = is_unreadable or found is UNREADABLE
    if is_unreadable:
        report.unreadable("estimate_minutes")
        return UNREADABLE
    return hinted(row, hints)


def _recurs(row: Mapping[str, object], plan: RowPlan) -> bool:
    if "recurs" in plan and any(row[key] is True for key in plan["recurs"].keys):
        return True
    if "recurrence" in plan and any(
        row[key] is not False and not is_blank(row[key]) for key in plan["recurrence"].keys
    ):
        return True
    if "type" in plan and word_key(row["type"]) in RECURRING_TYPES:
        return True
    due = row.get("due")
    return isinstance(due, Mapping) and due.get("is_recurring") is True


def _weighed(task: Task, weight: float | Unreadable | None) -> Task:
    return task._replace(
        importance=weight if isinstance(weight, float) else NEUTRAL_IMPORTANCE,
        priority_known=isinstance(weight, float),
        priority_unknown=isinstance(weight, Unreadable),
        stated_importance=weight if isinstance(weight, float) else None,
    )


def _with_dates(task: Task, clock: Clock, dates: Mapping[str, Midnight | None]) -> Task:
    due, created, completed = task.due, task.created, task.completed
    whose_due = dates.get("due_at")
    return task._replace(
        due=due and as_date(due, whose_due, clock, end_of_date=True),
        earlier_dues=tuple(as_date(each, whose_due, clock, end_of_date=True) for each in task.earlier_dues),
        created=created and as_date(created, dates.get("created_at"), clock),
        completed=completed and as_date(completed, dates.get("completed_at"), clock),
    )


def _says_nothing(still_open: Sequence[Task]) -> bool:
    return (
        len(still_open) >= UNINFORMATIVE_FROM
        and all(task.priority_known for task in still_open)
        and len({task.importance for task in still_open}) == 1
    )
