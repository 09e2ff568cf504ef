"""peak-hours keeps the hours in which things usually get finished."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from oo.contract.agent_output import AgentOutput
from testing.agent_snapshots import DAY, HOUR, NOW, ask, iso, snapshot
from testing.for_each import for_each
from tests.unit.agents.walks import said_within, walk

PROPOSAL = {"id": "p", "title": "Write proposal", "priority": 4, "estimate_minutes": 120}
BILL = {"id": "b", "title": "Pay the bill", "priority": 2, "estimate_minutes": 5}


def output_of(*tasks: object, now: datetime = NOW, **prefs: object) -> AgentOutput:
    return ask("peak-hours", snapshot(*(tasks or (PROPOSAL, BILL)), now=now, prefs=prefs))


def test_inside_the_window_the_weightiest_task_is_named() -> None:
    """Inside the learned window it says when that ends and names the task that weighs most."""
    assert output_of(peak_hour_utc=7).prompt_text == (
        "[start|2] Fact: completions here cluster around 09:00, and that window runs until 10:30. "
        "Move: give it to «Write proposal», the weightiest open task."
    )


def test_outside_the_window_the_next_one_is_named() -> None:
    """Outside it says when the window opens next, today or tomorrow."""
    today, tomorrow = output_of(peak_hour_utc=10).prompt_text, output_of(peak_hour_utc=5).prompt_text

    assert tomorrow == (
        "[plan|2] Fact: the usual finishing window opens at 05:30 tomorrow. "
        "Move: keep «Write proposal» for it; take something light now."
    )
    assert "opens at 10:30. Move" in today


def test_own_hour_goes_first() -> None:
    """An hour that the user set beats the learned one, and is not called a habit."""
    inside, outside = (output_of(peak_hour_utc=7, peak_hour_local=hour).prompt_text for hour in (10, 14))

    assert "Fact: the best hour here is set to 10:00, and that window runs until 11:30." in inside
    assert "Fact: the window set for the best hour opens at 12:30." in outside


def test_snapshot_holds_the_window() -> None:
    """The snapshot has the local hour, the window in UTC and the two tasks."""
    assert output_of(peak_hour_utc=10).signals_snapshot == {
        "applicable": True,
        "reason": None,
        "peak_hour_local_h": 12.0,
        "in_window": False,
        "window_start_at": "2026-06-17T08:30:00+00:00",
        "window_end_at": "2026-06-17T11:30:00+00:00",
        "to_window_h": 0.5,
        "deep_task_id": "p",
        "light_task_id": "b",
    }


@for_each(
    ("tasks", "prefs", "reason"),
    [
        ([PROPOSAL], {}, "no_peak_hour"),
        ([PROPOSAL], {"peak_hour_local": None, "peak_hour_utc": "nine"}, "no_peak_hour"),
        ([{**PROPOSAL, "status": "done"}], {"peak_hour_utc": 7}, "no_open_task"),
        ([{**PROPOSAL, "status": "someday"}], {"peak_hour_utc": 7}, "set_aside"),
        ([{**PROPOSAL, "tags": ["@Waiting_for"]}], {"peak_hour_utc": 7}, "set_aside"),
        ([{**PROPOSAL, "status": 7}], {"peak_hour_utc": 7}, "set_aside"),
        ([PROPOSAL], {"peak_hour_utc": 7, "timezone": "Mars/Base"}, "no_zone"),
        ([PROPOSAL], {"peak_hour_local": 9, "timezone": "Mars/Base"}, "no_zone"),
    ],
)
def test_silent_without_an_hour_or_a_task(tasks: list[object], prefs: dict[str, Any], reason: str) -> None:
    """Without any hour, a known zone, or anything open to name, it is silent."""
    output = output_of(*tasks, **prefs)

    assert (output.prompt_text, output.signals_snapshot["reason"]) == ("", reason)


def test_silent_where_nobody_told_the_zone() -> None:
    """`Z` in the moment is a notation: the user's hours are unknown."""
    output = output_of(now=NOW.astimezone(UTC), peak_hour_utc=7)

    assert output.signals_snapshot["reason"] == "no_zone"


