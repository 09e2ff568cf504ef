"""quick-win offers a small task, sparingly."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from oo.agents.quick_win import MANIFEST
from oo.contract.agent_output import AgentOutput
from testing.agent_snapshots import DAY, HOUR, NOW, SECOND, ask, iso, snapshot
from testing.for_each import for_each
from testing.seeds import seeds
from tests.unit.agents.random_inputs import random_input, seeded


def small(task_id: str = "a", minutes: object = 5, **more: object) -> dict[str, object]:
    return {"id": task_id, "title": f"Task {task_id}", "estimate_minutes": minutes, **more}


def done(task_id: str, minutes: object = 5) -> dict[str, object]:
    return small(task_id, minutes, status="done", completed_at=iso(NOW - HOUR))


def output_of(*tasks: object, **prefs: object) -> AgentOutput:
    return ask("quick-win", snapshot(*tasks, prefs=prefs))


def test_names_the_task_its_minutes_and_its_wait() -> None:
    """A small task is named with its estimate and the days it has waited."""
    task = {"id": "a", "title": "Pay the water bill", "estimate_minutes": 5, "created_at": iso(NOW - 9 * DAY)}

    assert output_of(task).prompt_text == (
        "[start|3] Fact: «Pay the water bill» is marked 5 min and has waited 9 days. "
        "Move: do it between two other things, in one go. Care: then go to something that matters."
    )


def test_unknown_age_is_not_mentioned() -> None:
    """A task without a date of creation, or made today, is said to wait no days."""
    for task in (small(), small(created_at=iso(NOW)), small(created_at=iso(NOW + DAY))):
        assert "is marked 5 min. Move" in output_of(task).prompt_text


def test_snapshot_holds_the_numbers() -> None:
    """The snapshot counts small tasks, open and done, and says whether something important waits."""
    tasks = (small("a"), small("b", 60, priority="high"), done("c"), done("d", 60))

    assert output_of(*tasks).signals_snapshot == {
        "applicable": True,
        "reason": None,
        "quick_n": 1,
        "top_task_id": "a",
        "top_est_min": 5.0,
        "top_age_d": None,
        "quick_done_today_n": 1,
        "easy_share_today_p": 0.5,
        "important_waiting": True,
    }


@for_each("estimate", [0, -5, 1e9, 1441, "ten", True, None, float("nan")])
def test_implausible_estimates_are_none(estimate: object) -> None:
    """Only a number of minutes up to a day is an estimate, and titles are not guessed at."""
    task = {"id": "a", "title": "5 min call", "estimate_minutes": estimate}

    assert output_of(task).signals_snapshot["reason"] == "no_estimate"


@for_each(("minutes", "reason"), [(10, None), ("10", None), (10.5, "nothing_small")])
def test_small_is_up_to_the_limit(minutes: object, reason: str | None) -> None:
    """A task is small up to and including the preferred number of minutes."""
    assert output_of(small(minutes=minutes)).signals_snapshot["reason"] == reason


@pytest.mark.all_seeds
def test_never_picks_more_than_the_limit() -> None:
    """No named task has an estimate above the preference."""
    for seed in seeds(300):
        given = random_input(seed, MANIFEST, garbage=0)
        minutes = ask("quick-win", given).signals_snapshot["top_est_min"]
        limit = given.agent_prefs.get("quick_max_min", 10)

        assert minutes is None or (isinstance(minutes, float) and isinstance(limit, int) and minutes <= limit)


@for_each(
    ("finished", "reason"),
    [
        ([5, 5], None),
        ([5, 5, 60], None),
        ([5, 5, 5], "enough_for_today"),
        ([5, 5, 5, 60, 60], "enough_for_today"),
    ],
)
def test_a_run_of_easy_tasks_silences_it(finished: list[int], reason: str | None) -> None:
    """Three small tasks a day are enough by default."""
    tasks = [done(f"d{number}", minutes) for number, minutes in enumerate(finished)]

    assert output_of(small(), *tasks).signals_snapshot["reason"] == reason


@pytest.mark.parametrize(("longer_n", "reason"), [(1, "enough_for_today"), (2, None)])
def test_share_of_easy_tasks_silences_it(longer_n: int, reason: str | None) -> None:
    """Below the daily limit, a day of three quarters small tasks is a run, too."""
    tasks = [done(f"d{n}") for n in range(3)] + [done(f"l{n}", 60) for n in range(longer_n)]

    assert output_of(small(), *tasks, max_per_day=10).signals_snapshot["reason"] == reason


def test_yesterday_does_not_count() -> None:
    """Small tasks done before local midnight do not silence today."""
    tasks = [small(f"d{n}", status="done", completed_at="2026-06-16T23:59:00") for n in range(5)]

    assert output_of(small(), *tasks).prompt_text


@pytest.mark.parametrize(("peak_h", "lasts"), [(10, timedelta(hours=1, minutes=30)), (11.5, 3 * HOUR)])
def test_best_hours_are_left_free(peak_h: float, lasts: timedelta) -> None:
    """Inside the window around the best hour it is silent until the window ends."""
    output = output_of(small(), peak_hour_local=peak_h)

    assert output.signals_snapshot["reason"] == "best_hours"
    assert output.expires_at - output.computed_at == lasts


def test_ends_where_the_best_hours_begin() -> None:
    """Before the window it speaks until the window begins."""
    output = output_of(small(), peak_hour_local=13)

    assert output.prompt_text
    assert output.expires_at == NOW.replace(hour=11, minute=30)


@for_each("older_d", [13, 14, 15])
def test_age_counts_for_two_weeks(older_d: int) -> None:
    """An older task goes first, and beyond 14 days age adds no more."""
    tasks = (small("young", created_at=iso(NOW)), small("old", created_at=iso(NOW - older_d * DAY)))

    assert output_of(*tasks).signals_snapshot["top_task_id"] == "old"


@pytest.mark.parametrize(("age_d", "first"), [(5, "high"), (11, "old")])
def test_importance_weighs_against_age(age_d: int, first: str) -> None:
    """An urgent task of today equals an unrated one that has waited about five days and loses to older ones."""
    tasks = (
        small("high", priority="urgent", created_at=iso(NOW)),
        small("old", created_at=iso(NOW - age_d * DAY)),
    )
    # Scores: 1.0 against 0.75 * (1 + age / 14), near equals being left out by the distance.
    named = {ask("quick-win", snapshot(*tasks, user_id=f"user-{n}")).signals_snapshot["top_task_id"] for n in range(9)}

    assert first in named
    assert (named == {"old"}) is (age_d == 11)


def test_near_equals_take_turns() -> None:
    """Equal tasks rotate: over as many days as there are tasks each is named once."""
    tasks = [small(f"t{n}", created_at=iso(NOW - 40 * DAY)) for n in range(4)]
    named = [
        ask("quick-win", snapshot(*tasks, now=NOW + day * DAY)).signals_snapshot["top_task_id"] for day in range(4)
    ]

    assert sorted(map(str, named)) == ["t0", "t1", "t2", "t3"]


def test_order_of_tasks_is_irrelevant() -> None:
    """Shuffled tasks give the same pick."""
    tasks = [small(f"t{n}", created_at=iso(NOW - n * DAY)) for n in range(9)]
    picks = {output_of(*seeded(seed).sample(tasks, len(tasks))).signals_snapshot["top_task_id"] for seed in range(20)}

    assert len(picks) == 1


def test_lasts_four_hours() -> None:
    """Nothing else ending it, a statement lasts four hours."""
    output = output_of(small())

    assert output.expires_at - output.computed_at == 4 * HOUR
    assert ask("quick-win", snapshot(small(), now=output.expires_at - SECOND)).prompt_text == output.prompt_text


@for_each(
    ("zone", "day"),
    [("Europe/Berlin", "2026-06-17"), ("Australia/Lord_Howe", "2026-10-04"), ("Asia/Kathmandu", "2026-06-17")],
)
@for_each("peak_h", [0.5, 9, 23.5])
def test_best_hours_follow_the_clock(zone: str, day: str, peak_h: float) -> None:
    """At every ten minutes of a day it is silent exactly while the local clock is near the best hour."""
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    for number in range(24 * 6):
        now = (midnight + number * timedelta(minutes=10)).astimezone(ZoneInfo(zone))
        given = snapshot(small(), now=now, prefs={"peak_hour_local": peak_h})
        near = -1.5 <= (now.hour + now.minute / 60 - peak_h + 12) % 24 - 12 < 1.5

        assert (ask("quick-win", given).signals_snapshot["reason"] == "best_hours") is near, now


def test_wordings_take_turns() -> None:
    """A task of unknown age is offered in other words on the next day."""
    texts = {ask("quick-win", snapshot(small(), now=NOW + day * DAY)).prompt_text for day in range(4)}

    assert len(texts) == 2


@for_each(
    ("done_d", "words"),
    [([9], "is marked 5 min and was last done 9 days ago."), ([3, 1], "and was last done 1 day ago."), ([], "5 min. ")],
)
def test_a_recurring_task_is_as_old_as_its_last_time(done_d: list[int], words: str) -> None:
    """Of a task that recurs the last time it was done is said, and never how long it has waited."""
    task = small(recurrence="weekly", created_at=iso(NOW - 329 * DAY))
    completions = [{"task_id": "a", "completed_at": iso(NOW - age_d * DAY)} for age_d in done_d]
    text = ask("quick-win", snapshot(task, completions=completions)).prompt_text

    assert words in text
    assert "has waited" not in text


def test_two_completions_tell_that_a_task_recurs() -> None:
    """An open task that was done twice has waited since then, not since it was made."""
    task = small(created_at=iso(NOW - 329 * DAY))
    completions = [{"id": "a", "completed_at": iso(NOW - age_d * DAY)} for age_d in (14, 7)]

    assert "was last done 7 days ago" in ask("quick-win", snapshot(task, completions=completions)).prompt_text


def test_what_recurs_and_was_done_today_is_not_offered() -> None:
    """A recurring task is not offered a second time on one day."""
    completions = [{"task_id": "a", "completed_at": iso(NOW - HOUR)}]
    output = ask("quick-win", snapshot(small(recurrence="daily"), completions=completions))

    assert output.signals_snapshot["reason"] == "nothing_small"


@for_each("more", [{"tags": ["waiting"]}, {"status": "blocked"}, {"status": 2}, {"status": "someday"}])
def test_what_cannot_be_done_now_is_not_offered(more: dict[str, object]) -> None:
    """A task that waits, is set aside, or has an unreadable state is no quick win."""
    assert output_of({**small(), **more}).prompt_text == ""


def test_of_an_unknown_state_nothing_is_said_to_have_waited() -> None:
    """A status that is no word of the list may be named, without the days it has waited."""
    task = small(status="parked", created_at=iso(NOW - 9 * DAY))

    assert "«Task a» is marked 5 min. Move" in output_of(task).prompt_text


def test_a_task_with_open_parts_is_not_small() -> None:
    """The estimate of a whole does not tell the time of its open parts."""
    assert output_of(small(), small("b", 60, parent_id="a")).prompt_text == ""


@for_each("estimate", ["30m", {"amount": 1, "unit": "day"}, -5, True])
def test_unread_estimates_are_no_small_ones(estimate: object) -> None:
    """A task of unknown time is neither small nor said to have none."""
    assert output_of(small(minutes=estimate)).prompt_text == ""
