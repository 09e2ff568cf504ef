"""The judges of the truth benchmark know a planted world, and tell true sentences from others."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from benchmarks._truth.judges.sentence import Level, Sentence
from benchmarks._truth.judges.verdict import verdict
from benchmarks._truth.world.habits import Habits, Rhythm
from benchmarks._truth.world.life import Life
from benchmarks._truth.world.scene import Reaction, Scene
from benchmarks._truth.world.tasks import Due, PlantedTask
from testing.for_each import for_each

DAY = timedelta(days=1)
WORLD = Life("user", Habits("planted", rhythm=Rhythm(around=((9.5, 1.0, 0.9),)), accepts=0.3), 56, ())
NOW = WORLD.moment(24, 10.0)
"""A Thursday."""


def task(title: str, age_d: int, **fields: Any) -> PlantedTask:
    return PlantedTask(id=title, title=title, list_id="list", created=NOW - age_d * DAY)._replace(**fields)


def due(*moments: datetime, bare: bool = False) -> tuple[Due, ...]:
    return tuple(Due(NOW - (len(moments) - place) * DAY, at, bare) for place, at in enumerate(moments))


def end_of_day(day: int) -> datetime:
    return WORLD.moment(day + 1, 0) - timedelta(seconds=1)


TASKS = (
    task("Send it", 9, dues=due(WORLD.moment(24, 15.0)), estimate_min=15, priority=3),
    task("Order it", 20, dues=due(*(end_of_day(day) for day in (13, 15, 18, 22)), bare=True), estimate_min=90),
    task("Book it", 43, estimate_min=10, priority=4),
    task("Hear of it", 12, waits=(NOW - 5 * DAY, NOW + 5 * DAY), dues=due(end_of_day(24), bare=True)),
    task("Water it", 300, recurs=True, done=(NOW - 16 * DAY, NOW - 9 * DAY)),
    task("Plan it", 3, dues=due(WORLD.moment(25, 17.0)), estimate_min=30, priority=1),
    *(task(f"Done {place}", 12, done=(NOW - place * DAY - DAY / 24,), priority=1 + place % 3) for place in range(10)),
)


def said(agent_id: str, text: str, *reactions: Reaction, hour: float = 10.0, **habits: Any) -> Level:
    life = replace(WORLD, tasks=TASKS, habits=replace(WORLD.habits, **habits))
    return verdict(Sentence(Scene(life, life.moment(24, hour), reactions), agent_id, text)).level


@for_each(
    ("agent_id", "text"),
    [
        (
            "deadline-pressure",
            "[start|3] Fact: «Send it» is due in about 5 h; 1 other is past its date. Move: start now.",
        ),
        (
            "deadline-pressure",
            "[decide|3] Fact: «Order it» is 2 days past its date; 1 task is due today. Move: re-date.",
        ),
        ("deadline-pressure", "[decide|3] Fact: «Order it» has been moved 3 times. Move: make it half its size."),
        ("overdue-pile", "[decide|3] Fact: 1 task is past its date, «Order it» among them. Move: keep it."),
        ("quick-win", "[start|3] Fact: «Book it» is marked 10 min and has waited 43 days. Move: do it first."),
        (
            "important-first",
            "[plan|2] Fact: «Book it» is urgent priority with no date. Move: 10 min right after lunch.",
        ),
        ("stale-task", "[decide|3] Fact: «Book it» has been open 43 days. Move: let it go."),
        (
            "stale-task",
            "[decide|3] Fact: «Hear of it» waits for somebody else; it has been open 12 days. Move: ask once.",
        ),
        ("stale-task", "[decide|3] Fact: «Water it» was last done 9 days ago. Move: set a day."),
        ("workload-balance", "[plan|2] Fact: 1 task is due today, about 0.5 h by their estimates. Move: start."),
        (
            "peak-hours",
            "[start|2] Fact: completions here cluster around 09:30, and that window runs until 11:00. Move: go.",
        ),
        ("momentum", "[advice|2] Fact: 1 is done today, ahead of the usual pace. Move: choose."),
        ("weekly-review", "[plan|2] Fact: 7 tasks were done in the last 7 days. Move: choose three, «Book it» first."),
    ],
)
def test_true_sentences(agent_id: str, text: str) -> None:
    """A sentence that agrees with the planted world is true."""
    assert said(agent_id, text) is Level.TRUE


@for_each(
    ("agent_id", "text"),
    [
        ("deadline-pressure", "[start|3] Fact: «Send it» is due in about 8 h. Move: start now."),
        ("deadline-pressure", "[start|3] Fact: «Send it» is due tomorrow. Move: start now."),
        ("deadline-pressure", "[start|3] Fact: «Book it» is due tomorrow. Move: start now."),
        (
            "deadline-pressure",
            "[start|3] Fact: «Send it» is due today by 15:00; 2 other tasks are due today. Move: start.",
        ),
        ("deadline-pressure", "[decide|3] Fact: «Order it» is 3 days past its date. Move: re-date."),
        ("deadline-pressure", "[decide|3] Fact: «Order it» has been moved 4 times. Move: make it half its size."),
        ("deadline-pressure", "[decide|3] Fact: «Done 1» is several days past its date. Move: re-date."),
        ("overdue-pile", "[decide|3] Fact: 5 tasks are past their date, «Order it» among them. Move: keep it."),
        ("overdue-pile", "[decide|3] Fact: 1 task is past its date, «Send it» among them. Move: keep it."),
        ("quick-win", "[start|3] Fact: «Book it» is marked 15 min. Move: do it first."),
        ("quick-win", "[start|3] Fact: «Book it» is marked 10 min and has waited 40 days. Move: do it first."),
        ("important-first", "[plan|2] Fact: «Plan it» is high priority and due tomorrow. Move: at 15:00."),
        ("important-first", "[plan|2] Fact: «Send it» is high priority with no date. Move: at 15:00."),
        ("stale-task", "[decide|3] Fact: «Book it» waits for somebody else. Move: ask once."),
        ("stale-task", "[decide|3] Fact: «Water it» was last done 16 days ago. Move: set a day."),
        ("workload-balance", "[plan|2] Fact: 4 tasks are due today. Move: start."),
        (
            "peak-hours",
            "[start|2] Fact: completions here cluster around 15:30, and that window runs until 17:00. Move: go.",
        ),
        ("peak-hours", "[plan|2] Fact: the usual finishing window opens at 08:00. Move: wait."),
        ("momentum", "[advice|2] Fact: 4 are done today. Move: choose."),
        ("momentum", "[start|2] Fact: a new week starts today. Move: start."),
        ("momentum", "[rest|2] Fact: a busier week than usual. Move: protect a break."),
        ("weekly-review", "[plan|2] Fact: 12 tasks were done in the last 7 days. Move: choose three."),
        (
            "lateness-buffer",
            "[advice|2] Fact: nearly all dated tasks here land on time. Move: trust the date on «Gone».",
        ),
    ],
)
def test_false_sentences(agent_id: str, text: str) -> None:
    """A sentence with another date, number, hour or task is false."""
    assert said(agent_id, text) is Level.FALSE


@for_each(
    ("agent_id", "text", "hour"),
    [
        (
            "deadline-pressure",
            "[start|3] Fact: «Send it» is due in about 5 h; nothing else is due today. Move: start.",
            10,
        ),
        ("deadline-pressure", "[start|3] Fact: «Plan it» is due tomorrow. Move: start.", 10),
        ("deadline-pressure", "[start|3] Fact: «Send it» is due in about 5 h. Move: start with a 25-min block.", 10),
        (
            "important-first",
            "[plan|2] Fact: «Book it» is high priority with no date. Move: 10 min right after lunch.",
            14,
        ),
        ("important-first", "[plan|2] Fact: «Book it» is high priority with no date. Move: 10 min at 13:00.", 14),
        ("stale-task", "[decide|3] Fact: «Water it» has been open 300 days. Move: let it go.", 10),
        ("stale-task", "[decide|3] Fact: «Hear of it» has been open 12 days. Move: a first step.", 10),
        ("workload-balance", "[defer|2] Fact: 1 task is due today. Move: give «Order it» another day.", 10),
        ("workload-balance", "[plan|2] Fact: about 2 h is lined up for today. Move: start.", 10),
        (
            "workload-balance",
            "[plan|2] Fact: about 0.5 h is lined up for today with about 4 h of capacity left. Move: go.",
            9,
        ),
        (
            "peak-hours",
            "[plan|2] Fact: the usual finishing window opens at 08:00 tomorrow. Move: keep «Order it» for it.",
            10,
        ),
        (
            "peak-hours",
            "[plan|2] Fact: the usual finishing window opens at 08:00 tomorrow. Move: keep «Send it» for it.",
            10,
        ),
        ("lateness-buffer", "[advice|2] Fact: nearly all dated tasks here land on time. Move: trust «Send it».", 10),
    ],
)
def test_misleading_sentences(agent_id: str, text: str, hour: float) -> None:
    """True to the letter, or resting on a default, a sentence may still lead its reader to something wrong."""
    assert said(agent_id, text, hour=hour) is Level.MISLEADING


@pytest.mark.parametrize("agent_id", ["deadline-pressure", "momentum", "tip-receptivity", "weekly-review"])
def test_unreadable_sentences(agent_id: str) -> None:
    """A sentence with none of its agent's phrases cannot be judged."""
    assert said(agent_id, "[advice|1] Fact: today is a day. Move: breathe.") is Level.UNREADABLE


