"""Planted users live as they were planted, and are sent as a backend would send them."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from statistics import mean, pvariance

import pytest

from benchmarks._truth.judges.planted import lateness, pace_change
from benchmarks._truth.nulls import WINDOWLESS
from benchmarks._truth.world.draws import count, hours_of_a_day
from benchmarks._truth.world.habits import Habits, Rhythm
from benchmarks._truth.world.kinds import KINDS, users
from benchmarks._truth.world.life import Life, live
from benchmarks._truth.world.scene import Reaction, Scene
from testing.for_each import for_each

DATED = Habits("dated", rate=6.0, dated=1.0, due_hours=(), recurring=0, waits=0.0, moves_ahead=0.0, never_done=0.0)

CHANCE = Random(1)  # noqa: S311  # plans a test, keeps no secrets


@for_each(("overdispersion", "ratio"), [(None, 1.0), (3.0, 7 / 3), (1.0, 5.0)])
def test_days_are_as_uneven_as_planted(overdispersion: float | None, ratio: float) -> None:
    """With k the variance of a day's number is 1 + mean / k times its mean."""
    numbers = [count(CHANCE, 4.0, overdispersion) for _ in range(20_000)]

    assert mean(numbers) == pytest.approx(4, rel=0.05)
    assert pvariance(numbers) / mean(numbers) == pytest.approx(ratio, rel=0.06)


def test_hours_are_where_they_were_planted() -> None:
    """A clear hour holds most tasks, users without one have none."""
    morning = hours_of_a_day(CHANCE, Rhythm(around=((9.5, 1.0, 0.8),), in_sittings=0), 5_000)
    flat = hours_of_a_day(CHANCE, WINDOWLESS["even 9-18 h"], 5_000)

    assert sum(8 <= hour <= 11 for hour in morning) / 5_000 == pytest.approx(0.8 * 0.87 + 0.2 * 3 / 16, abs=0.03)
    assert (min(flat), max(flat)) == pytest.approx((9, 18), abs=0.05)


@for_each(("lateness_d", "never_done", "share"), [(-0.69, 0.0, 0.25), (-2.0, 0.37, 0.37), (0.0, 0.2, 0.6)])
def test_as_many_are_late_as_planted(lateness_d: float, never_done: float, share: float) -> None:
    """By the first date, for any later move; tasks that are never done are late."""
    habits = replace(
        DATED, lateness_d=lateness_d, lateness_scale_d=1.0 if lateness_d > -1 else 0.3, never_done=never_done
    )
    found = [
        lateness(life, (14, 120))
        for life in (live(f"{seed}", replace(habits, redates=0.9), 20, seed) for seed in range(3))
    ]

    assert mean(each.shares[0] for each in found if each) == pytest.approx(share, abs=0.05)


def test_dates_that_pass_are_moved_again_and_again() -> None:
    """A date is only moved once it has passed, and to a later one; the first one stays known."""
    life = live("user", replace(DATED, lateness_d=2.0, redates=0.9), 8, 1)

    moved = [task for task in life.tasks if len(task.dues) > 2]
    assert moved
    for task in moved:
        moments = [(due.set_at, due.at) for due in task.dues]
        assert moments == sorted(moments)
        assert all(after.set_at > before.at for before, after in zip(task.dues, task.dues[1:], strict=False))


def scene(life: Life, day: int = 40, *reactions: Reaction) -> Scene:
    return Scene(life, life.moment(day, 9), reactions)


def test_rows_tell_what_a_backend_knows_at_that_moment() -> None:
    """Nothing that lies ahead is sent, and of a task that was moved its earlier dates are."""
    at = scene(live("user", users(13, 1)[11], 8, 1))
    rows = {row["id"]: row for row in at.task_rows()}

    assert all(datetime.fromisoformat(str(row["created_at"])) <= at.now for row in rows.values())
    assert {row["id"] for row in rows.values() if row["status"] != "done"} == {task.id for task in at.open}
    moved = next(task for task in at.open if task.moves_n(at.now))
    assert len(rows[moved.id]["due_history"]) == moved.moves_n(at.now)  # type: ignore[arg-type]  # a list
    assert all(row["task_id"] for row in at.completion_rows())


def test_tips_are_sent_with_their_words_and_answers() -> None:
    """An answer is an event of its own; a tip that got none is only shown."""
    life = live("user", KINDS[0], 8, 1)
    now = life.moment(40, 9)
    at = scene(
        life,
        40,
        *(Reaction(now - timedelta(hours=each), "Do it now.", "start", "t1", "done", 900) for each in range(25)),
    )

    assert [event["action"] for event in at.feedback_rows()][:2] == ["shown", "done"]
    assert {event["words_n"] for event in at.feedback_rows()} == {3}
    assert len(at.recent_tips()) == 20


def test_a_change_of_pace_is_seen_from_the_next_monday() -> None:
    """The week before the last Monday is compared with the four before it."""
    life = live("user", Habits("busier", rate=2.0, changes=((28, {"rate": 4.0}),)), 8, 1)

    assert [pace_change(scene(life, day)) for day in (27, 34, 35, 41)] == pytest.approx([1, 1, 2, 2])


def test_users_are_of_many_kinds_and_zones() -> None:
    """Sixty users have at least twenty kinds and ten zones; a seed gives the same ones again."""
    planted = users(60, 3)

    assert len({each.kind for each in planted}) >= 20
    assert len({each.zone for each in planted}) == 10
    assert [each.rate for each in planted] == [each.rate for each in users(60, 3)]
    assert live("user", planted[0], 4, 5).tasks == live("user", planted[0], 4, 5).tasks
