"""Judges of the agents for habits: lateness-buffer, peak-hours, momentum, weekly-review."""

import re
from collections.abc import Iterator
from datetime import timedelta

from benchmarks._truth.judges.choice_judges import is_high
from benchmarks._truth.judges.planted import (
    Lateness,
    done_ratios,
    is_away,
    lateness,
    pace_change,
    regimes,
    usual_by_now,
)
from benchmarks._truth.judges.sentence import Finding, Level, Sentence, clock_hour, holds, hours_apart, leads
from benchmarks._truth.world.scene import Scene
from benchmarks._truth.world.tasks import PlantedTask

_LATE_FROM, _ON_TIME_TO = 0.27, 0.25
_SHARE_TOLERANCE = 0.16
_PEAK_TOLERANCE_H = 1.5
_HALF_WINDOW_H = 1.5
_CHANGED = 0.15
_RATIO_TOLERANCE = 0.3
_WEEK = timedelta(days=7)
_KEEP = re.compile(r"\b(?:keep|save|hold|reserve|leave) «")


def lateness_buffer(sentence: Sentence) -> Iterator[Finding]:
    """Whether dated tasks miss their first date as often, and by as much, as stated."""
    scene = sentence.scene
    found = [lateness(scene.life, span) for span in regimes(scene.life, scene.day)]
    known = [each for each in found if each]
    days = re.search(r"land about (half a day|[\d.]+ days?) after their", sentence.fact)
    tenths = re.search(r"(?:about (\d+) in 10|(nearly all)) dated tasks(?: here)? land after their", sentence.fact)
    on_time = sentence.says(r"land on time")
    if (days or tenths or on_time) and not known:
        yield Finding(Level.MISLEADING, "a habit of hardly any dated tasks")
    elif days:
        said = 0.5 if days[1].startswith("half") else float(days[1].split()[0])
        yield holds(any(max(each.shares) >= _LATE_FROM for each in known), "most dated tasks are on time")
        yield holds(any(_is_median(said, each) for each in known), "late by another number of days")
    elif tenths:
        share = int(tenths[1]) / 10 if tenths[1] else 1.0
        yield holds(any(max(each.shares) >= _LATE_FROM for each in known), "most dated tasks are on time")
        yield holds(any(_is_share(share, each) for each in known), "late with another share")
    elif on_time:
        yield holds(any(min(each.shares) <= _ON_TIME_TO for each in known), "dated tasks are late")


def _is_median(said: float, lateness: Lateness) -> bool:
    return any(abs(said - each) <= max(1.0, each / 2) for each in (lateness.all_d, lateness.late_d))


def _is_share(said: float, lateness: Lateness) -> bool:
    return any(abs(said - share) <= _SHARE_TOLERANCE for share in lateness.shares)


def peak_hours(sentence: Sentence) -> Iterator[Finding]:
    """Whether tasks get done around that hour, the times of the window, and the task reserved for it."""
    scene = sentence.scene
    own = scene.setting("peak-hours", "peak_hour_local")
    inside = re.search(r"(?:cluster around|set to) (\d\d:\d\d), and that window runs until (\d\d:\d\d)", sentence.fact)
    opens = re.search(r"opens at (\d\d:\d\d)( tomorrow)?", sentence.fact)
    if inside:
        yield _is_peak(scene, clock_hour(inside[1]), own)
        length_h = (clock_hour(inside[2]) - clock_hour(inside[1])) % 24
        yield holds(abs(length_h - _HALF_WINDOW_H) <= 0.1, "the window ends at another time")
    if opens:
        begin = clock_hour(opens[1])
        yield _is_peak(scene, (begin + _HALF_WINDOW_H) % 24, own)
        is_tomorrow = begin <= scene.hour
        yield holds(bool(opens[2]) == is_tomorrow, "the window opens on another day")
    yield from _kept(sentence, opens)
    if sentence.task and "weightiest" in sentence.move:
        known = sentence.task.priority is not None or sentence.task.estimate_min is not None
        yield leads(known, "“weightiest” without a known priority or estimate")
        yield leads(not _outweighed(scene, sentence.task), "another open task weighs more")