def reactions(*outcomes: str) -> Sequence[Reaction]:
    return [
        Reaction(NOW - (20 - place) * DAY / 48, "Do it.", "start", None, each, 900)
        for place, each in enumerate(outcomes)
    ]


@for_each(
    ("text", "level"),
    [
        ("[advice|2] Fact: the last 2 tips were turned down. Move: at most 18 words.", Level.TRUE),
        ("[advice|2] Fact: the last 3 tips were turned down. Move: at most 18 words.", Level.FALSE),
        ("[advice|2] Fact: tips here are taken up more often than not. Move: more words.", Level.FALSE),
        ("[advice|2] Fact: the limit for a tip here is 18 words. Move: at most 18 words.", Level.FALSE),
        ("[rest|2] Fact: quiet hours run until 08:00. Move: nothing to start now.", Level.FALSE),
    ],
)
def test_sentences_about_tips(text: str, level: Level) -> None:
    """Runs are counted without tips that were put off or only shown; a reader of whole tips has no limit."""
    assert said("tip-receptivity", text, *reactions("done", "dismissed", "shown", "snoozed", "dismissed")) is level


def test_a_set_limit_and_a_planted_one_are_true() -> None:
    """The user's own limit is exact; one inferred from tips closed early is near the words read."""
    text = "[advice|2] Fact: the limit for a tip here is 18 words. Move: at most 18 words."

    assert said("tip-receptivity", text, prefs={"tip-receptivity": {"max_words": 18}}) is Level.TRUE
    assert said("tip-receptivity", text, reads_words=20) is Level.TRUE
    assert said("tip-receptivity", text, prefs={"tip-receptivity": {"max_words": 22}}) is Level.FALSE
