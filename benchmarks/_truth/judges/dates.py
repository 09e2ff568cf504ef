"""The planted dates behind words for dates, and counts of tasks by their date."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from benchmarks._truth.judges.sentence import Finding, Sentence, holds
from benchmarks._truth.world.scene import Scene
from benchmarks._truth.world.tasks import Due, PlantedTask

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEK_D = 7
_SEVERAL_D = 2
_ABOUT_D = 0.6


class _Date(NamedTuple):
    """A task's date relative to now: hours left, local days ahead, its hour and weekday."""

    left_h: float
    ahead_d: int
    clock: str
    weekday: str
    is_bare: bool


_WORDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Date], bool]], ...] = (
    (re.compile(r"within the hour"), lambda _, due: 0 <= due.left_h <= 1),
    (re.compile(r"in about (\d+) h"), lambda said, due: not due.is_bare and abs(due.left_h - int(said[1])) <= 1),
    (
        re.compile(r"(?:was due|past its time) today(?: at)? ?\(?(\d\d:\d\d)?"),
        lambda said, due: due.ahead_d == 0 and due.left_h < 0 and said[1] in (None, due.clock),
    ),
    (
        re.compile(r"today(?: by (\d\d:\d\d))?"),
        lambda said, due: due.ahead_d == 0 and due.left_h >= 0 and said[1] in (None, due.clock),
    ),
    (re.compile(r"tomorrow"), lambda _, due: due.ahead_d == 1),
    (
        re.compile(rf"on ({'|'.join(_DAYS)})"),
        lambda said, due: 0 <= due.ahead_d <= _WEEK_D and said[1] == due.weekday,
    ),
    (re.compile(r"in about (\d+) days?"), lambda said, due: abs(due.left_h / 24 - int(said[1])) <= _ABOUT_D),
    (re.compile(r"in (\d+) days?"), lambda said, due: due.ahead_d == int(said[1])),
    (re.compile(r"(\d+) days? past its date"), lambda said, due: -due.ahead_d == int(said[1])),
    (re.compile(r"several days past its date"), lambda _, due: -due.ahead_d >= _SEVERAL_D),
    (re.compile(r"past its (?:date|time)"), lambda _, due: due.left_h < 0),
)


def due_words(sentence: Sentence, clause: str) -> Iterator[Finding]:
    """Whether the words for a date in a clause are true for the quoted task."""
    found = ((pattern.search(clause), test) for pattern, test in _WORDS)
    said, test = next(((words, test) for words, test in found if words), (None, None))
    if said is None or test is None or sentence.task is None:
        return
    due = sentence.scene.dues.get(sentence.task.id)
    if due is None:
        yield holds(False, "a date of a task without one")
    else:
        yield holds(test(said, _date(due, sentence.scene)), f"“{said[0]}” is another date")


def _date(due: Due, scene: Scene) -> _Date:
    local = due.at.astimezone(scene.life.zone)
    left_h = (due.at - scene.now).total_seconds() / 3600
    return _Date(left_h, -scene.days_ago(due.at), f"{local:%H:%M}", _DAYS[local.weekday()], due.is_bare)


def due_today(scene: Scene) -> list[PlantedTask]:
    """Open tasks that are due later today, without waiting ones."""
    return [task for task in _dated(scene) if scene.now <= scene.dues[task.id].at and _days(scene, task) == 0]


def overdue(scene: Scene) -> list[PlantedTask]:
    """Open tasks that are past their date or, today, past their hour, without waiting ones."""
    return [task for task in _dated(scene) if scene.dues[task.id].at < scene.now]


def overdue_counts(scene: Scene, but: PlantedTask | None = None) -> range:
    """The possible numbers of overdue tasks: hours that passed today and recurring tasks may count or not."""
    every = [task for task in overdue(scene) if but is None or task.id != but.id]
    least = [task for task in every if not task.recurs and _days(scene, task) > 0]
    return range(len(least), len(every) + 1)


def _days(scene: Scene, task: PlantedTask) -> int:
    return scene.days_ago(scene.dues[task.id].at)


def _dated(scene: Scene) -> list[PlantedTask]:
    return [task for task in scene.open if task.id in scene.dues and not task.is_waiting(scene.now)]
