"""deadline-pressure names the one dated task that needs a move now."""

from datetime import UTC, datetime, timedelta

import pytest

from oo.contract.agent_output import AgentOutput
from testing.agent_snapshots import DAY, HOUR, MINUTE, NOW, SECOND, ask, iso, snapshot
from testing.for_each import for_each
from tests.unit.agents.walks import said_within


def due(moment: datetime | str, task_id: str = "a", **more: object) -> dict[str, object]:
    stamp = moment if isinstance(moment, str) else iso(moment)
    return {"id": task_id, "title": f"Task {task_id}", "due_at": stamp, **more}


def output_of(*tasks: object, now: datetime = NOW, **prefs: object) -> AgentOutput:
    return ask("deadline-pressure", snapshot(*tasks, now=now, prefs=prefs))


def test_names_the_task_its_hours_and_the_rest_of_the_day() -> None:
    """A task due today is named with its hours, and nothing else being due today is said."""
    output = output_of({"id": "a", "title": "Send the invoice", "due_at": iso(NOW + 5 * HOUR)})

    assert output.prompt_text == (
        "[start|3] Fact: «Send the invoice» is due in about 5 h; nothing else is due today. "
        "Move: start with a 25-min block. Care: no remark on lateness."
    )


def test_snapshot_holds_the_numbers() -> None:
    """The snapshot counts dates and holds slack in hours and pressure of the named task."""
    tasks = (due(NOW + 5 * HOUR, "a"), due(NOW + 3 * DAY, "b"), due(NOW - 30 * DAY, "c"))

    assert output_of(*tasks).signals_snapshot == {
        "applicable": True,
        "reason": None,
        "overdue_n": 1,
        "due_24h_n": 1,
        "due_7d_n": 2,
        "top_task_id": "a",
        "top_slack_h": 5.0,
        "top_pressure_ratio": 0.7,
    }


@for_each(
    ("left", "words"),
    [
        (timedelta(0), "within the hour"),
        (59 * MINUTE + 59 * SECOND, "within the hour"),
        (HOUR, "in about 1 h"),
        (12 * HOUR, "in about 12 h"),
        (12 * HOUR + SECOND, "today by 22:00"),
        (14 * HOUR, "tomorrow"),
        (2 * DAY, "on Friday"),
        (6 * DAY, "on Tuesday"),
    ],
)
def test_words_for_a_clock_time(left: timedelta, words: str) -> None:
    """The nearer a clock time, the finer its words."""
    assert f"is due {words}" in output_of(due(NOW + left), lead_days=6).prompt_text


@pytest.mark.parametrize(("day", "words"), [("2026-06-17", "today"), ("2026-06-18", "tomorrow")])
def test_bare_date_never_gets_hours(day: str, words: str) -> None:
    """A bare date is named by its day, even in the evening of it."""
    late = NOW.replace(hour=22)

    assert f"is due {words};" in output_of(due(day), now=late).prompt_text


@for_each(
    ("overdue", "words"),
    [
        (HOUR, "was due today at 09:00"),
        (DAY, "is 1 day past"),
        (3 * DAY, "is 3 days past"),
        (4 * DAY, "is several days past"),
    ],
)
def test_words_for_what_is_overdue(overdue: timedelta, words: str) -> None:
    """Up to three days past its date are counted, more are several, and the kind is a decision."""
    text = output_of(due(NOW - overdue)).prompt_text

    assert words in text
    assert text.startswith("[decide|3]")


def test_days_past_are_left_out_on_wish() -> None:
    """Without the preference no days past the date are counted."""
    assert "«Task a» is past its date." in output_of(due(NOW - 2 * DAY), mention_overdue=False).prompt_text


@for_each(
    ("others", "words"),
    [(0, "; nothing else is due today."), (1, "; 1 other task is due today."), (2, "; 2 other tasks are due today.")],
)
def test_counts_what_else_is_due_today(others: int, words: str) -> None:
    """Other tasks of today whose hour is still to come are counted."""
    rest = [due(NOW + 9 * HOUR, f"x{n}", priority="low") for n in range(others)]

    assert words in output_of(due(NOW + 5 * HOUR, priority="urgent"), *rest).prompt_text


