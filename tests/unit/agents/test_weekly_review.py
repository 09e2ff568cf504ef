"""weekly-review reports once a week how much was done, and proposes to choose tasks for the next one."""

from datetime import UTC, datetime, timedelta

import pytest

from oo.contract.agent_output import AgentOutput
from testing.agent_snapshots import DAY, HOUR, MINUTE, NOW, SECOND, ask, iso, snapshot
from testing.for_each import for_each
from tests.unit.agents.walks import said_within

# The Sunday after the usual present, in the evening.
SUNDAY = NOW.replace(day=21, hour=18)


def done(task_id: str, ago: timedelta = DAY, **more: object) -> dict[str, object]:
    return {"id": task_id, "status": "done", "completed_at": iso(SUNDAY - ago), **more}


def to_do(task_id: str, **more: object) -> dict[str, object]:
    return {"id": task_id, "title": f"Task {task_id}", **more}


def output_of(
    *tasks: object, now: datetime = SUNDAY, completions: tuple[object, ...] = (), **prefs: object
) -> AgentOutput:
    return ask("weekly-review", snapshot(*tasks, now=now, prefs=prefs, completions=completions))


def test_tells_what_was_done_and_asks_for_three() -> None:
    """The week's tasks are counted, the high ones among them, and an open one is named to begin with."""
    week = [done(f"d{n}", n * DAY, priority="high" if n < 2 else None) for n in range(6)]
    tasks = [to_do("a", priority="high"), to_do("b"), to_do("c")]
    texts = {output_of(*week, *tasks, now=SUNDAY + step * HOUR).prompt_text for step in (0, 12)}

    fact = "6 tasks were done in the last 7 days, 2 of them high priority."
    assert texts == {
        f"[plan|2] Fact: {fact} Move: choose the three that would make the next week good, «Task a» first.",
        f"[plan|2] Fact: {fact} Move: name the three that matter most for the next week, «Task a» first.",
    }


def test_snapshot_holds_the_numbers() -> None:
    """Today and the six days before are the week, the seven days before those the week before."""
    tasks = [done(f"d{n}", n * DAY, priority="low") for n in range(16)]

    assert output_of(*tasks).signals_snapshot == {
        "applicable": True,
        "reason": None,
        "done_7d_n": 7,
        "done_prev_7d_n": 7,
        "important_done_7d_n": 0,
        "top_task_id": None,
    }


@for_each(
    ("now", "reason"),
    [
        (SUNDAY.replace(hour=15, minute=59), "not_now"),
        (SUNDAY.replace(hour=16, minute=0), None),
        (SUNDAY.replace(hour=23, minute=59), None),
        (SUNDAY.replace(hour=0) + 36 * HOUR - SECOND, None),
        (SUNDAY.replace(hour=0) + 36 * HOUR, "not_now"),
        (SUNDAY + 3 * DAY, "not_now"),
    ],
)
def test_speaks_in_one_window_of_a_week(now: datetime, reason: str | None) -> None:
    """From Sunday at 16:00 until Monday at noon, by the user's clock."""
    tasks = [done(f"d{n}", n * HOUR) for n in range(30)]

    assert output_of(*tasks, now=now).signals_snapshot["reason"] == reason


@for_each("weekday", range(7))
def test_the_day_is_the_preferred_one(weekday: int) -> None:
    """The window follows the preferred weekday; on other days nothing is said."""
    tasks = [done(f"d{n}", n * HOUR) for n in range(400)]
    evenings = [output_of(*tasks, now=SUNDAY + day * DAY, review_weekday=weekday) for day in range(7)]

    assert [day for day, output in enumerate(evenings) if output.prompt_text] == [(weekday + 1) % 7]


@pytest.mark.parametrize(("size", "reason"), [(2, "too_few_done"), (3, None)])
def test_needs_three_done(size: int, reason: str | None) -> None:
    """From three tasks done in the week on there is something to tell."""
    assert output_of(*(done(f"d{n}") for n in range(size))).signals_snapshot["reason"] == reason


def test_a_task_and_its_completion_count_once() -> None:
    """Done tasks and completions are counted by id, a recurring task each time."""
    sent = [{"task_id": f"d{n}", "completed_at": iso(SUNDAY - DAY)} for n in range(4)]
    again = [{"task_id": "r", "completed_at": iso(SUNDAY - n * DAY)} for n in range(1, 4)]
    tasks = [*(done(f"d{n}") for n in range(3)), to_do("r", recurrence="daily")]

    assert output_of(*tasks, completions=(*sent, *again, *sent)).signals_snapshot["done_7d_n"] == 7


def test_a_parent_is_not_counted_beside_its_parts() -> None:
    """A task that was done with its three parts is three tasks."""
    tasks = [done("w"), *(done(f"p{n}", parent_id="w") for n in range(3))]

    assert output_of(*tasks).signals_snapshot["done_7d_n"] == 3