def _is_peak(scene: Scene, hour: float, own: float | None) -> Finding:
    if own is not None:
        return holds(hours_apart(hour, own) <= 0.1, "another hour than the user set")
    rhythms = [scene.life.habits.on(first).rhythm for first, _ in regimes(scene.life, scene.day)]
    return holds(any(rhythm.holds(hour) for rhythm in rhythms), "no hour around which tasks get done")


def _outweighed(scene: Scene, task: PlantedTask) -> bool:
    """Whether an open task has a higher priority and takes longer."""
    own = (task.priority or 0, task.estimate_min or 0)
    others = ((each.priority or 0, each.estimate_min or 0) for each in scene.open if not each.is_waiting(scene.now))
    return any(priority > own[0] and estimate > own[1] for priority, estimate in others)


def _kept(sentence: Sentence, opens: re.Match[str] | None) -> Iterator[Finding]:
    """A task that is reserved for a window must not be due before the window ends."""
    scene, task = sentence.scene, sentence.task
    if not (task and opens and _KEEP.search(sentence.move)):
        return
    due = scene.dues.get(task.id)
    if due is None:
        return
    ahead_h = (clock_hour(opens[1]) - scene.hour) % 24 + _HALF_WINDOW_H
    yield leads(due.at >= scene.now, "an overdue task is reserved for the window")
    if due.at >= scene.now:
        is_after = due.at >= scene.now + timedelta(hours=ahead_h)
        yield leads(is_after, "a task that is due earlier is reserved for the window")


def momentum(sentence: Sentence) -> Iterator[Finding]:
    """Counts of today, the goal, the periods that begin today, and whether the pace has changed."""
    scene = sentence.scene
    of_goal = re.search(r"(\d+) of today's (\d+) are done", sentence.fact)
    if of_goal:
        yield holds(int(of_goal[1]) == scene.done_today(), "another number is done today")
        yield holds(int(of_goal[2]) == scene.setting("momentum", "daily_goal"), "another goal")
    today = sentence.number(r"(\d+) (?:are|is) done today")
    if today is not None:
        yield holds(today == scene.done_today(), "another number is done today")
    if sentence.says("ahead of the usual pace"):
        yield holds(scene.done_today() > usual_by_now(scene), "not ahead of the usual pace")
    if sentence.says(r"\ba new week"):
        yield holds(scene.local.weekday() == 0, "no new week")
    if sentence.says(r"\ba new month"):
        yield holds(scene.local.day == 1, "no new month")
    yield from _pace(sentence)


def _pace(sentence: Sentence) -> Iterator[Finding]:
    change, times = pace_change(sentence.scene), sentence.number(r"about ([\d.]+) times the usual pace")
    if sentence.says(r"\ba busier week"):
        yield holds(change >= 1 + _CHANGED, "a busier week without a change of pace")
    if times is not None:
        near = any(abs(times - each) <= _RATIO_TOLERANCE for each in done_ratios(sentence.scene))
        yield holds(near, "another change of pace")
    if sentence.says(r"\ba lighter week"):
        yield holds(change <= 1 - _CHANGED, "a lighter week without a change of pace")
        yield leads(not is_away(sentence.scene), "a lighter week of somebody who is away")


def weekly_review(sentence: Sentence) -> Iterator[Finding]:
    """The number of tasks done in seven days, and of those with high priority."""
    scene = sentence.scene
    spans = [
        [each for each in scene.finished if each.at > scene.now - _WEEK],
        [each for each in scene.finished if scene.days_ago(each.at) < _WEEK.days],
        [each for each in scene.finished if scene.days_ago(each.at) <= _WEEK.days],
    ]
    # A task that was done twice may count once.
    spans += [list({each.task.id: each for each in span}.values()) for span in spans]
    done = sentence.number(r"(\d+) tasks? (?:were|was) done in the last 7 days")
    important = sentence.number(r"(\d+) of them (?:of )?high priority")
    if done is not None:
        counted = [span for span in spans if len(span) == done]
        yield holds(bool(counted), "another number was done")
        if counted and important is not None:
            is_so = any(sum(is_high(each.task) for each in span) == important for span in counted)
            yield holds(is_so, "another number of them was of high priority")