def letters(*days: float) -> list[dict[str, object]]:
    return [{"id": f"l{n}", "title": f"Letter {n}", "due_at": iso(NOW + day * DAY)} for n, day in enumerate(days)]


AFTERNOON = NOW.replace(hour=15)


@for_each(
    ("hour_utc", "tasks"),
    [
        # The window of the evening, and overdue letters.
        (20, letters(-2, -3, -4, -5, -6, -7)),
        # Due in three hours, a window in the evening; due within the window; due at its first minute.
        (21, [{"id": "a", "title": "A", "due_at": iso(AFTERNOON + 3 * HOUR)}]),
        (17, [{"id": "a", "title": "A", "due_at": iso(AFTERNOON + 4 * HOUR)}]),
        (17, [{"id": "a", "title": "A", "due_at": "2026-06-17T17:30:00+02:00"}]),
        # Tomorrow's window, and what is due today.
        (7, [{"id": "a", "title": "A", "due_at": "2026-06-17"}]),
        # A date that nobody can read, and one that is told by a key that nobody knows.
        (20, [{"id": "a", "title": "A", "due_at": "12.03.2026"}]),
        (20, [{"id": "a", "title": "A", "when": "tonight"}]),
        # A window that is open, and what is due before it ends, or past its date.
        (13, [{"id": "a", "title": "A", "due_at": iso(AFTERNOON + HOUR)}]),
        (13, letters(-1)),
    ],
)
def test_nothing_is_kept_beyond_its_date(hour_utc: float, tasks: list[dict[str, object]]) -> None:
    """No task is named that is overdue, due before the window has been used, or of an unknown date."""
    for day in range(2):
        moved = [moved_by(task, day * DAY) for task in tasks]
        text = output_of(*moved, now=AFTERNOON + day * DAY, peak_hour_utc=hour_utc).prompt_text

        assert "one task that matters" in text
        assert "«" not in text


def moved_by(task: dict[str, object], by: timedelta) -> dict[str, object]:
    """The task with a due date that is later."""
    given = str(task.get("due_at", ""))
    if not given[:4].isdigit():
        return task
    due = datetime.fromisoformat(given) + by
    return {**task, "due_at": due.date().isoformat() if len(given) == 10 else due.isoformat()}


def test_another_task_is_named_instead() -> None:
    """A lighter task that can wait is reserved for the window, and not called the weightiest."""
    overdue = {**PROPOSAL, "due_at": iso(NOW - 3 * DAY)}
    later = {**BILL, "due_at": "2026-06-25"}

    text = output_of(overdue, later, peak_hour_utc=7).prompt_text

    assert text.endswith("give it to «Pay the bill».")


@for_each(
    "other",
    [
        {"id": "o", "title": "Other", "priority": "soonish"},
        {"id": "o", "title": "Other", "estimate_minutes": "an hour"},
        {"id": "o", "title": "Other", "importance": "high"},
        {"id": "o", "priority": 4, "estimate_minutes": 900},
    ],
)
def test_the_weightiest_is_claimed_of_known_weights_only(other: dict[str, object]) -> None:
    """Where one of the tasks may weigh more, or does, it is left open which one weighs most."""
    assert output_of(PROPOSAL, other, peak_hour_utc=7).prompt_text.endswith("give it to «Write proposal».")


@for_each("hour_utc", [7, 10, 5])
def test_no_two_days_running_have_the_same_words(hour_utc: float) -> None:
    """At the same hour of thirty days the same task is reserved for the window in other words than the day before."""
    said = [output_of(PROPOSAL, BILL, now=NOW + n * DAY, peak_hour_utc=hour_utc).prompt_text for n in range(30)]

    assert all("«Write proposal»" in text for text in said)
    assert all(one != other for one, other in pairwise(said))


