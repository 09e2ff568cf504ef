"""Rules for every learned habit."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from oo.agent_kit.manifest import Manifest
from oo.agents.registry import get_agent
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import changed, learn
from tests.unit.inference.planted_habits import around, finishing, in_projects, tips
from tests.unit.inference.planted_users import NEWEST, completion_row, feedback_row, history, seeded

RANGES: Mapping[str, float] = {
    "peak_hour_utc": 24,
    "batching_lift": 10,
    "accept_p": 1,
    "receptive_hour_utc": 24,
    "max_words": 28,
}
CASES = [
    (get_agent("peak-hours").manifest, finishing(around(seeded(1), 9, 60, 0.3))),
    (get_agent("project-focus").manifest, in_projects(seeded(1), 60, 0.7)),
    (get_agent("tip-receptivity").manifest, tips(seeded(1), 200, lambda hour: 0.9 if 18 <= hour < 21 else 0.2, 4)),
]
every_habit = pytest.mark.parametrize(("manifest", "history"), CASES, ids=lambda value: getattr(value, "agent_id", ""))


@every_habit
def test_each_parameter_is_learned(manifest: Manifest, history: ComputeRequest) -> None:
    """The planted history supports every declared parameter, so that the tests below test them all."""
    assert set(learn(manifest, history)) == {param.key for param in manifest.inferred_params}


@every_habit
def test_order_is_irrelevant(manifest: Manifest, history: ComputeRequest) -> None:
    """A shuffled history gives the same."""
    events, completions = list(history.feedback_history), list(history.task_completions)
    seeded(2).shuffle(events)
    seeded(3).shuffle(completions)

    shuffled = changed(history, feedback_history=events, task_completions=completions)

    assert learn(manifest, shuffled) == learn(manifest, history)


@every_habit
def test_a_history_fifty_times_is_the_same_history(manifest: Manifest, history: ComputeRequest) -> None:
    """Rows with an id that are sent again change nothing."""
    named = [{"task_id": f"t{number}", **row} for number, row in enumerate(history.task_completions)]
    many = changed(history, feedback_history=[*history.feedback_history] * 50, task_completions=named * 50)

    assert learn(manifest, many) == learn(manifest, history)


@every_habit
def test_weeks_earlier_the_same_is_learned(manifest: Manifest, history: ComputeRequest) -> None:
    """A history moved by whole weeks gives the same: being away makes nothing fade."""
    assert learn(manifest, moved(history, timedelta(weeks=-30))) == learn(manifest, history)


def moved(history: ComputeRequest, by: timedelta) -> ComputeRequest:
    def stamp(value: object) -> str:
        return (datetime.fromisoformat(str(value)) + by).isoformat()

    return changed(
        history,
        feedback_history=[{**each, "created_at": stamp(each["created_at"])} for each in history.feedback_history],
        task_completions=[
            completion_row(each["project_id"], stamp(each["completed_at"]), each["due_at"])
            for each in history.task_completions
        ],
    )


@every_habit
def test_ancient_event_hardly_matters(manifest: Manifest, history: ComputeRequest) -> None:
    """An event older than five half-lives moves each value by less than 5% of its range."""
    old = (NEWEST - timedelta(days=300)).replace(hour=3).isoformat()
    older = changed(
        history,
        feedback_history=[*history.feedback_history, feedback_row("dismissed", 600_000, old)],
        task_completions=[*history.task_completions, completion_row("other", old, None)],
    )
    before, after = learn(manifest, history), learn(manifest, older)

    assert before.keys() == after.keys()
    assert all(abs(float(str(after[key])) - float(str(before[key]))) < 0.05 * RANGES[key] for key in before)


@pytest.mark.parametrize("key", ["accept_p", "batching_lift"])
def test_more_evidence_moves_away_from_the_prior(key: str) -> None:
    """The longer the same habit lasts, the further the value is from the prior."""
    found = [steady(key, size) for size in (16, 24, 40, 80)]

    assert found == sorted(found)
    assert found[0] < found[-1]


def steady(key: str, size: int) -> float:
    stamps = [(NEWEST - timedelta(hours=2 * number)).isoformat() for number in range(size)]
    # Two projects, each in one go, and tips that are all taken up after eight seconds.
    events = [feedback_row("done", 8000, stamp) for stamp in stamps]
    completions = [completion_row("a" if 2 * n < size else "b", stamp, None) for n, stamp in enumerate(stamps)]
    manifest = get_agent("project-focus" if key == "batching_lift" else "tip-receptivity").manifest
    return float(str(learn(manifest, history(completions, events))[key]))