@pytest.mark.parametrize(
    ("others", "words"),
    [(1, "; 1 other is past its date."), (3, "; 3 others are past their date.")],
)
def test_counts_what_is_past_its_date(others: int, words: str) -> None:
    """Other tasks of earlier days are past their date; with an overdue task there is no "nothing is due"."""
    rest = [due(NOW - 2 * DAY, f"x{n}", priority="low") for n in range(others)]

    assert words in output_of(due(NOW + 5 * HOUR, priority="urgent"), *rest).prompt_text


def test_hours_that_have_passed_are_in_no_count() -> None:
    """A task whose hour has passed is neither due today nor past its date, and nothing is said of none."""
    text = output_of(due(NOW + 5 * HOUR, priority="urgent"), due(NOW - HOUR, "b", priority="low")).prompt_text

    assert "«Task a» is due in about 5 h." in text


def test_later_dates_leave_a_day_free() -> None:
    """Where the named task is due later and nothing before it, nothing is due today."""
    assert "is due tomorrow; nothing is due today." in output_of(due(NOW + 20 * HOUR)).prompt_text


@for_each("more", [{"title": ""}, {"status": "code", "due_at": 7}, {"due_at": "12.06.2026"}])
def test_unread_dates_leave_nothing_to_be_said_of_none(more: dict[str, object]) -> None:
    """Where a date of an open task is unknown, nothing is said of nothing else being due."""
    other = {"id": "b", "title": "b", "due_at": "soon", **more}

    assert "«Task a» is due in about 5 h." in output_of(due(NOW + 5 * HOUR), other).prompt_text


def test_unread_dates_make_a_count_a_least_one() -> None:
    """Where a date is unknown, as many tasks as are known are due at least."""
    tasks = (due(NOW + 5 * HOUR, priority="urgent"), due(NOW + 9 * HOUR, "b"), due("12.06.2026", "c"))

    assert "; at least 1 other task is due today." in output_of(*tasks).prompt_text


def test_a_waiting_task_is_in_no_count() -> None:
    """A task that waits for another person is neither named nor counted, and its date is not mentioned."""
    text = output_of(due(NOW + 5 * HOUR), due(NOW + HOUR, "b", tags=["@waiting"])).prompt_text

    assert "«Task a» is due in about 5 h." in text


def test_a_parent_is_not_counted_beside_its_part() -> None:
    """The task that the named one is a part of is no other task."""
    tasks = (due(NOW + 5 * HOUR, "a", parent_id="p", priority="urgent"), due("2026-06-17", "p"))

    assert "; nothing else is due today." in output_of(*tasks).prompt_text


def test_without_dates_it_is_silent() -> None:
    """No due date at all is a reason of its own."""
    assert output_of({"id": "a", "title": "A"}).signals_snapshot["reason"] == "no_due"


@pytest.mark.parametrize(("overdue_d", "reason"), [(21, None), (22, "long_overdue")])
def test_long_overdue_is_left_alone(overdue_d: int, reason: str | None) -> None:
    """From 22 days past its date on a task is no longer pressed."""
    assert output_of(due(NOW - overdue_d * DAY)).signals_snapshot["reason"] == reason


@pytest.mark.parametrize(("left", "speaks"), [(7 * DAY - SECOND, True), (7 * DAY, False)])
def test_looks_no_further_than_the_horizon(left: timedelta, speaks: bool) -> None:  # noqa: FBT001  # a case's answer
    """A date after the horizon is not mentioned, however much work the task needs."""
    output = output_of(due(NOW + left), horizon_days=7, lead_days=14)

    assert bool(output.prompt_text) is speaks


def test_untitled_tasks_are_counted_but_not_named() -> None:
    """A task without a title never becomes the named one."""
    output = output_of(due(NOW + HOUR, "a", title=""), due(NOW + 20 * HOUR, "b"))

    assert output.signals_snapshot["top_task_id"] == "b"
    assert "1 other task is due today" in output.prompt_text