@for_each("priority", ["??", 9, True])
def test_unread_priorities_are_not_counted(priority: object) -> None:
    """Where the priority of one task cannot be read, nothing is said of how many were high."""
    tasks = [*(done(f"d{n}", priority="high") for n in range(3)), done("x", priority=priority)]
    output = output_of(*tasks)

    assert output.signals_snapshot["important_done_7d_n"] is None
    assert "Fact: 4 tasks were done in the last 7 days. Move" in output.prompt_text


def test_of_unsent_tasks_the_priority_is_not_known() -> None:
    """A completion without its task leaves nothing to be said of high priorities."""
    tasks = [done(f"d{n}", priority="high") for n in range(3)]
    sent = ({"task_id": "z", "completed_at": iso(SUNDAY - DAY)},)

    assert "high priority" in output_of(*tasks).prompt_text
    assert "high priority" not in output_of(*tasks, completions=sent).prompt_text


def test_done_at_an_unknown_time_makes_the_count_a_least_one() -> None:
    """A task that is done at an unknown time may be one of the week's."""
    assert "at least 3 tasks were done in the last 7 days" in (
        output_of(*(done(f"d{n}") for n in range(3)), {"id": "x", "done": True}).prompt_text
    )


def test_an_open_task_that_was_done_once_may_recur() -> None:
    """An open task is not done, but it may come back: then the count is not known."""
    sent = ({"task_id": "o", "completed_at": iso(SUNDAY - DAY)},)
    output = output_of(*(done(f"d{n}") for n in range(3)), to_do("o"), completions=sent)

    assert output.signals_snapshot["reason"] == "unclear"


@for_each(
    ("opened", "named"),
    [
        ([], None),
        ([to_do("a"), to_do("b")], None),
        ([to_do("a"), to_do("b", priority=4), to_do("c")], "b"),
        ([to_do("a", tags=["waiting"]), to_do("b", title=""), to_do("c"), to_do("d", title="")], "c"),
    ],
)
def test_names_one_of_the_most_important(opened: list[object], named: str | None) -> None:
    """Of three open tasks or more one of the most important is named, never one that waits."""
    output = output_of(*(done(f"d{n}") for n in range(3)), *opened)

    assert output.signals_snapshot["top_task_id"] == named
    assert (" first." in output.prompt_text) is (named is not None)


def test_says_no_word_of_a_week_with_less() -> None:
    """The line describes a week with fewer completions than the previous one by its own figure alone."""
    tasks = [*(done(f"d{n}") for n in range(3)), *(done(f"e{n}", 8 * DAY) for n in range(40))]
    text = output_of(*tasks).prompt_text

    assert "3 tasks were done" in text
    assert not [word for word in ("less", "fewer", "lighter", "only", "40") if word in text]


def test_ends_at_midnight_and_at_noon() -> None:
    """The seven days move at midnight, and the window ends at noon."""
    tasks = [done(f"d{n}", n * HOUR) for n in range(30)]
    midnight = SUNDAY.replace(hour=0) + DAY

    assert output_of(*tasks).expires_at == midnight
    assert output_of(*tasks, now=midnight + HOUR).expires_at == midnight + 12 * HOUR


@pytest.mark.parametrize("ahead", [20 * MINUTE, 2 * HOUR])
def test_silence_ends_when_the_window_begins(ahead: timedelta) -> None:
    """Shortly before the window, silence lasts until then."""
    opens_at = SUNDAY.replace(hour=16)

    assert output_of(done("d"), now=opens_at - ahead).expires_at == opens_at


@for_each("day", ["2026-03-29", "2026-10-25"])
def test_clock_changes_move_no_hour(day: str) -> None:
    """On the Sunday of a clock change the window opens at 16:00 of the wall clock."""
    sunday = datetime.fromisoformat(day).replace(tzinfo=NOW.tzinfo)
    sent = tuple({"task_id": str(n), "completed_at": iso(sunday - DAY)} for n in range(3))
    before, after = (
        ask("weekly-review", snapshot(now=sunday.replace(hour=hour, minute=minute), completions=sent))
        for hour, minute in ((15, 59), (16, 0))
    )

    assert (before.prompt_text, bool(after.prompt_text)) == ("", True)


def test_what_is_done_later_ends_the_count() -> None:
    """A completion that lies ahead of the clock begins to count five minutes before."""
    given = snapshot(
        *(done(f"d{n}") for n in range(3)),
        now=SUNDAY,
        completions=[{"task_id": "z", "completed_at": iso(SUNDAY + HOUR)}],
    )
    output = ask("weekly-review", given)

    assert output.expires_at == SUNDAY + 55 * MINUTE
    assert said_within("weekly-review", given, output) == {output.prompt_text}


def test_without_a_zone_it_is_silent() -> None:
    """A week's end needs the user's day."""
    assert (
        output_of(*(done(f"d{n}") for n in range(5)), now=SUNDAY.astimezone(UTC)).signals_snapshot["reason"]
        == "no_zone"
    )
