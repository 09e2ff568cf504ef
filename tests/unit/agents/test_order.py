"""Which dated task deadline-pressure names, and until when."""

from datetime import datetime, timedelta

import pytest

from oo.agents.deadline_pressure import agent as deadline_pressure
from oo.agents.deadline_pressure.order import candidates
from oo.contract.agent_output import AgentOutput
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import DAY, HOUR, MINUTE, NOW, SECOND, ask, iso, snapshot, user_view
from testing.for_each import for_each
from tests.unit.agents.random_inputs import seeded

OVERDUE_BY_A_DAY = 0.7 * (1 + 0.25 / 7)
"""The pressure of a task of no priority that is a day past its date."""


def due(moment: datetime, task_id: str = "a", **more: object) -> dict[str, object]:
    return {"id": task_id, "title": f"Task {task_id}", "due_at": iso(moment), **more}


def output_of(*tasks: object, now: datetime = NOW, **prefs: object) -> AgentOutput:
    return ask("deadline-pressure", snapshot(*tasks, now=now, prefs=prefs))


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
    pressures = {each.task.id: each.pressure.at() for each in candidates(view, view.tasks.open)}
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
    """A statement is true until it expires, for any number of changes in the order of near equals."""
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
    joins_at = NOW + 2 * HOUR
    gap_d = 1 / (0.9 * OVERDUE_BY_A_DAY) - 1
    tasks = (due(NOW - DAY, "a"), due(joins_at + DAY + gap_d * DAY, "b", priority="urgent"))

    before, after = (named_by_many_users(tasks, joins_at + step * SECOND) for step in (-2, 2))

    assert abs(output_of(*tasks).expires_at - joins_at) <= SECOND
    assert (before, after) == ({"a"}, {"a", "b"})


def test_expires_when_two_swap_places() -> None:
    """Near equals that swap places end the statement, as the one whose turn it is may change."""
    swaps_at = NOW + 2 * HOUR
    tasks = (due(NOW - DAY, "a"), due(swaps_at + DAY + (1 / OVERDUE_BY_A_DAY - 1) * DAY, "b", priority="urgent"))

    before, after = (named_by_many_users(tasks, swaps_at + step * SECOND) for step in (-2, 2))

    assert abs(output_of(*tasks).expires_at - swaps_at) <= SECOND
    assert before == after == {"a", "b"}


def test_expires_when_a_task_enters_the_horizon() -> None:
    """A pressing task ends the statement when it comes inside the horizon."""
    enters_at = NOW + 2 * HOUR
    tasks = (due(NOW - DAY, "a"), due(enters_at + 2 * DAY, "b", priority="urgent"))

    assert abs(output_of(*tasks, horizon_days=2, lead_days=14).expires_at - enters_at) <= SECOND


def named_by_many_users(tasks: tuple[object, ...], now: datetime) -> set[object]:
    outputs = [ask("deadline-pressure", snapshot(*tasks, now=now, user_id=f"user-{n}")) for n in range(9)]
    return {output.signals_snapshot["top_task_id"] for output in outputs}


def test_today_comes_before_later() -> None:
    """A high task due in 4 hours is named before an urgent one of two hours due in 30 hours."""
    tasks = (due(NOW + 4 * HOUR, "a", priority="high"), due(NOW + 30 * HOUR, "b", priority=4, estimate_minutes=120))

    assert output_of(*tasks).signals_snapshot["top_task_id"] == "a"


@pytest.mark.parametrize(("minutes", "named"), [(290, {"a"}), (300, {"a", "b"})])
def test_what_no_longer_fits_its_time_is_as_pressing(minutes: int, named: set[object]) -> None:
    """A later task competes once its estimate takes all of the time that is left, at four hours a day."""
    tasks = (due(NOW + 4 * HOUR, "a", priority=4), due(NOW + 30 * HOUR, "b", priority=4, estimate_minutes=minutes))

    assert named_by_many_users(tasks, NOW) == named


def test_ends_when_a_later_task_becomes_tight() -> None:
    """A statement ends when the time that is left no longer holds the estimate of a later task."""
    tasks = (
        due(NOW + 7 * HOUR, "a", priority=4),
        due(NOW + 31 * HOUR + 20 * MINUTE, "b", priority=4, estimate_minutes=310),
    )

    assert output_of(*tasks).expires_at == NOW + 20 * MINUTE


def test_beside_a_pile_the_coming_dates_are_named() -> None:
    """With five overdue tasks a task due from today on is named, with four the most pressing one."""
    overdue = [due(NOW - (n + 6) * DAY, f"o{n}", priority=4) for n in range(5)]
    coming = due(NOW + 30 * HOUR, "c", priority="low")

    assert output_of(*overdue, coming).signals_snapshot["top_task_id"] == "c"
    assert output_of(*overdue[1:], coming).signals_snapshot["top_task_id"] != "c"
    assert output_of(*overdue).signals_snapshot["top_task_id"] is not None


def test_recurring_tasks_make_no_pile() -> None:
    """A missed recurring task comes back by itself, and makes no pile."""
    overdue = [due(NOW - (n + 6) * DAY, f"o{n}", priority=4, recurrence="daily") for n in range(5)]
    coming = due(NOW + 30 * HOUR, "c", priority="low")

    assert output_of(*overdue, coming).signals_snapshot["top_task_id"] != "c"
