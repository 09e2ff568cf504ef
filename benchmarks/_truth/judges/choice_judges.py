"""Judges of the agents that choose a task: quick-win, important-first, stale-task, project-focus."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from benchmarks._truth.judges.date_judges import minutes, times_moved
from benchmarks._truth.judges.dates import due_words
from benchmarks._truth.judges.sentence import Finding, Sentence, clock_hour, holds, leads
from benchmarks._truth.world.scene import Scene
from benchmarks._truth.world.tasks import HIGH, PlantedTask

_LUNCH_H = 13
_LOW = 1
_WEEK_D = 7
_FAIR_SHARE = 0.55
_LEAST_LIFT = 1.25
_AGE = r"(?:has been open|has waited|open for) (\d+) days?"


def quick_win(sentence: Sentence) -> Iterator[Finding]:
    """The estimate and the age of the named task."""
    task = sentence.task
    marked = sentence.number(r"is marked ([\d.]+) min")
    if task and marked is not None:
        yield holds(marked == task.estimate_min, "another estimate")
    yield from age(sentence)


def stale_task(sentence: Sentence) -> Iterator[Finding]:
    """The age, the moves, or the wait of the named task, or the time at which it was last done."""
    task, scene = sentence.task, sentence.scene
    yield from age(sentence)
    yield from times_moved(sentence)
    if task and sentence.says(r"waits for"):
        yield holds(task.is_waiting(scene.now), "the task does not wait")


def important_first(sentence: Sentence) -> Iterator[Finding]:
    """The priority and the date of the named task, the share of small ones, and a cue later today."""
    task, scene = sentence.task, sentence.scene
    if task is None:
        return
    said = re.search(r"is (?:of )?(urgent|high|raised|medium|low) priority", sentence.fact)
    if said:
        known = {1: "low", 2: "medium", 3: "high", 4: "high", None: "none"}[task.priority]
        yield holds(said[1] == known or (said[1] == "urgent" and task.priority == 4), "another priority")
    if sentence.says(r"with no date"):
        yield holds(task.id not in scene.dues, "the task has a date")
    elif sentence.says(r"with a date further on"):
        yield holds(task.id in scene.dues and scene.days_ago(scene.dues[task.id].at) < 0, "no date further on")
    else:
        yield from due_words(sentence, sentence.fact)
    yield from _share_of_small(sentence)
    yield from cue(sentence)
    yield from minutes(sentence)


def project_focus(sentence: Sentence) -> Iterator[Finding]:
    """The finished share of a list by all known tasks, or the rate at which work stays in one list."""
    scene, task = sentence.scene, sentence.task
    done_of = re.search(r"(\d+) of (\d+) in the list", sentence.fact)
    if task and done_of:
        yield from _near_its_end(scene, task, int(done_of[1]), int(done_of[2]))
    open_n = sentence.number(r"has (\d+) open tasks?")
    if task and open_n is not None:
        listed = [each for each in scene.open if each.list_id == task.list_id]
        waiting = sum(each.is_waiting(scene.now) for each in listed)
        yield holds(len(listed) - waiting <= open_n <= len(listed), "another number of open tasks")
    if task and sentence.says(r"none (?:was )?done in the last 14 days"):
        last = [each.at for each in scene.finished if each.task.list_id == task.list_id]
        yield holds(not last or scene.days_ago(last[-1]) >= 2 * _WEEK_D - 1, "something of the list was done")
    if sentence.says(r"tends to stay in one list"):
        share, chance = staying(scene)
        yield holds(share >= _LEAST_LIFT * chance, "work does not stay in one list more than by chance")
        yield leads(share >= _FAIR_SHARE, "work stays in one list less than every other time")


def age(sentence: Sentence) -> Iterator[Finding]:
    """The age of a task, which is misleading for a recurring one, or the time since it was last done."""
    task, scene = sentence.task, sentence.scene
    ago = sentence.number(r"last done (\d+) days? ago")
    if task and ago is not None:
        done = [at for at in task.done if at <= scene.now]
        yield holds(bool(done) and scene.days_ago(done[-1]) == ago, "last done on another day")
    said = sentence.number(_AGE)
    if task and said is not None:
        # Without a zone, local days cannot be counted.
        may_miss = 0 if scene.life.habits.tells_zone or said < _WEEK_D else 1
        yield holds(abs(said - scene.days_ago(task.created)) <= may_miss, "another age")
        yield leads(not comes_back(task, scene), "the age of a recurring task")


def comes_back(task: PlantedTask, scene: Scene) -> bool:
    """Whether the rows show that a task recurs."""
    return task.recurs and (task.says_recurrence or sum(at <= scene.now for at in task.done) > 1)


def cue(sentence: Sentence) -> Iterator[Finding]:
    """A cue of today is later than now."""
    if "tomorrow" in sentence.move:
        return
    if "lunch" in sentence.move:
        yield leads(sentence.scene.hour < _LUNCH_H, "a lunch that is over")
    at = re.search(r"\bat (\d\d:\d\d)", sentence.move)
    if at:
        yield leads(clock_hour(at[1]) > sentence.scene.hour, "an hour that has passed")


def staying(scene: Scene) -> tuple[float, float]:
    """The share of tasks that follow one of the same list within 4 hours, and that share by chance."""
    done = scene.finished
    pairs = [(one, other) for one, other in pairwise(done) if other.at - one.at <= timedelta(hours=4)]
    if not pairs:
        return 0.0, 1.0
    lists = [each.task.list_id for each in done]
    chance = sum((lists.count(list_id) / len(lists)) ** 2 for list_id in set(lists))
    return sum(one.task.list_id == other.task.list_id for one, other in pairs) / len(pairs), chance


def _share_of_small(sentence: Sentence) -> Iterator[Finding]:
    found = re.search(
        r"(\d+) of the (?:last )?(\d+) (?:tasks )?done (?:in the last 7 days )?were low priority", sentence.fact
    )
    if found:
        week = [each.task for each in sentence.scene.finished if sentence.scene.days_ago(each.at) < _WEEK_D]
        low, known = sum(task.priority == _LOW for task in week), len(week)
        said_low, said_n = int(found[1]), int(found[2])
        yield holds(said_low <= low and said_n <= known, "more were done")
        yield leads(abs(said_low / said_n - low / max(known, 1)) <= 0.2, "another share of low priority")


def _near_its_end(scene: Scene, task: PlantedTask, done_n: int, total_n: int) -> Iterator[Finding]:
    opened = [each for each in scene.open if each.list_id == task.list_id]
    done = {each.task.id: each for each in scene.finished if each.task.list_id == task.list_id and not each.task.recurs}
    waiting = sum(each.is_waiting(scene.now) for each in opened)
    left_n = total_n - done_n
    yield holds(len(opened) - waiting <= left_n <= len(opened), "another number is left of the list")
    yield leads(abs(done_n - len(done)) <= 1, "more of the list was done")
    # A list that was written down at once gains nothing from its first finished task on.
    since = max(scene.now - timedelta(days=28), min((each.at for each in done.values()), default=scene.now))
    gained = sum(each.created >= since for each in (*opened, *(each.task for each in done.values())))
    lost = sum(each.at >= since for each in done.values())
    yield leads(gained < max(lost, 1), "the list gains as many tasks as it loses")


def is_high(task: PlantedTask) -> bool:
    """Whether a task is of high priority."""
    return (task.priority or 0) >= HIGH
