"""workload-balance compares the tasks for today with the remaining capacity of the day."""

from datetime import UTC, datetime, timedelta

import pytest

from oo.agents.registry import get_agent
from oo.contract.agent_output import AgentOutput
from testing.agent_snapshots import DAY, HOUR, MINUTE, NOW, SECOND, ask, iso, snapshot
from testing.for_each import for_each
from tests.unit.agents.random_inputs import seeded

TODAY = "2026-06-17"


def task(task_id: str = "a", minutes: object = 60, due_at: object = TODAY, **more: object) -> dict[str, object]:
    return {"id": task_id, "title": f"Task {task_id}", "estimate_minutes": minutes, "due_at": due_at, **more}


USUAL = {"capacity_min": 240, "work_start_h": 9, "work_end_h": 18}
"""Four hours of capacity between 9:00 and 18:00, as a user may set them."""


def output_of(*tasks: object, now: datetime = NOW, completions: int = 0, **prefs: object) -> AgentOutput:
    """The output for a user who set the usual capacity and hours."""
    return unset_output_of(*tasks, now=now, completions=completions, **{**USUAL, **prefs})


def unset_output_of(*tasks: object, now: datetime = NOW, completions: int = 0, **prefs: object) -> AgentOutput:
    """The output for a user who set nothing but these preferences."""
    finished = [{"project_id": str(n), "completed_at": iso(NOW - n % 20 * DAY - HOUR)} for n in range(completions)]
    return ask("workload-balance", snapshot(*tasks, now=now, prefs=prefs, completions=finished))


def kind(output: AgentOutput) -> str:
    return output.prompt_text[1:].partition("|")[0]


def test_overload_offers_a_way_out() -> None:
    """The line gives the load of an overloaded day in hours, and proposes to move the least important task."""
    tasks = (task("a", 300, priority="high"), task("b", 90, title="Tidy notes", priority="low"))

    assert output_of(*tasks, now=NOW.replace(hour=9)).prompt_text == (
        "[defer|2] Fact: about 6.5 h is lined up for today with about 4 h of capacity left. "
        "Move: give «Tidy notes» another day, and keep what matters most. Care: moving is planning, not failing."
    )


def test_room_is_offered_for_what_matters() -> None:
    """The line of a day that is at most half full mentions the room."""
    text = output_of(task("a", 60)).prompt_text

    assert text.startswith("[plan|2] Fact: about 1 h is lined up for today with about 3.5 h of capacity left.")


