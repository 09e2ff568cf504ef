"""The planted habits as figures: the share done late, the pace, the hours, the words that are read."""

from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from benchmarks._truth.world.life import Life
from benchmarks._truth.world.scene import Scene

NOTICED_D = 21
"""The days after a change of habits in which a statement may be about either of them."""

_FEWEST = 8
_WEEK_D = 7


class Lateness(NamedTuple):
    """The share of dated tasks that miss their first date, with and without waiting ones; medians in days."""

    shares: tuple[float, float]
    all_d: float
    late_d: float


def regimes(life: Life, day: int) -> list[tuple[int, int]]:
    """The spans of days whose habits may be stated on a day: the current one, and one that ended recently."""
    return [(first, last) for first, last in _spans(life) if first <= day < last + NOTICED_D]


def lateness_on(life: Life, day: int) -> "Lateness | None":
    """The lateness of dated tasks by the habits of a day."""
    return next(lateness(life, (first, last)) for first, last in _spans(life) if first <= day < last)


def _spans(life: Life) -> list[tuple[int, int]]:
    """The days between changes of habits."""
    return list(pairwise([0, *(first for first, _ in life.habits.changes if first < life.days), life.days]))


@lru_cache(maxsize=256)
def lateness(life: Life, span: tuple[int, int]) -> Lateness | None:
    """The final lateness of the dated tasks of a span of days; None if there are too few."""
    end = life.moment(life.days, 0)
    dated = [task for task in life.tasks if task.dues and span[0] <= life.day_of(task.dues[0].at) < span[1]]
    decided = [(task, late) for task in dated if (late := task.is_late(end)) is not None]
    if len(decided) < _FEWEST:
        return None
    every = sum(late for _, late in decided) / len(decided)
    own = [late for task, late in decided if task.waits is None]
    days = [days for task, _ in decided if (days := task.days_late()) is not None]
    late_days = [each for each in days if each > 0]
    shares = (every, sum(own) / len(own) if own else every)
    return Lateness(shares, median(days or [0]), median(late_days or [0]))


def pace_change(scene: Scene) -> float:
    """The planted pace of the week before the last Monday over that of the four weeks before it."""
    look = scene.day - scene.local.weekday()
    week = [scene.life.rate_on(day) for day in range(look - _WEEK_D, look)]
    before = [scene.life.rate_on(day) for day in range(look - 5 * _WEEK_D, look - _WEEK_D)]
    return 4 * sum(week) / max(sum(before), 0.1)


def done_ratios(scene: Scene) -> list[float]:
    """Tasks done in a week over those of an average week of the four before: to today, and to the last Monday."""
    days = [scene.days_ago(each.at) for each in scene.finished]
    found = []
    for ends in (1, scene.local.weekday() + 1):
        week = sum(ends <= day < ends + _WEEK_D for day in days)
        before = sum(ends + _WEEK_D <= day < ends + 5 * _WEEK_D for day in days)
        found.append(4 * week / max(before, 1))
    return found


def is_away(scene: Scene) -> bool:
    """Whether the user was away in the week before the last Monday, or has just come back."""
    look = scene.day - scene.local.weekday()
    return any(first < scene.day and last >= look - _WEEK_D for first, last in scene.habits.away)


def usual_by_now(scene: Scene) -> float:
    """Tasks done by this hour of a day, on average over the user's working days."""
    life, now = scene.life, scene.local.time()
    days = [day for day in range(life.habits.first_day, life.days) if life.rate_on(day)]
    done = [at.astimezone(life.zone).time() <= now for task in life.tasks for at in task.done]
    return sum(done) / max(len(days), 1)