def test_only_untitled_dates_are_none() -> None:
    """Where every dated task lacks a title, no date can be named, which is said."""
    assert output_of(due(NOW + HOUR, title="\u200b")).signals_snapshot["reason"] == "no_title"


def test_estimate_adds_to_the_pressure() -> None:
    """Of two equal dates the one with more work left presses more, by four hours of work a day."""
    tasks = (due(NOW + 5 * DAY, "a", estimate_minutes=15), due(NOW + 5 * DAY, "b", estimate_minutes=960))

    assert output_of(*tasks).signals_snapshot["top_task_id"] == "b"


def test_four_hours_of_work_take_a_day() -> None:
    """An estimate of four hours needs as much time before the date as a day of head start."""
    estimated = output_of(due(NOW + 3 * DAY, estimate_minutes=240), lead_days=1)
    led = output_of(due(NOW + 3 * DAY), lead_days=2)

    assert estimated.signals_snapshot["top_pressure_ratio"] == led.signals_snapshot["top_pressure_ratio"] == 0.35


@for_each(("estimate", "block"), [(3, 3), (5, 5), (6, 5), (25, 25), (59, 25)])
def test_block_fits_the_estimate(estimate: int, block: int) -> None:
    """The proposed block is the longest usual one that the estimate holds, at most 25 minutes."""
    text = output_of(due(NOW + HOUR, estimate_minutes=estimate)).prompt_text

    assert f"start with a {block}-min block" in text


@for_each(
    ("left", "lasts"),
    [
        (5 * HOUR, 30 * MINUTE),
        (5 * HOUR + 29 * MINUTE, 59 * MINUTE),
        (70 * MINUTE, 10 * MINUTE),
        (50 * MINUTE, 50 * MINUTE),
        (12 * HOUR + 40 * MINUTE, 40 * MINUTE),
        (4 * DAY, 6 * HOUR),
        (timedelta(0), MINUTE),
    ],
)
def test_lasts_until_its_words_change(left: timedelta, lasts: timedelta) -> None:
    """A statement ends at the next edge of its time words, at most six hours later, at least a minute."""
    output = output_of(due(NOW + left), lead_days=6)

    assert output.expires_at - output.computed_at == lasts


def test_silence_ends_when_the_date_begins_to_press() -> None:
    """Silence ends at the second from which on the date presses enough."""
    # A low priority weighs 0.55, which is 0.35 at a gap of 4/7 of a day; the head start is a day.
    presses_at = NOW + 2 * HOUR
    task = due(presses_at + DAY + timedelta(days=4 / 7), priority="low")

    before, after = (output_of(task, now=presses_at + step * SECOND) for step in (-2, 2))

    assert output_of(task).signals_snapshot["reason"] == "not_pressing"
    assert abs(output_of(task).expires_at - presses_at) <= SECOND
    assert (bool(before.prompt_text), bool(after.prompt_text)) == (False, True)


def test_never_lasts_past_midnight() -> None:
    """Near midnight every statement ends with the local day."""
    late = NOW.replace(hour=22, minute=30)
    output = output_of(due(NOW + 3 * DAY), now=late, lead_days=6)

    assert output.expires_at == NOW.replace(hour=0) + DAY


def moves_of(*tasks: object, **prefs: object) -> set[str]:
    """The agent's moves over eight days on which nothing else changes but the dates, which move along."""
    outputs = [
        ask(
            "deadline-pressure",
            snapshot(*(shifted(task, day) for task in tasks), now=NOW + day * DAY, prefs=prefs),
        )
        for day in range(8)
    ]
    return {output.prompt_text.partition("Move: ")[2].partition(" Care: ")[0] for output in outputs}


def shifted(task: object, days: int) -> dict[str, object]:
    assert isinstance(task, dict)
    stamps = {key: iso(datetime.fromisoformat(task[key]) + days * DAY) for key in task if key.endswith("_at")}
    return {**task, **stamps}