def test_snapshot_holds_the_numbers() -> None:
    """The snapshot holds the load, the capacity left, and how long the list takes at the usual pace."""
    tasks = (task("a", 100), task("b", None), task("c", 20, None, status="doing"), task("d", 5, "2026-07-30"))

    assert output_of(*tasks, now=NOW.replace(hour=9), completions=28).signals_snapshot == {
        "applicable": False,
        "reason": "in_balance",
        "today_n": 2,
        "overdue_n": 0,
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


@for_each(
    ("due_at", "today_n", "overdue_n"),
    [
        (TODAY, 1, 0),
        (iso(NOW + HOUR), 1, 0),
        ("2026-06-16", 0, 1),
        ("2026-05-01", 0, 1),
        ("2026-06-18", 0, 0),
        (iso(NOW - HOUR), 0, 1),
        (None, 0, 0),
    ],
)
def test_today_is_what_is_due_today(due_at: object, today_n: int, overdue_n: int) -> None:
    """Overdue tasks and hours that have passed are counted apart from tasks due today."""
    signals = output_of(task(due_at=due_at)).signals_snapshot

    assert (signals["today_n"], signals["overdue_n"]) == (today_n, overdue_n)


def test_work_in_progress_counts_with_something_due() -> None:
    """A task in progress is load only on a day on which something is due."""
    started = task("b", 60, None, status="in progress")

    assert output_of(started).signals_snapshot["reason"] == "nothing_due"
    assert output_of(started, task("a")).signals_snapshot["load_min"] == 120.0


@for_each(("known", "fill_min"), [((), 30.0), ((10, 20), 30.0), ((10, 20, 90), 20.0), ((10, 20, 30, 90), 25.0)])
def test_missing_estimates_are_filled_in(known: tuple[int, ...], fill_min: float) -> None:
    """A missing estimate counts as the median of three known ones or more, else as 30 minutes, and that is said."""
    others = [task(f"k{n}", minutes, None) for n, minutes in enumerate(known)]
    output = output_of(task("a", None), *others)

    assert output.signals_snapshot["load_min"] == fill_min
    assert f"counting {fill_min:g} min where no time is known" in output.prompt_text


@for_each(("minutes", "expected"), [(120, "plan"), (121, ""), (299, ""), (300, "defer"), (1440, "defer")])
def test_ratio_decides(minutes: int, expected: str) -> None:
    """Up to half the capacity is room, from 1.25 times on is overload, in between it is silent."""
    assert kind(output_of(task(minutes=minutes), now=NOW.replace(hour=9))) == expected


@pytest.mark.parametrize(("hour", "minute", "expected"), [(15, 59, "plan"), (16, 0, "")])
def test_room_ends_two_hours_before_work_does(hour: int, minute: int, expected: str) -> None:
    """In the last two working hours there is no room to speak of."""
    assert kind(output_of(task(minutes=5), now=NOW.replace(hour=hour, minute=minute))) == expected


def test_after_work_only_deferring_is_left() -> None:
    """Once the working hours are over, the remaining tasks may move, and there is no ratio."""
    output = output_of(task(minutes=10), now=NOW.replace(hour=18))

    assert "under half an hour is lined up for today and the working hours are over." in output.prompt_text
    assert "«Task a»" in output.prompt_text
    assert (kind(output), output.signals_snapshot["load_ratio"]) == ("defer", None)


@pytest.mark.parametrize(("task_n", "expected"), [(7, "plan"), (8, "defer")])
def test_count_decides_where_minutes_are_guesses(task_n: int, expected: str) -> None:
    """With most estimates missing, more than two tasks above the daily capacity are an overload."""
    tasks = [task(f"t{n}", None) for n in range(task_n)]
    output = output_of(*tasks, now=NOW.replace(hour=9), daily_capacity_n=5, capacity_min=960)

    assert kind(output) == expected
    if expected == "defer":
        assert "8 tasks are due today against a daily capacity of 5." in output.prompt_text


@for_each(
    ("tasks", "movable"),
    [
        ([task("a", 300, priority="high"), task("b", 300, priority="low")], "b"),
        ([task("a", 300, "2026-06-16", priority="low"), task("b", 300, TODAY)], "b"),
        ([task("a", 300), task("b", 300, None, status="doing")], "b"),
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
    assert "a first part of «Task a»" in output_of(task("a", 900)).prompt_text


@for_each("minutes", [130, 200, 299])
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


@for_each(
    ("now_h", "left_min"), [(12, 240.0), (22, 240.0), (23, 210.0), (24, 180.0), (25, 150.0), (29, 30.0), (30, 240.0)]
)
def test_hours_may_reach_over_midnight(now_h: int, left_min: float) -> None:
    """From 22 to 6 the hours that hold now count, else the next ones."""
    now = NOW.replace(hour=0) + now_h * HOUR
    output = output_of(task(due_at=now.date().isoformat()), now=now, work_start_h=22, work_end_h=6)

    assert output.signals_snapshot["capacity_left_min"] == left_min


def test_late_hours_are_not_over_before_midnight() -> None:
    """At 22:30 the hours from 22 to 6 have begun."""
    output = output_of(task(), now=NOW.replace(hour=22, minute=30), work_start_h=22, work_end_h=6)

    assert "hours are over" not in output.prompt_text


@for_each("hours", [(12, 12), (9, None), (None, 18), (None, None)])
def test_hours_that_say_nothing_are_unset(hours: tuple[int | None, int | None]) -> None:
    """Equal hours, or only one of them, are no working hours, and nothing is said of any."""
    output = output_of(task(minutes=100), now=NOW.replace(hour=20), work_start_h=hours[0], work_end_h=hours[1])

    assert (output.prompt_text, output.signals_snapshot["capacity_left_min"]) == ("", 240.0)


@for_each(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-17", 24)])
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


@for_each(
    ("tasks", "fact"),
    [
        ([task(f"t{n}", 90) for n in range(3)], "3 tasks are due today, about 4.5 h by their estimates."),
        (
            [*(task(f"t{n}", 40) for n in range(3)), task("u", None)],
            "4 tasks are due today, about 2.5 h, counting 40 min where no time is known.",
        ),
        ([task(f"t{n}", None) for n in range(4)], "4 tasks are due today."),
        (
            [*(task(f"t{n}", 90) for n in range(3)), task("o", 60, "2026-06-15"), task("p", 60, "2026-06-15")],
            "3 tasks are due today, about 4.5 h by their estimates, 2 are past their date.",
        ),
        (
            [*(task(f"t{n}", 90) for n in range(3)), task("o", 60, "2026-06-15")],
            "3 tasks are due today, about 4.5 h by their estimates, 1 is past its date.",
        ),
    ],
)
def test_without_a_capacity_it_says_what_is_known(tasks: list[dict[str, object]], fact: str) -> None:
    """Where nothing is set or learned, nothing is said of capacity and hours, at any time of the day."""
    for hour in (3, 10, 15, 22):
        text = unset_output_of(*tasks, now=NOW.replace(hour=hour)).prompt_text

        assert text.startswith(f"[plan|2] Fact: {fact} Move: ")
        assert "capacity" not in text
        assert "hours are over" not in text


@pytest.mark.parametrize("size", [1, 2])
def test_without_a_capacity_few_tasks_are_no_load(size: int) -> None:
    """One or two tasks of today are nothing to speak of."""
    assert unset_output_of(*(task(f"t{n}") for n in range(size))).signals_snapshot["reason"] == "few_due"


def test_hours_alone_tell_when_they_are_over() -> None:
    """A user who set hours and no capacity hears when these are over, and of no capacity."""
    tasks = [task(minutes=60)]
    before = unset_output_of(*tasks, now=NOW.replace(hour=17), work_start_h=9, work_end_h=18)
    after = unset_output_of(*tasks, now=NOW.replace(hour=18), work_start_h=9, work_end_h=18)

    assert before.prompt_text == ""
    assert "about 1 h is lined up for today and the working hours are over." in after.prompt_text


@pytest.mark.parametrize(("minutes", "speaks"), [(149, False), (150, True)])
def test_a_capacity_alone_is_that_of_a_day(minutes: int, speaks: bool) -> None:  # noqa: FBT001  # a case's answer
    """Where no hours are set, the whole capacity counts, and there is no room to speak of."""
    text = unset_output_of(task(minutes=minutes), now=NOW.replace(hour=20), capacity_min=120).prompt_text

    assert bool(text) is speaks
    assert not speaks or "about 2.5 h is lined up for today against a capacity of about 2 h a day." in text
    assert unset_output_of(task(minutes=5), capacity_min=120).prompt_text == ""


def test_a_day_of_rest_has_no_capacity() -> None:
    """On a rest day neither capacity nor hours are mentioned."""
    for tasks, now in (([task(minutes=5)], NOW), ([task(minutes=900)], NOW), ([task()], NOW.replace(hour=20))):
        assert output_of(*tasks, now=now, rest_days=[2]).prompt_text == ""
        assert output_of(*tasks, now=now, rest_days=[1]).prompt_text != ""


def test_an_overdue_task_is_not_moved_once_more() -> None:
    """With a capacity of two hours, a long overdue task and four of today, one of today may move."""
    tasks = [task("o", 200, "2026-06-15", priority="low"), *(task(f"t{n}", 60) for n in range(4))]

    assert "«Task t" in unset_output_of(*tasks, capacity_min=120).prompt_text


def test_overdue_tasks_alone_are_no_load_of_today() -> None:
    """Four tasks that were due yesterday morning are nothing that is lined up for today."""
    tasks = [task(f"t{n}", 60, iso(NOW.replace(hour=15) - (30 + n) * HOUR)) for n in range(4)]

    for output in (output_of(*tasks, now=NOW.replace(hour=15)), unset_output_of(*tasks, now=NOW.replace(hour=15))):
        assert output.signals_snapshot["reason"] == "nothing_due"


@pytest.mark.parametrize(("overdue_n", "expected"), [(4, "plan"), (5, "")])
def test_no_room_beside_a_pile(overdue_n: int, expected: str) -> None:
    """With five overdue tasks no open time is offered."""
    overdue = [task(f"o{n}", 5, "2026-06-10") for n in range(overdue_n)]

    assert kind(output_of(task(minutes=5), *overdue)) == expected


@for_each("due_at", ["12.06.2026", "today", {"$date": 1}])
def test_unread_dates_leave_no_room(due_at: object) -> None:
    """Where a date is unknown there may be more due today, so that counts are least ones and no room is offered."""
    unread = task("u", 60, due_at)

    assert kind(output_of(task(minutes=5), unread)) == ""
    assert "at least about 15 h is lined up for today" in output_of(task(minutes=900), unread).prompt_text
    assert "at least 3 tasks are due today, at least about 3 h by" in (
        unset_output_of(*(task(f"t{n}") for n in range(3)), unread).prompt_text
    )
    assert "«Task u»" not in output_of(task(minutes=900), unread).prompt_text


@for_each(
    ("parent_min", "part_min", "load_min"), [(180, 60, 180.0), (60, 60, 180.0), (None, 20, 60.0), (240, None, 240.0)]
)
def test_parts_and_their_whole_count_once(parent_min: object, part_min: object, load_min: float) -> None:
    """A task with three parts takes as long as the longer of both, and the parts are counted as tasks."""
    parts = [task(f"p{n}", part_min, parent_id="whole") for n in range(3)]
    signals = output_of(task("whole", parent_min), *parts).signals_snapshot

    assert (signals["load_min"], signals["today_n"]) == (load_min, 3)


def test_parts_without_a_date_take_their_time() -> None:
    """A task of today takes at least as long as its open parts, whenever these are due."""
    parts = [task(f"p{n}", 60, None, parent_id="whole") for n in range(3)]
    signals = output_of(task("whole", 30), *parts).signals_snapshot

    assert (signals["load_min"], signals["today_n"]) == (180.0, 1)


def test_without_a_zone_it_is_silent() -> None:
    """Capacity and counts of today need the user's day."""
    output = output_of(task(minutes=900), now=NOW.astimezone(UTC))

    assert output.signals_snapshot["reason"] == "no_zone"


def test_no_words_return_on_the_next_day() -> None:
    """The same load on two days has two wordings."""
    for set_up in (USUAL, {}):
        texts = {
            unset_output_of(
                *(task(f"t{n}", 300, (NOW + day * DAY).date().isoformat()) for n in range(3)),
                now=NOW + day * DAY,
                **set_up,
            ).prompt_text
            for day in range(2)
        }

        assert len(texts) == 2


def test_days_of_rest_are_learned_as_by_momentum() -> None:
    """Both agents learn the same days from the same history, so that none of them speaks against the other."""
    params = [
        next(param for param in get_agent(agent_id).manifest.inferred_params if param.key == "rest_days")
        for agent_id in ("workload-balance", "momentum")
    ]

    assert params[0] == params[1]
