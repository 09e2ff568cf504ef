"""workload-balance compares what is lined up for today with what the rest of the day holds."""

from datetime import datetime, timedelta

import pytest

from oo.contract.agent_output import AgentOutput
from testing.agent_snapshots import DAY, HOUR, MINUTE, NOW, SECOND, ask, iso, snapshot
from testing.for_each import for_each
from tests.unit.agents.random_inputs import seeded

TODAY = "2026-06-17"


def task(task_id: str = "a", minutes: object = 60, due_at: object = TODAY, **more: object) -> dict[str, object]:
    return {"id": task_id, "title": f"Task {task_id}", "estimate_minutes": minutes, "due_at": due_at, **more}


def output_of(*tasks: object, now: datetime = NOW, completions: int = 0, **prefs: object) -> AgentOutput:
    finished = [{"project_id": str(n), "completed_at": iso(NOW - n % 20 * DAY - HOUR)} for n in range(completions)]
    return ask("workload-balance", snapshot(*tasks, now=now, prefs=prefs, completions=finished))


def kind(output: AgentOutput) -> str:
    return output.prompt_text[1:].partition("|")[0]


def test_overload_offers_a_way_out() -> None:
    """An overloaded day is told in hours, and the least important task may move."""
    tasks = (task("a", 300, priority="high"), task("b", 90, title="Tidy notes", priority="low"))

    assert output_of(*tasks, now=NOW.replace(hour=9)).prompt_text == (
        "[defer|2] Fact: about 6.5 h is lined up for today with about 4 h of capacity left. "
        "Move: keep what matters most and give «Tidy notes» another day. Care: moving is planning, not failing."
    )


def test_room_is_offered_for_what_matters() -> None:
    """A day that is at most half full is told as room."""
    text = output_of(task("a", 60)).prompt_text

    assert text.startswith("[plan|2] Fact: about 1 h is lined up for today with about 3.5 h of capacity left.")


def test_snapshot_holds_the_numbers() -> None:
    """The snapshot holds the load, the capacity left, and how long the list takes at the usual pace."""
    tasks = (task("a", 100), task("b", None), task("c", 20, None, status="doing"), task("d", 5, "2026-07-30"))

    assert output_of(*tasks, now=NOW.replace(hour=9), completions=28).signals_snapshot == {
        "applicable": False,
        "reason": "in_balance",
        "today_n": 3,
        "load_min": 140.0,
        "known_est_p": 0.667,
        "capacity_left_min": 240.0,
        "load_ratio": 0.583,
        "wip_n": 1,
        "throughput_d": 1.0,
        "clear_days": 4.0,
        "defer_task_id": None,
    }


@pytest.mark.parametrize(("completions", "clear_days"), [(13, None), (14, 2.0)])
def test_time_to_clear_needs_a_pace(completions: int, clear_days: float | None) -> None:
    """From half a task a day on the time to clear the list is known."""
    snapshot_values = output_of(task(), completions=completions).signals_snapshot

    assert snapshot_values["clear_days"] == clear_days


@pytest.mark.parametrize(
    ("due_at", "today_n"),
    [(TODAY, 1), ("2026-06-14", 1), ("2026-06-13", 0), ("2026-06-18", 0), (iso(NOW - HOUR), 1), (None, 0)],
)
def test_load_is_due_today_or_overdue_by_three_days(due_at: object, today_n: int) -> None:
    """Tasks with today's date and those up to three days overdue are the load."""
    assert output_of(task(due_at=due_at)).signals_snapshot["today_n"] == today_n


def test_work_in_progress_counts_with_something_due() -> None:
    """A task in progress is load only on a day on which something is due or overdue."""
    started = task("b", 60, None, status="in progress")

    assert output_of(started).signals_snapshot["reason"] == "nothing_due"
    assert output_of(started, task("a")).signals_snapshot["today_n"] == 2


@pytest.mark.parametrize(
    ("known", "fill_min"), [((), 30.0), ((10, 20), 30.0), ((10, 20, 90), 20.0), ((10, 20, 30, 90), 25.0)]
)
def test_missing_estimates_are_filled_in(known: tuple[int, ...], fill_min: float) -> None:
    """A missing estimate counts as the median of three known ones or more, else as 30 minutes, and that is said."""
    others = [task(f"k{n}", minutes, None) for n, minutes in enumerate(known)]
    output = output_of(task("a", None), *others)

    assert output.signals_snapshot["load_min"] == fill_min
    assert f"counting {fill_min:g} min where a task has no estimate" in output.prompt_text


@pytest.mark.parametrize(
    ("minutes", "expected"), [(120, "plan"), (121, ""), (299, ""), (300, "defer"), (1440, "defer")]
)
def test_ratio_decides(minutes: int, expected: str) -> None:
    """Up to half the capacity is room, from 1.25 times on is overload, in between it is silent."""
    assert kind(output_of(task(minutes=minutes), now=NOW.replace(hour=9))) == expected


@pytest.mark.parametrize(("hour", "minute", "expected"), [(15, 59, "plan"), (16, 0, "")])
def test_room_ends_two_hours_before_work_does(hour: int, minute: int, expected: str) -> None:
    """In the last two working hours there is no room to speak of."""
    assert kind(output_of(task(minutes=5), now=NOW.replace(hour=hour, minute=minute))) == expected


