"""stale-task asks for a decision about the task that has been open longest."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest

from oo.agent_kit.rotation import rotation_index
from oo.contract.agent_output import AgentOutput
from testing.agent_snapshots import DAY, HOUR, NOW, SECOND, ask, iso, snapshot
from testing.for_each import for_each


def old(task_id: str = "a", age_d: int = 43, **more: object) -> dict[str, object]:
    return {"id": task_id, "title": f"Task {task_id}", "created_at": iso(NOW - age_d * DAY), **more}


def output_of(*tasks: object, **prefs: object) -> AgentOutput:
    """The output on a day on which a single stale task is named."""
    return ask("stale-task", snapshot(*tasks, prefs=prefs, user_id=SPEAKING_USER))


def named_on(*tasks: object, day: int, user_id: str) -> object:
    output = ask("stale-task", snapshot(*tasks, now=NOW + day * DAY, user_id=user_id))
    return output.signals_snapshot["top_task_id"]


# A single stale task is named on one day in three, in two wordings by turns: this is the first one.
SPEAKING_USER = next(f"user-{n}" for n in range(90) if not rotation_index(f"user-{n}", "stale-task", NOW.date(), 6))


def test_names_the_task_and_its_age() -> None:
    """An old task is named with its age and three ways to decide."""
    task = {"id": "a", "title": "Sort the garage", "created_at": iso(NOW - 43 * DAY)}

    assert output_of(task).prompt_text == (
        "[decide|3] Fact: «Sort the garage» has been open 43 days. "
        "Move: choose one: a 10-minute first step, a date, or let it go. Care: letting go is a fine answer."
    )


def test_snapshot_holds_the_numbers() -> None:
    """The snapshot counts stale tasks and holds the threshold and the median age."""
    assert output_of(old("a", 40), old("b", 20), old("c", 2)).signals_snapshot == {
        "applicable": True,
        "reason": None,
        "stale_n": 2,
        "top_task_id": "a",
        "top_age_d": 40,
        "top_moved_n": 0,
        "waiting_n": 0,
        "threshold_d": 14.0,
        "open_median_age_d": 20.0,
    }


@pytest.mark.parametrize(("age_d", "stale_n"), [(13, 0), (14, 1)])
def test_stale_from_the_preferred_age(age_d: int, stale_n: int) -> None:
    """A task is stale from the preferred number of days on."""
    assert output_of(old(age_d=age_d)).signals_snapshot["stale_n"] == stale_n


@for_each(("preferred", "threshold"), [(3, 7.0), (7, 7.0), (60, 60.0), (90, 60.0)])
def test_threshold_stays_between_a_week_and_sixty_days(preferred: int, threshold: float) -> None:
    """For any preference the threshold is 7 days at least and 60 at most."""
    assert output_of(stale_after_d=preferred).signals_snapshot["threshold_d"] == threshold


@pytest.mark.parametrize(("done_n", "threshold"), [(7, 14.0), (8, 40.0)])
def test_threshold_adapts_to_a_slow_worker(done_n: int, threshold: float) -> None:
    """With eight finished tasks the threshold is twice the age that 80% of them had at most."""
    finished = [old(f"d{n}", 30, status="done", completed_at=iso(NOW - 10 * DAY)) for n in range(done_n)]

    assert output_of(*finished).signals_snapshot["threshold_d"] == threshold


def test_threshold_follows_the_slow_fifth() -> None:
    """The threshold rests on the age below which 80% of the finished tasks lie."""
    finished = [
        old(f"d{n}", age_d + 1, status="done", completed_at=iso(NOW - DAY)) for n, age_d in enumerate(range(2, 22, 2))
    ]

    # Of the ages 2, 4, .. 20 the 80% point lies between 16 and 18.
    assert output_of(*finished).signals_snapshot["threshold_d"] == 34.0


@for_each(
    "more",
    [
        {"tags": ["home", "Someday"]},
        {"due_at": iso(NOW + HOUR)},
        {"due_at": iso(NOW - 21 * DAY)},
        {"created_at": None},
        {"created_at": iso(NOW + DAY)},
        {"title": "\u200b"},
        {"status": "done"},
    ],
)
def test_what_is_taken_care_of_is_left_out(more: dict[str, object]) -> None:
    """Tasks with a resting tag, a date, no known age or no title are no candidates."""
    assert output_of({**old(), **more}).signals_snapshot["stale_n"] == 0


def test_long_overdue_is_stale() -> None:
    """A task overdue by more than 21 days asks for a decision."""
    assert output_of(old(due_at=iso(NOW - 22 * DAY))).signals_snapshot["stale_n"] == 1


def imported(size: int, spacing: timedelta) -> list[dict[str, object]]:
    made = NOW - 40 * DAY
    return [{"id": f"i{n}", "title": f"Item {n}", "created_at": iso(made + n * spacing)} for n in range(size)]


@for_each(
    ("size", "spacing", "stale_n"),
    [
        (9, SECOND, 9),
        (10, SECOND, 1),
        (10, 6 * SECOND, 1),
        (10, 7 * SECOND, 10),
        (200, 6 * SECOND, 1),
    ],
)
def test_import_counts_once(size: int, spacing: timedelta, stale_n: int) -> None:
    """Ten tasks made within 60 seconds are one import and count once."""
    assert output_of(*imported(size, spacing)).signals_snapshot["stale_n"] == stale_n


@pytest.mark.parametrize(("last", "stale_n"), [(60 * SECOND, 1), (61 * SECOND, 10)])
def test_import_takes_a_minute_at_most(last: timedelta, stale_n: int) -> None:
    """Ten tasks belong together when the last was made within 60 seconds of the first."""
    *most, tenth = imported(10, SECOND)

    assert output_of(*most, {**tenth, "created_at": iso(NOW - 40 * DAY + last)}).signals_snapshot["stale_n"] == stale_n


def test_two_imports_count_twice() -> None:
    """Separate imports are counted separately, and bare dates are no evidence of one."""
    first = imported(10, SECOND)
    second = [{**task, "id": f"s{n}", "created_at": iso(NOW - 30 * DAY)} for n, task in enumerate(first)]
    dated = [{**task, "id": f"b{n}", "created_at": "2026-05-01"} for n, task in enumerate(first)]

    assert output_of(*first, *second).signals_snapshot["stale_n"] == 2
    assert output_of(*dated).signals_snapshot["stale_n"] == 10


def test_single_stale_task_is_named_on_one_day_in_three() -> None:
    """A single stale task rests two days between its mentions."""
    named = [named_on(old(), day=day, user_id="u") for day in range(30)]
    days = [day for day, task_id in enumerate(named) if task_id]

    assert len(days) == 10
    assert {later - earlier for earlier, later in pairwise(days)} == {3}


@for_each("size", [2, 3, 4, 7])
def test_near_equals_share_the_month(size: int) -> None:
    """Over 30 days each of m near equals is named 30/m times, never on two days in a row."""
    tasks = [old(f"t{n}", 100) for n in range(size)]
    named = [named_on(*tasks, day=day, user_id="u") for day in range(30)]
    counts = Counter(named)

    assert {*counts.values()} <= {30 // size, -(-30 // size)}
    assert len(counts) == size
    assert all(first != second for first, second in pairwise(named))


def test_lasts_until_midnight() -> None:
    """Ages count local days, so a statement ends at midnight."""
    assert output_of(old()).expires_at == NOW.replace(hour=0) + DAY


def month_of(*tasks: object, user_id: str = "u") -> list[AgentOutput]:
    """The outputs of 42 days on which nothing else changes."""
    return [ask("stale-task", snapshot(*tasks, now=NOW + day * DAY, user_id=user_id)) for day in range(42)]


def moves_of(outputs: list[AgentOutput]) -> set[str]:
    said = [output.prompt_text for output in outputs if output.prompt_text]
    return {text.partition("Move: ")[2] for text in said}


def test_wordings_take_turns() -> None:
    """A choice and a first step alternate, for one stale task as for several."""
    for tasks in ([old()], [old("a"), old("b")], [old("a"), old("b"), old("c")]):
        assert {move.partition(":")[0] for move in moves_of(month_of(*tasks))} == {
            "choose one",
            "name the first two minutes of it, and do only those.",
        }


@for_each("priority", ["high", "urgent", 3, 4, "P1", "??", {"name": "critical"}, -3])
def test_what_matters_is_never_let_go(priority: object) -> None:
    """A high or urgent task, and one whose priority cannot be read, gets a first step or a date."""
    for more in ({}, {"due_history": ["2026-04-01", "2026-04-02", "2026-04-03"]}):
        moves = moves_of(month_of(old("a", 43, priority=priority, **more)))

        assert len(moves) == 2
        assert not [move for move in moves if "let it go" in move or "letting go" in move]


def test_one_high_priority_for_all_is_high() -> None:
    """Where all tasks are high, the priority tells none of them apart, and still none is let go."""
    moves = moves_of(month_of(*(old(f"t{n}", priority="high") for n in range(4))))

    assert not [move for move in moves if "let it go" in move]


@for_each(
    "more",
    [
        {"recurrence": "weekly"},
        {"is_recurring": True},
        {"type": "habit"},
        {"due_at": None, "due": {"date": None, "is_recurring": True}},
        {"due_at": "12.03.2026"},
        {"status": "parked"},
        {"status": 7},
        {"status": "someday"},
    ],
)
def test_what_has_no_age_to_speak_of_is_left_alone(more: dict[str, object]) -> None:
    """Recurring tasks, unread dates and unknown states are no old loops."""
    assert not [output for output in month_of({**old(), **more}) if output.prompt_text]


def test_a_task_that_was_done_twice_is_left_alone() -> None:
    """An open task with two completions recurs, for any row."""
    completions = [{"task_id": "a", "completed_at": iso(NOW - age_d * DAY)} for age_d in (9, 16)]
    output = ask("stale-task", snapshot(old(), completions=completions, user_id=SPEAKING_USER))

    assert output.signals_snapshot["reason"] == "nothing_stale"


@pytest.mark.parametrize(
    ("minutes", "step"), [(5, "doing it now"), (9, "doing it now"), (10, "a 10-minute first step")]
)
def test_no_step_is_longer_than_the_task(minutes: int, step: str) -> None:
    """A first step of ten minutes is proposed only where the estimate holds it."""
    moves = moves_of(month_of(old(estimate_minutes=minutes)))

    assert any(f"choose one: {step}, a date" in move for move in moves)
    assert any("first two minutes" in move for move in moves) is (minutes == 10)


@for_each(
    ("more", "fact"),
    [
        ({}, "«Task a» has been moved 3 times and has been open 43 days."),
        ({"created_at": None}, "«Task a» has been moved 3 times."),
        ({"created_at": iso(NOW)}, "«Task a» has been moved 3 times."),
    ],
)
def test_moved_again_and_again(more: dict[str, object], fact: str) -> None:
    """From three moves on they are counted, at any age of the task."""
    history = ["2026-04-01", "2026-04-08", "2026-04-15"]
    text = output_of({**old(due_history=history), **more}).prompt_text

    move = "make it half its size, or let it go."
    assert text == f"[decide|3] Fact: {fact} Move: {move} Care: letting go is a fine answer."


@for_each("mark", [{"tags": ["Waiting-For"]}, {"tags": "@delegated"}, {"status": "on hold"}])
def test_a_waiting_task_is_named_once_in_seven_days(mark: dict[str, object]) -> None:
    """A task that waits for another person is named on one day in seven, and is no candidate on the others."""
    outputs = month_of({**old("w", 12, title="Hear from Ben"), **mark})
    said = [day for day, output in enumerate(outputs) if output.prompt_text]

    assert [later - earlier for earlier, later in pairwise(said)] == [7] * 5
    assert outputs[said[0]].prompt_text == (
        f"[decide|3] Fact: «Hear from Ben» waits for somebody else; it has been open {12 + said[0]} days. "
        "Move: ask once, or set the day on which to ask."
    )


def test_waiting_tasks_take_turns() -> None:
    """Several waiting tasks are named one a week, beside the stale ones."""
    outputs = month_of(old("w", 12, tags=["waiting"]), old("v", 20, status="blocked"), old("a"))
    named = Counter(output.signals_snapshot["top_task_id"] for output in outputs)

    assert (named["w"], named["v"]) == (3, 3)
    assert named["a"] >= 9


@for_each(
    "more",
    [
        {"created_at": None},
        {"created_at": iso(NOW - 6 * DAY)},
        {"title": ""},
        {"recurrence": "daily"},
        {"status": "done"},
    ],
)
def test_other_waiting_tasks_are_not_named(more: dict[str, object]) -> None:
    """A week of known age is needed, and a title."""
    assert output_of({**old("w", 12, tags=["waiting"]), **more}).signals_snapshot["waiting_n"] == 0