@for_each(
    ("tasks", "move"),
    [
        ([{"id": "a", "title": "Call Ann"}], "give it to «Call Ann»."),
        ([{"id": "a", "title": "Call Ann"}, {"id": "b"}], "give it to «Call Ann»."),
        ([{"id": "a", "priority": 4}], "give it to one task that matters."),
        (
            [{"id": "a", "title": "Call Ann", "priority": 4}, {"id": "b", "title": "Call Ann", "priority": 4}],
            "give it to «Call Ann», one of the weightiest open tasks.",
        ),
    ],
)
def test_weight_is_claimed_where_it_is_known(tasks: list[object], move: str) -> None:
    """A task without priority and estimate is not called weighty, one among equals not the weightiest."""
    assert output_of(*tasks, peak_hour_utc=7).prompt_text.endswith(f"Move: {move}")


@for_each(
    ("one", "other", "deep"),
    [
        ({"priority": "urgent", "estimate_minutes": 60}, {"priority": "medium", "estimate_minutes": 100}, "a"),
        ({"priority": "urgent", "estimate_minutes": 60}, {"priority": "medium", "estimate_minutes": 140}, "b"),
        ({"priority": "urgent"}, {"priority": "urgent", "estimate_minutes": 26}, "a"),
        ({"priority": "urgent"}, {"priority": "urgent", "estimate_minutes": 34}, "b"),
        ({"priority": "medium", "estimate_minutes": 900}, {"priority": "high", "estimate_minutes": 180}, "b"),
    ],
)
def test_weight_is_importance_times_minutes(one: dict[str, object], other: dict[str, object], deep: str) -> None:
    """Urgent counts twice medium; a missing estimate is half an hour; from three hours on length adds nothing."""
    output = output_of({"id": "a", "title": "A", **one}, {"id": "b", "title": "B", **other}, peak_hour_utc=7)

    assert output.signals_snapshot["deep_task_id"] == deep


def test_equals_take_turns() -> None:
    """Equally weighty tasks are named day by day in turn."""
    tasks = [{"id": f"t{n}", "title": f"Task {n}", "priority": 4} for n in range(2)]
    named = [output_of(*tasks, now=NOW + day * DAY, peak_hour_utc=7).signals_snapshot["deep_task_id"] for day in (0, 1)]

    assert sorted(map(str, named)) == ["t0", "t1"]


def test_light_task_has_the_shortest_estimate() -> None:
    """The light task is the shortest of the others; without an estimate none is called light."""
    tasks = [PROPOSAL, {**BILL, "id": "long", "estimate_minutes": 9}, BILL, {"id": "x", "title": "X"}]

    assert output_of(*tasks, peak_hour_utc=7).signals_snapshot["light_task_id"] == "b"
    assert output_of(PROPOSAL, {"id": "x", "title": "X"}, peak_hour_utc=5).prompt_text.endswith("proposal» for it.")


@for_each(
    ("zone", "local_h"), [("UTC", 7), ("Asia/Kathmandu", 12.75), ("Australia/Lord_Howe", 17.5), ("Etc/GMT+12", 19)]
)
def test_learned_hour_is_shown_on_the_local_clock(zone: str, local_h: float) -> None:
    """The hour is learned in UTC and moved by the zone's distance now, also by three quarters of an hour."""
    assert output_of(peak_hour_utc=7, timezone=zone).signals_snapshot["peak_hour_local_h"] == local_h


def at(zone: str, moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))


