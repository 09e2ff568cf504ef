"""deadline-pressure names the one dated task that needs a move now."""

from datetime import datetime, timedelta

import pytest

from oo.agents.deadline_pressure import agent as deadline_pressure
from oo.contract.agent_output import AgentOutput
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import DAY, HOUR, MINUTE, NOW, SECOND, ask, iso, snapshot, user_view
from testing.for_each import for_each
from tests.unit.agents.random_inputs import seeded


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


@pytest.mark.parametrize(
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
    assert f"is due {words};" in output_of(due(NOW + left), lead_days=6).prompt_text


@pytest.mark.parametrize(("day", "words"), [("2026-06-17", "today"), ("2026-06-18", "tomorrow")])
def test_bare_date_never_gets_hours(day: str, words: str) -> None:
    """A bare date is named by its day, even in the evening of it."""
    late = NOW.replace(hour=22)

    assert f"is due {words};" in output_of(due(day), now=late).prompt_text


@pytest.mark.parametrize(
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
    assert "«Task a» is past its date;" in output_of(due(NOW - 2 * DAY), mention_overdue=False).prompt_text


@pytest.mark.parametrize(
    ("others", "words"),
    [(0, "nothing else is due today"), (1, "1 other task is due today"), (2, "2 other tasks are due today")],
)
def test_counts_what_else_is_due_today(others: int, words: str) -> None:
    """Other tasks with today's date are counted, also those whose hour has passed."""
    rest = [due(NOW - HOUR, f"x{n}", priority="low") for n in range(others)]

    assert words in output_of(due(NOW + 5 * HOUR, priority="urgent"), *rest).prompt_text


def test_without_dates_it_is_silent() -> None:
    """No due date at all is a reason of its own."""
    assert output_of({"id": "a", "title": "A"}).signals_snapshot["reason"] == "no_due"


@pytest.mark.parametrize(("overdue_d", "reason"), [(21, None), (22, "long_overdue")])
def test_long_overdue_is_left_alone(overdue_d: int, reason: str | None) -> None:
    """From 22 days past its date on a task is no longer pressed."""
    assert output_of(due(NOW - overdue_d * DAY)).signals_snapshot["reason"] == reason


@pytest.mark.parametrize(("left", "speaks"), [(7 * DAY - SECOND, True), (7 * DAY, False)])
def test_looks_no_further_than_the_horizon(left: timedelta, speaks: bool) -> None:  # noqa: FBT001  # a case's answer
    """What is due after the horizon is not mentioned, however much work it needs."""
    output = output_of(due(NOW + left), horizon_days=7, lead_days=14)

    assert bool(output.prompt_text) is speaks


def test_untitled_tasks_are_counted_but_not_named() -> None:
    """A task without a title never becomes the named one."""
    output = output_of(due(NOW + HOUR, "a", title=""), due(NOW + 20 * HOUR, "b"))

    assert output.signals_snapshot["top_task_id"] == "b"
    assert "1 task is due today" in output.prompt_text


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


@pytest.mark.parametrize(("estimate", "block"), [(3, 3), (5, 5), (6, 5), (25, 25), (240, 25)])
def test_block_fits_the_estimate(estimate: int, block: int) -> None:
    """The proposed block is the longest usual one that the estimate holds, at most 25 minutes."""
    text = output_of(due(NOW + HOUR, estimate_minutes=estimate)).prompt_text

    assert f"start with a {block}-min block" in text


def pressure_of(task: dict[str, object], now: datetime = NOW) -> float:
    output = output_of(task, now=now, horizon_days=14)
    pressure = output.signals_snapshot["top_pressure_ratio"]
    return pressure if isinstance(pressure, float) else 0.0


def test_earlier_date_never_lowers_the_pressure() -> None:
    """Moving a due date earlier, down to 21 days overdue, never lowers the pressure."""
    hours = range(14 * 24 - 1, -21 * 24, -1)
    pressures = [pressure_of(due(NOW + hour * HOUR)) for hour in hours]

    assert pressures == sorted(pressures)


@for_each("seed", range(40))
def test_higher_priority_never_lowers_the_rank(seed: int) -> None:
    """Raising a task's priority never lowers its place among the others."""
    random = seeded(seed)
    tasks = [due(NOW + random.randrange(-300, 300) * HOUR, f"t{n}", priority=random.randint(1, 4)) for n in range(6)]
    raised = {**tasks[0], "priority": min(4, int(str(tasks[0]["priority"])) + 1)}

    assert rank_of_first([raised, *tasks[1:]]) <= rank_of_first(tasks)


def rank_of_first(tasks: list[dict[str, object]]) -> int:
    """How many others press more than the first task, all importances read together."""
    view = user_view(snapshot(*tasks), deadline_pressure.MANIFEST)
    candidates = deadline_pressure._candidates(view, view.tasks.open)
    pressures = {each.task.id: each.pressure.at() for each in candidates}
    own = pressures.get("t0", 0.0)
    return sum(other > own for other in pressures.values())


def crowded(seed: int) -> ComputeRequest:
    """Many tasks of similar pressure, so that their order keeps changing."""
    random = seeded(seed)
    tasks = [
        due(
            NOW + timedelta(minutes=random.randrange(-1000, 12_000)),
            f"t{n}",
            priority=random.randint(1, 4),
            estimate_minutes=random.choice((None, 30, 240, 960)),
        )
        for n in range(30)
    ]
    prefs = {"lead_days": random.choice((0, 0.5, 1, 3)), "horizon_days": random.choice((2, 3, 7))}
    return snapshot(*tasks, user_id=f"user-{seed}", prefs=prefs)


@for_each("seed", range(60))
def test_crowded_list_keeps_its_word(seed: int) -> None:
    """However often the order of near equals changes, what is said holds until it expires."""
    given = crowded(seed)
    output = ask("deadline-pressure", given)
    lasts_s = int((output.expires_at - output.computed_at).total_seconds())
    for elapsed_s in range(1, lasts_s, max(1, lasts_s // 7)) if lasts_s > 60 else ():
        later = ask("deadline-pressure", snapshot_at(given, elapsed_s))

        assert later.prompt_text == output.prompt_text


def snapshot_at(given: ComputeRequest, elapsed_s: int) -> ComputeRequest:
    return snapshot(*given.tasks, now=NOW + elapsed_s * SECOND, user_id=given.user_id, prefs=given.agent_prefs)


def test_expires_when_another_task_joins() -> None:
    """A task that comes within a tenth of the most pressing one ends the statement at that second."""
    # Overdue today presses with 0.7; an urgent task reaches nine tenths of it when its gap is 1 / 0.63 - 1 days.
    joins_at = NOW + 2 * HOUR
    tasks = (due(NOW - HOUR, "a"), due(joins_at + DAY + (1 / 0.63 - 1) * DAY, "b", priority="urgent"))

    before, after = (named_by_many_users(tasks, joins_at + step * SECOND) for step in (-2, 2))

    assert abs(output_of(*tasks).expires_at - joins_at) <= SECOND
    assert (before, after) == ({"a"}, {"a", "b"})


def test_expires_when_two_swap_places() -> None:
    """Near equals that swap places end the statement, as the one whose turn it is may change."""
    swaps_at = NOW + 2 * HOUR
    tasks = (due(NOW - HOUR, "a"), due(swaps_at + DAY + (1 / 0.7 - 1) * DAY, "b", priority="urgent"))

    before, after = (named_by_many_users(tasks, swaps_at + step * SECOND) for step in (-2, 2))

    assert abs(output_of(*tasks).expires_at - swaps_at) <= SECOND
    assert before == after == {"a", "b"}


def test_expires_when_a_task_enters_the_horizon() -> None:
    """A pressing task ends the statement when it comes inside the horizon."""
    enters_at = NOW + 2 * HOUR
    tasks = (due(NOW - HOUR, "a"), due(enters_at + 2 * DAY, "b", priority="urgent"))

    assert abs(output_of(*tasks, horizon_days=2, lead_days=14).expires_at - enters_at) <= SECOND


def named_by_many_users(tasks: tuple[object, ...], now: datetime) -> set[object]:
    outputs = [ask("deadline-pressure", snapshot(*tasks, now=now, user_id=f"user-{n}")) for n in range(9)]
    return {output.signals_snapshot["top_task_id"] for output in outputs}


@pytest.mark.parametrize(
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