@for_each(
    "more",
    [
        {"estimate_minutes": 60},
        {"created_at": iso(NOW - 14 * DAY)},
        {"due_history": ["2026-06-01"]},
        {"estimate_minutes": 30, "created_at": iso(NOW - 14 * DAY)},
    ],
)
def test_long_old_and_moved_tasks_get_a_first_step(more: dict[str, object]) -> None:
    """From an hour of work, two weeks of age or one moved date on, the first two minutes are proposed."""
    moves = moves_of(due(NOW + 5 * HOUR, "a", **more))

    assert len(moves) == 2
    assert all("first two minutes of it" in move for move in moves)


@for_each(
    "more",
    [
        {"estimate_minutes": 59},
        {"created_at": iso(NOW - 13 * DAY)},
        {"created_at": iso(NOW - 40 * DAY), "recurrence": "weekly"},
        {"created_at": iso(NOW - 40 * DAY), "estimate_minutes": 5},
    ],
)
def test_other_tasks_get_a_block(more: dict[str, object]) -> None:
    """Shorter, younger and recurring tasks get a block, as a task of five minutes does."""
    moves = moves_of(due(NOW + 5 * HOUR, "a", **more))

    assert len(moves) == 2
    assert all("-min block" in move for move in moves)


@for_each(
    ("priority", "words"),
    [(None, "let it go"), ("low", "let it go"), ("high", "a date that holds"), (4, "a date that holds")],
)
def test_moved_again_and_again(priority: object, words: str) -> None:
    """From three moves on they are counted; letting go is never offered where the priority is high or urgent."""
    history = ["2026-06-01", "2026-06-05", "2026-06-10"]
    task = due(NOW + 5 * HOUR, priority=priority, due_history=history)

    assert "«Task a» is due in about 5 h and has been moved 3 times; " in output_of(task).prompt_text
    assert all("half its size" in move and words in move for move in moves_of(task))


def test_an_unreadable_priority_may_be_a_high_one() -> None:
    """Letting go is not offered where the priority cannot be read."""
    history = ["2026-06-01", "2026-06-05", "2026-06-10"]

    assert all("let it go" not in move for move in moves_of(due(NOW + HOUR, priority="??", due_history=history)))


def test_priorities_that_tell_nothing_apart_still_count_for_the_tone() -> None:
    """Of three high tasks none is offered to be let go."""
    history = ["2026-06-01", "2026-06-05", "2026-06-10"]
    tasks = [due(NOW + 5 * HOUR, f"t{n}", priority="high", due_history=history) for n in range(3)]

    assert all("let it go" not in move for move in moves_of(*tasks))


@pytest.mark.parametrize("overdue_d", [1, 9])
def test_no_words_return_on_the_next_day(overdue_d: int) -> None:
    """The statement on an overdue task changes its wording from day to day."""
    assert len(moves_of(due(NOW - overdue_d * DAY))) == 2


def test_without_a_zone_what_can_be_said_is_named() -> None:
    """A bare date that has passed in some zones only is skipped for an hour that is true everywhere."""
    now = NOW.astimezone(UTC)
    unsaid = due("2026-06-16", "a", priority="urgent")

    assert output_of(unsaid, now=now).signals_snapshot["reason"] == "no_zone"
    assert "«Task b» is due in about 5 h." in output_of(unsaid, due(NOW + 5 * HOUR, "b"), now=now).prompt_text


def test_without_a_zone_nothing_is_said_of_today() -> None:
    """Hours hold everywhere; the counts of today are left out where no zone is known."""
    now = NOW.astimezone(UTC)
    text = output_of(due(NOW + 5 * HOUR), due(NOW + 9 * HOUR, "b", priority="low"), now=now).prompt_text

    assert "«Task a» is due in about 5 h. Move" in text


@for_each("hours", range(-60, 60, 7))
def test_without_a_zone_it_holds_until_it_expires(hours: int) -> None:
    """In an unknown zone, a statement is true until it expires."""
    given = snapshot(due(NOW + hours * HOUR), due("2026-06-16", "b"), now=NOW.astimezone(UTC))
    output = ask("deadline-pressure", given)

    assert said_within("deadline-pressure", given, output) == {output.prompt_text}
