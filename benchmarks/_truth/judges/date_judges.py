"""Judges of the agents for dates: deadline-pressure, workload-balance, overdue-pile."""

import re
from collections.abc import Iterator
from statistics import median

from benchmarks._truth.judges.dates import due_today, due_words, overdue, overdue_counts
from benchmarks._truth.judges.sentence import Finding, Sentence, holds, leads
from benchmarks._truth.world.scene import MOST_EARLIER_DUES, Scene
from benchmarks._truth.world.tasks import PlantedTask

_PILE = 5
_DUE_TODAY = re.compile(r"(?P<least>at least )?(?P<n>\d+) (?P<other>other )?tasks? (?:is|are) due today")
_PAST = re.compile(
    r"(?P<least>at least )?(?P<n>\d+) (?P<other>others? )?(?:tasks? )?(?:is|are) past (?:its|their) date"
)
_NOTHING = re.compile(r"\bnothing (?:else )?is due today")
_HOURS_TOLERANCE = 0.6
_RUSH_LEFT_H = 1.5


def deadline_pressure(sentence: Sentence) -> Iterator[Finding]:
    """The named task's date, the other counts, and whether a task with a nearer date was skipped."""
    yield from due_words(sentence, sentence.fact.split(";")[0])
    yield from times_moved(sentence)
    yield from minutes(sentence)
    yield from counts(sentence)
    scene, task = sentence.scene, sentence.task
    if task and _NOTHING.search(sentence.fact):
        others = [each for each in overdue(scene) if each.id != task.id]
        yield leads(not others, "“nothing is due today” over overdue tasks")
    if task and scene.dues.get(task.id):
        nearer = [each for each in due_today(scene) if each.id != task.id]
        is_later = scene.days_ago(scene.dues[task.id].at) < 0 and not _is_urgent(scene, task)
        yield leads(not (nearer and is_later), "what is due today comes after what is due later")


def workload_balance(sentence: Sentence) -> Iterator[Finding]:
    """The load of today, the user's hours and capacity, the counts, and the task to move."""
    scene = sentence.scene
    yield from counts(sentence)
    load_h = sentence.number(r"(?:about )?([\d.]+) h is lined up for today")
    if load_h is not None:
        yield from _load(scene, load_h)
    by_estimates = sentence.number(r"about ([\d.]+) h(?: by their estimates|, counting)")
    if by_estimates is not None:
        yield from _load(scene, by_estimates)
    yield from _room(sentence)
    lined_up = sentence.number(r"(\d+) tasks are lined up for today")
    if lined_up is not None:
        yield leads(lined_up == len(due_today(scene)), "“lined up for today” counts what is not due today")
    task = sentence.task
    if task and (sentence.kind == "defer" or "another day" in sentence.move):
        yield leads(task.id not in {each.id for each in overdue(scene)}, "an overdue task is to be moved once more")


def overdue_pile(sentence: Sentence) -> Iterator[Finding]:
    """The number of overdue tasks, of which the named one has to be one."""
    yield from counts(sentence)
    if sentence.task:
        late = {task.id for task in overdue(sentence.scene)}
        yield holds(sentence.task.id in late, "the named task is not past its date")


def counts(sentence: Sentence) -> Iterator[Finding]:
    """Counts of tasks that are due today or past their date."""
    scene, task = sentence.scene, sentence.task
    today = due_today(scene)
    for found in _DUE_TODAY.finditer(sentence.fact):
        counted = [each for each in today if not (found["other"] and task and each.id == task.id)]
        least = 1 if found["least"] else sum(not each.recurs for each in counted)
        yield holds(least <= int(found["n"]) <= len(counted), "another number is due today")
    for found in _PAST.finditer(sentence.fact):
        but = task if found["other"] else None
        expected = overdue_counts(scene, but)
        least = 1 if found["least"] else expected.start
        yield holds(least <= int(found["n"]) < expected.stop, "another number is past its date")
    if _NOTHING.search(sentence.fact):
        others = [each for each in today if task is None or each.id != task.id]
        yield holds(not others, "something is due today")


def times_moved(sentence: Sentence) -> Iterator[Finding]:
    """The number of moves of a task."""
    moved = sentence.number(r"moved (\d+) times")
    if sentence.task and moved is not None:
        known = min(sentence.task.moves_n(sentence.scene.now), MOST_EARLIER_DUES)
        yield holds(moved == known, "moved another number of times")


def minutes(sentence: Sentence) -> Iterator[Finding]:
    """Minutes within the task's estimate."""
    asked = sentence.number(r"(\d+)[- ]min", sentence.move)
    if asked is not None and sentence.task and sentence.task.estimate_min is not None:
        yield leads(asked <= sentence.task.estimate_min, "more minutes than the task takes")


def _is_urgent(scene: Scene, task: PlantedTask) -> bool:
    """Whether its estimate exceeds the hours until its date, with 4 productive hours per day."""
    left_d = (scene.dues[task.id].at - scene.now).total_seconds() / 86_400
    return (task.estimate_min or 0) / 60 >= min(4 * left_d, 24 * left_d - _RUSH_LEFT_H)


def _load(scene: Scene, hours: float) -> Iterator[Finding]:
    today, late = due_today(scene), [task for task in overdue(scene) if _is_recent(scene, task)]
    if _fits(scene, today, hours):
        yield holds(True, "")
    else:
        reason = "“lined up for today” is overdue" if not today else "“lined up for today” counts what is overdue"
        yield leads(False, reason) if _fits(scene, [*today, *late], hours) else holds(False, "another load for today")


def _is_recent(scene: Scene, task: PlantedTask) -> bool:
    return scene.days_ago(scene.dues[task.id].at) <= 3


def _fits(scene: Scene, tasks: list[PlantedTask], hours: float) -> bool:
    known = [task.estimate_min for task in tasks if task.estimate_min is not None]
    usual = median([task.estimate_min for task in scene.open if task.estimate_min is not None] or [30])
    least, most = sum(known), sum(known) + (len(tasks) - len(known)) * max(usual, 60)
    return bool(tasks) and least / 60 - _HOURS_TOLERANCE <= hours <= most / 60 + _HOURS_TOLERANCE


def _room(sentence: Sentence) -> Iterator[Finding]:
    scene = sentence.scene
    begin, end = (sentence.scene.setting("workload-balance", key) for key in ("work_start_h", "work_end_h"))
    is_set = begin is not None and end is not None
    first, last = (begin, end) if is_set else scene.habits.works
    if sentence.says(r"working hours are over"):
        yield holds(not first <= scene.hour < last, "the working hours are not over")
        yield leads(is_set, "working hours that the user never set")
    left_h = sentence.number(r"(?:about|roughly) ([\d.]+) h (?:of capacity )?left")
    if left_h is not None:
        capacity = scene.setting("workload-balance", "capacity_min")
        share = min(max((last - scene.hour) / (last - first), 0), 1)
        yield leads(capacity is not None, "capacity that the user never set")
        yield holds(scene.hour < last, "capacity left after the working hours")
        if capacity is not None:
            yield holds(abs(left_h - capacity / 60 * share) <= _HOURS_TOLERANCE, "another capacity is left")
    if sentence.says(r"open time|room for"):
        yield leads(len(overdue(scene)) < _PILE, "room is offered over a pile of overdue tasks")
