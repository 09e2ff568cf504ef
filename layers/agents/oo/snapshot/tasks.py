"""The tasks of one snapshot, read once by the same rules for every agent and fact."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from oo.snapshot.clock import FUTURE_TOLERANCE, Clock, Moment, read_moment
from oo.snapshot.numbers import numeric
from oo.snapshot.titles import read_title

ESTIMATE_KEYS = ("estimate_minutes", "estimate", "duration_minutes")
LONGEST_ESTIMATE_MIN = 1440
# Characters. Ids come back in answers, where one as long as a body would be over an answer's limit.
LONGEST_ID = 256
NEUTRAL_IMPORTANCE = 0.5
# What is overdue for longer asks for a decision rather than for a push.
LONGEST_OVERDUE_D = 21
# From this many open tasks on, one priority on all of them says nothing about any of them.
UNINFORMATIVE_FROM = 3

_DONE = frozenset({"done", "completed", "complete", "closed"})
_GONE = frozenset({"cancelled", "canceled", "deleted", "archived"})
_IN_PROGRESS = frozenset({"in_progress", "doing", "started", "wip"})
_IMPORTANCE_WORDS = {
    "urgent": 1.0,
    "critical": 1.0,
    "high": 0.75,
    "medium": NEUTRAL_IMPORTANCE,
    "normal": NEUTRAL_IMPORTANCE,
    "low": 0.25,
}


class Task(NamedTuple):
    """One task after reading. `title` is clean and may be empty; `importance` lies in [0, 1]."""

    id: str
    title: str
    is_open: bool
    is_done: bool
    in_progress: bool
    due: Moment | None
    created: Moment | None
    completed: Moment | None
    estimate_min: float | None
    importance: float
    priority_known: bool
    tags: tuple[str, ...]
    project_id: str | None


class TaskList(NamedTuple):
    """Open and done tasks; cancelled ones are in neither.

    `changes_at` is when a completion that still lies in the future begins to count, if there is one.
    """

    open: tuple[Task, ...]
    done: tuple[Task, ...]
    uninformative_priority: bool
    changes_at: datetime | None


def read_tasks(rows: Iterable[object], clock: Clock) -> TaskList:
    """The task list; rows that are no objects are dropped, of one id the last row counts."""
    by_id: dict[str, Task] = {}
    completions_to_come: dict[str, datetime] = {}
    for index, row in enumerate(rows):
        if not isinstance(row, Mapping):
            continue
        task_id = read_id(row.get("id")) or f"#{index}"
        completed = read_moment(row.get("completed_at"), clock.zone)
        completions_to_come.pop(task_id, None)
        if completed and completed.at > clock.now + FUTURE_TOLERANCE:
            completions_to_come[task_id] = completed.at - FUTURE_TOLERANCE
            completed = None
        by_id[task_id] = _read_task(task_id, row, completed, clock)
    still_open = tuple(task for task in by_id.values() if task.is_open)
    uninformative = _says_nothing(still_open)
    if uninformative:
        still_open = tuple(task._replace(importance=NEUTRAL_IMPORTANCE) for task in still_open)
    return TaskList(
        open=still_open,
        done=tuple(task for task in by_id.values() if task.is_done),
        uninformative_priority=uninformative,
        changes_at=min(completions_to_come.values(), default=None),
    )


def read_id(value: object) -> str | None:
    """An id as text; whole numbers count as ids, too. A text that is too long for one is none."""
    if isinstance(value, str):
        return value if 0 < len(value) <= LONGEST_ID else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**18 else None
    return None


def _read_task(task_id: str, row: Mapping[str, object], completed: Moment | None, clock: Clock) -> Task:
    status = _word(row.get("status"))
    is_done = status in _DONE or (not status and completed is not None)
    importance = read_importance(row.get("priority"))
    return Task(
        id=task_id,
        title=read_title(row.get("title")),
        is_open=not is_done and status not in _GONE,
        is_done=is_done,
        in_progress=status in _IN_PROGRESS,
        due=read_moment(row.get("due_at"), clock.zone, end_of_date=True),
        created=read_moment(row.get("created_at"), clock.zone),
        completed=completed,
        estimate_min=_read_estimate(row),
        importance=NEUTRAL_IMPORTANCE if importance is None else importance,
        priority_known=importance is not None,
        tags=_read_tags(row.get("tags")),
        project_id=read_id(row.get("project_id")),
    )


def read_importance(priority: object) -> float | None:
    """Importance in [0, 1] of a priority: 1..4 where 4 is urgent, or one of the known words; else None."""
    if isinstance(priority, str):
        word = _IMPORTANCE_WORDS.get(_word(priority))
        if word is not None:
            return word
    number = numeric(priority)
    return (number - 1) / 3 if number is not None and 1 <= number <= 4 else None


def _read_estimate(row: Mapping[str, object]) -> float | None:
    for key in ESTIMATE_KEYS:
        minutes = numeric(row.get(key))
        if minutes is not None and 0 < minutes <= LONGEST_ESTIMATE_MIN:
            return minutes
    return None


def _read_tags(value: object) -> tuple[str, ...]:
    return tuple(tag for tag in value if isinstance(tag, str)) if isinstance(value, list | tuple) else ()


def _word(value: object) -> str:
    if not isinstance(value, str) or len(value) > 64:
        return ""
    return value.strip().lower().replace("-", "_").replace(" ", "_")


def _says_nothing(still_open: tuple[Task, ...]) -> bool:
    return (
        len(still_open) >= UNINFORMATIVE_FROM
        and all(task.priority_known for task in still_open)
        and len({task.importance for task in still_open}) == 1
    )


def age_days(task: Task, clock: Clock) -> int | None:
    """Local calendar days since the task was made, 0 for a date in the future; None where it is unknown."""
    return None if task.created is None else max(0, clock.days_since(task.created))


def overdue_days(task: Task, clock: Clock) -> int | None:
    """Local calendar days past the due date, 0 on the day itself; None while the task is not past due."""
    if task.due is None or clock.now <= task.due.at:
        return None
    return max(0, clock.days_since(task.due))


def done_within(tasks: TaskList, clock: Clock, days: int) -> list[Task]:
    """Done tasks completed today or on one of the `days - 1` local dates before."""
    return [task for task in tasks.done if task.completed and clock.days_since(task.completed) < days]


def tie_order(task: Task) -> tuple[float, float, str]:
    """What decides among equals: due first, then older, then the id; the unknown comes last."""
    return (
        task.due.at.timestamp() if task.due else float("inf"),
        task.created.at.timestamp() if task.created else float("inf"),
        task.id,
    )
