"""The tasks on offer to the model, and their lines in the prompt."""

from binascii import crc32
from collections.abc import Sequence
from typing import NamedTuple

from oo.agent_kit.wording import when_phrase
from oo.snapshot.tasks import Task, tie_order, told_age_days
from oo.snapshot.titles import given_title
from oo.snippets.omissions import Item, Omission, Reason
from oo.snippets.open_tasks import OpenTasks
from oo.untrusted_text.cleaning import data_line, shows_instructions

MOST_TASKS = 20


class TaskRef(NamedTuple):
    """The task behind a reply's `task_ref`.

    `given` is the task's title with its markup and addresses. `shown` is the display title that the model sees: a
    placeholder if the title is unusual.
    """

    ref: str
    task: Task
    given: str
    shown: str
    is_unusual: bool

    @property
    def title(self) -> str:
        """The display title: the user's own words, cut to 80 characters."""
        return self.task.title


class OfferedTasks(NamedTuple):
    """Tasks on offer, first choice first."""

    tasks: tuple[Task, ...]
    dropped: tuple[Omission, ...]


def choose_tasks(tasks: OpenTasks, limit: int, *, first: Sequence[Task] = ()) -> OfferedTasks:
    """The top `limit` tasks that may be offered; `first` (those that the evidence names) precede the rank.

    A task is left out if a tip could not name it or if its title may mention self-harm.
    """
    chosen: list[Task] = []
    dropped: list[Omission] = []
    # By key: the hash of a task is made of all its fields, times among them.
    named = {task.key: task for task in first}
    for task in (*named.values(), *(task for task in tasks.ranked() if task.key not in named)):
        reason = Reason.OUTRANKED if len(chosen) == min(limit, MOST_TASKS) else _obstacle(task, tasks)
        if reason is None:
            chosen.append(task)
        else:
            dropped.append(Omission(Item.TASK, task.label, reason))
    return OfferedTasks(tuple(chosen), tuple(dropped))


def draw_tasks(candidates: OfferedTasks, limit: int, kept: Sequence[Task], seed: str) -> OfferedTasks:
    """`limit` of the candidates in their order: those that the evidence names, and a random choice of the others.

    The choice follows from a checksum of the seed and a task's title, so the same time offers the same tasks, with any
    ids.
    """
    named = set(kept)
    by_chance = sorted(
        candidates.tasks,
        key=lambda task: (task not in named, _checksum(f"{seed}|{task.title}"), tie_order(task)),
    )
    drawn = set(by_chance[:limit])
    left = tuple(Omission(Item.TASK, task.label, Reason.DRAW) for task in candidates.tasks if task not in drawn)
    return OfferedTasks(tuple(task for task in candidates.tasks if task in drawn), candidates.dropped + left)


def draw_seed(tasks: OpenTasks) -> str:
    """The seed of a draw: the open titles, the local day and the quarter of it."""
    local = tasks.clock.local(tasks.clock.now) if tasks.clock else None
    moment = f"{local.date()}|{local.hour // 6}" if local else ""
    return "|".join([*sorted(task.title for task in tasks.tasks), moment])


def _checksum(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass"))


def _obstacle(task: Task, tasks: OpenTasks) -> Reason | None:
    if not task.title:
        return Reason.UNTITLED
    return Reason.WITHHELD if tasks.is_withheld(task) else None


def number_tasks(tasks: Sequence[Task]) -> tuple[TaskRef, ...]:
    """The tasks as T1, T2, …, with the titles shown to the model."""
    return tuple(_numbered(f"T{number}", task) for number, task in enumerate(tasks, start=1))


def _numbered(ref: str, task: Task) -> TaskRef:
    given = task.title if task.whole_title == task.title else given_title(task.whole_title)
    is_unusual = shows_instructions(task.title, given)
    return TaskRef(ref, task, given, f"(unusual text, task {ref})" if is_unusual else task.title, is_unusual)


def task_line(ref: TaskRef, tasks: OpenTasks) -> str:
    """A task as one line of data, without unknown values."""
    task = ref.task
    return data_line(
        ref=ref.ref,
        title=ref.shown,
        status="waits for somebody else" if task.waits else None,
        due="unknown" if task.due_unknown else due_text(task, tasks),
        importance=_importance(task.importance) if task.priority_known and tasks.ranks_by_priority else None,
        minutes=_minutes(task.estimate_min),
        age_days=told_age_days(task, tasks.clock) if tasks.clock else None,
    )


def due_text(task: Task, tasks: OpenTasks) -> str | None:
    """The due time of a task in the prompt's words; None if it is unknown."""
    phrase = when_phrase(task.due, tasks.clock) if task.due and tasks.clock else None
    return phrase.text if phrase else None


def _importance(importance: float) -> str:
    """The word of the priority scale: 1..4 are a third apart, the words low, medium and high a quarter."""
    if importance > 0.9:
        return "urgent"
    if importance > 0.5:
        return "high"
    return "medium" if importance > 0.25 else "low"


def _minutes(estimate: float | None) -> float | None:
    if estimate is None or estimate < 1:
        return None
    rounded = round(estimate, 1)
    return int(rounded) if rounded.is_integer() else rounded