def test_after_work_only_deferring_is_left() -> None:
    """Once the working hours are over, what is still lined up may move, and there is no ratio."""
    output = output_of(task(minutes=10), now=NOW.replace(hour=18))

    assert "under half an hour is lined up for today and the working hours are over." in output.prompt_text
    assert "Move: give «Task a» another day." in output.prompt_text
    assert (kind(output), output.signals_snapshot["load_ratio"]) == ("defer", None)


@pytest.mark.parametrize(("task_n", "expected"), [(7, "plan"), (8, "defer")])
def test_count_decides_where_minutes_are_guesses(task_n: int, expected: str) -> None:
    """With most estimates missing, more than two tasks above the daily capacity are an overload."""
    tasks = [task(f"t{n}", None) for n in range(task_n)]
    output = output_of(*tasks, now=NOW.replace(hour=9), daily_capacity_n=5, capacity_min=960)

    assert kind(output) == expected
    if expected == "defer":
        assert "8 tasks are lined up for today against a daily capacity of 5." in output.prompt_text


@pytest.mark.parametrize(
    ("tasks", "movable"),
    [
        ([task("a", 300, priority="high"), task("b", 300, priority="low")], "b"),
        ([task("a", 300, "2026-06-15"), task("b", 300, "2026-06-16")], "b"),
        ([task("a", 600), task("b", 600, iso(NOW + HOUR), priority="low")], "a"),
        ([task("a", 600, title=""), task("b", 600, priority="urgent")], "b"),
        ([task("a", 600, iso(NOW + HOUR))], None),
    ],
)
def test_what_may_move(tasks: list[dict[str, object]], movable: str | None) -> None:
    """The least important task may move, of equals the one due last, never one with a clock time today."""
    assert output_of(*tasks).signals_snapshot["defer_task_id"] == movable


def test_single_task_is_split() -> None:
    """The only task of an overloaded day is begun rather than moved."""
    assert "do a first part of «Task a» and give the rest another day." in output_of(task("a", 900)).prompt_text


@pytest.mark.parametrize("minutes", [130, 200, 299])
def test_overload_begins_when_told(minutes: int) -> None:
    """Silence ends at the second at which the shrinking capacity makes the same load an overload."""
    start, end = NOW.replace(hour=9), NOW.replace(hour=18)
    begins_at = end - (end - start) * minutes / (1.25 * 240)
    shortly_before = begins_at - 20 * MINUTE

    assert abs(output_of(task(minutes=minutes), now=shortly_before).expires_at - begins_at) <= SECOND
    assert kind(output_of(task(minutes=minutes), now=begins_at - SECOND)) == ""
    assert kind(output_of(task(minutes=minutes), now=begins_at + SECOND)) == "defer"


def test_printed_hours_hold() -> None:
    """A statement ends when the printed half hours of capacity change."""
    output = output_of(task(minutes=900), now=NOW.replace(hour=9))

    # 240 minutes over 9 hours: the first quarter of an hour of capacity is gone after 9 h / 16.
    assert output.expires_at - output.computed_at == 9 * HOUR / 16


def test_last_minutes_of_work_end_with_it() -> None:
    """Less than a quarter of an hour of capacity lasts until work ends."""
    output = output_of(task(minutes=900), now=NOW.replace(hour=17, minute=40))

    assert "with under half an hour of capacity left" in output.prompt_text
    assert output.expires_at == NOW.replace(hour=18)


@for_each("seed", range(60))
def test_more_work_never_ends_an_overload(seed: int) -> None:
    """Adding a task due today with an estimate of at least the usual one never turns overload off."""
    random = seeded(seed)
    known = [task(f"k{n}", random.choice((5, 10, 30, 60, 120))) for n in range(random.randint(3, 6))]
    unknown = [task(f"u{n}", None) for n in range(random.randint(0, 6))]
    usual_min = sorted(int(str(each["estimate_minutes"])) for each in known)[len(known) // 2]
    more = task("more", usual_min + random.choice((0, 1, 60)))

    before, after = output_of(*known, *unknown), output_of(*known, *unknown, more)

    assert kind(before) != "defer" or kind(after) == "defer"


@pytest.mark.parametrize(("start_h", "end_h"), [(18, 9), (12, 12), (23, 1)])
def test_impossible_hours_are_the_default_ones(start_h: int, end_h: int) -> None:
    """Working hours that end before they start are those from 9 to 18."""
    odd, usual = (
        output_of(task(minutes=900), work_start_h=start, work_end_h=end) for start, end in ((start_h, end_h), (9, 18))
    )

    assert odd == usual


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-17", 24)])
def test_clock_changes_lengthen_the_day(day: str, hours: int) -> None:
    """A working day around the clock lasts as many hours as the day has."""
    midnight = datetime.fromisoformat(day).replace(tzinfo=NOW.tzinfo)
    at = midnight + timedelta(hours=12)  # wall clock
    output = output_of(task(due_at=day), now=at, work_start_h=0, work_end_h=24, capacity_min=960)

    assert output.signals_snapshot["capacity_left_min"] == pytest.approx(960 * 12 / hours, abs=0.001)


def test_count_of_tasks_lasts_until_work_ends() -> None:
    """A statement in tasks instead of hours ends with the working hours at the latest."""
    tasks = [task(f"t{n}", None) for n in range(8)]
    output = output_of(*tasks, now=NOW.replace(hour=17), daily_capacity_n=5)

    assert output.expires_at == NOW.replace(hour=18)