@for_each(
    ("zone", "now", "prefs", "ends", "is_open"),
    [
        ("Europe/Berlin", "2026-06-17T08:00", {"peak_hour_local": 9}, "2026-06-17T10:30", True),
        ("Europe/Berlin", "2026-06-17T07:29:59", {"peak_hour_local": 9}, "2026-06-17T07:30:59", False),
        ("Europe/Berlin", "2026-06-17T07:00", {"peak_hour_local": 9}, "2026-06-17T07:30", False),
        # Across midnight the day ends first, then the window.
        ("Europe/Berlin", "2026-06-17T23:00", {"peak_hour_local": 23.5}, "2026-06-18T00:00", True),
        ("Europe/Berlin", "2026-06-18T00:00", {"peak_hour_local": 23.5}, "2026-06-18T01:00", True),
        ("Europe/Berlin", "2026-06-17T21:00", {"peak_hour_local": 0.5}, "2026-06-17T23:00", False),
        # Spring in Berlin skips from two to three: the end of the window moves with the gap.
        ("Europe/Berlin", "2026-03-29T01:30", {"peak_hour_local": 1.5, "window_h": 2}, "2026-03-29T03:30", True),
        ("Europe/Berlin", "2026-03-29T00:10", {"peak_hour_local": 3, "window_h": 1}, "2026-03-29T03:30", False),
        # A learned hour moves on the local clock, so what is said ends with the change at the latest.
        ("Europe/Berlin", "2026-03-29T00:10", {"peak_hour_utc": 6}, "2026-03-29T03:00", False),
        ("Europe/Berlin", "2026-10-25T00:10", {"peak_hour_utc": 6}, "2026-10-25T02:00:00+01:00", False),
        ("Australia/Lord_Howe", "2026-10-04T00:10", {"peak_hour_utc": 20}, "2026-10-04T02:30", False),
        ("Australia/Lord_Howe", "2026-04-05T00:10", {"peak_hour_utc": 20}, "2026-04-05T01:30:00+10:30", False),
        ("Australia/Lord_Howe", "2026-10-04T01:45", {"peak_hour_local": 1.25, "window_h": 2}, "2026-10-04T02:45", True),
        ("Asia/Kathmandu", "2026-06-17T12:00", {"peak_hour_utc": 7}, "2026-06-17T14:15", True),
        ("Asia/Kathmandu", "2026-06-17T23:50", {"peak_hour_utc": 18.5}, "2026-06-18T00:00", True),
        ("Asia/Kathmandu", "2026-06-18T00:00", {"peak_hour_utc": 18.5}, "2026-06-18T01:45", True),
    ],
)
def test_ends_at_the_next_edge(zone: str, now: str, prefs: dict[str, Any], ends: str, *, is_open: bool) -> None:
    """The statement ends where the window opens or closes, at midnight, or where the clocks change."""
    output = output_of(now=at(zone, now), **prefs)
    expected = datetime.fromisoformat(ends)
    expected = expected if expected.tzinfo else expected.replace(tzinfo=ZoneInfo(zone))

    assert output.signals_snapshot["in_window"] is is_open
    assert output.expires_at == expected


@for_each(
    ("zone", "day"),
    [
        ("Europe/Berlin", "2026-03-28"),
        ("Europe/Berlin", "2026-10-24"),
        ("Australia/Lord_Howe", "2026-04-04"),
        ("Australia/Lord_Howe", "2026-10-03"),
        ("Asia/Kathmandu", "2026-12-31"),
    ],
)
@for_each("prefs", [{"peak_hour_utc": hour} for hour in (0, 1, 15.5, 23.5)] + [{"peak_hour_local": 2, "window_h": 1}])
def test_what_is_said_holds_until_it_ends(zone: str, day: str, prefs: dict[str, object]) -> None:
    """Over three days around a clock change every text holds up to its last second."""
    given = snapshot(PROPOSAL, BILL, now=at(zone, day), prefs=prefs)
    outputs = list(walk("peak-hours", given, 3 * DAY))

    assert [said_within("peak-hours", given, output) for output in outputs] == [
        {output.prompt_text} for output in outputs
    ]
    assert all(
        before.prompt_text != after.prompt_text or after.computed_at.astimezone(ZoneInfo(zone)).hour == 0
        for before, after in pairwise(outputs)
    )


@for_each(("window_h", "lasts"), [(1, HOUR / 2), (3, 1.5 * HOUR), (6, 3 * HOUR), (99, 3 * HOUR)])
def test_window_lies_around_its_hour(window_h: float, lasts: timedelta) -> None:
    """Half of the window lies before the hour and half after it; its length stays within one to six hours."""
    output = output_of(peak_hour_local=10, window_h=window_h)

    assert output.expires_at - output.computed_at == lasts
