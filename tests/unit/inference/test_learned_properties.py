"""What holds for each learned habit, whatever is learned."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from oo.agent_kit.manifest import Manifest
from oo.agents.registry import get_manifest
from oo.inference.history import FeedbackEvent, TaskCompletion, UserHistory
from oo.inference.run import run_inference
from tests.unit.inference.planted_habits import around, finishing, in_projects, tips
from tests.unit.inference.planted_users import NEWEST, seeded

RANGES: Mapping[str, float] = {
    "peak_hour_utc": 24,
    "batching_lift": 10,
    "accept_p": 1,
    "receptive_hour_utc": 24,
    "max_words": 28,
}
CASES = [
    (get_manifest("peak-hours"), finishing(around(seeded(1), 9, 60, 0.3))),
    (get_manifest("project-focus"), in_projects(seeded(1), 60, 0.7)),
    (get_manifest("tip-receptivity"), tips(seeded(1), 200, lambda hour: 0.9 if 18 <= hour < 21 else 0.2, 4)),
]
every_habit = pytest.mark.parametrize(("manifest", "history"), CASES, ids=lambda value: getattr(value, "agent_id", ""))


@every_habit
def test_each_parameter_is_learned(manifest: Manifest, history: UserHistory) -> None:
    """The planted history supports every declared parameter, so that the tests below test them all."""
    assert set(run_inference(manifest, history)) == {param.key for param in manifest.inferred_params}


@every_habit
def test_order_is_irrelevant(manifest: Manifest, history: UserHistory) -> None:
    """A shuffled history gives the same."""
    events, completions = list(history.events), list(history.task_completions)
    seeded(2).shuffle(events)
    seeded(3).shuffle(completions)

    shuffled = replace(history, events=events, task_completions=completions)

    assert run_inference(manifest, shuffled) == run_inference(manifest, history)


@every_habit
def test_a_history_fifty_times_is_the_same_history(manifest: Manifest, history: UserHistory) -> None:
    """Exact duplicates change nothing."""
    many = replace(history, events=[*history.events] * 50, task_completions=[*history.task_completions] * 50)

    assert run_inference(manifest, many) == run_inference(manifest, history)


@every_habit
def test_weeks_earlier_the_same_is_learned(manifest: Manifest, history: UserHistory) -> None:
    """A history moved by whole weeks gives the same: being away makes nothing fade."""
    assert run_inference(manifest, moved(history, timedelta(weeks=-30))) == run_inference(manifest, history)


def moved(history: UserHistory, by: timedelta) -> UserHistory:
    def stamp(value: object) -> str:
        return (datetime.fromisoformat(str(value)) + by).isoformat()

    return replace(
        history,
        events=[FeedbackEvent(each.action, each.dwell_ms, stamp(each.created_at)) for each in history.events],
        task_completions=[
            TaskCompletion(each.project_id, stamp(each.completed_at), each.due_at) for each in history.task_completions
        ],
    )


@every_habit
def test_ancient_event_hardly_matters(manifest: Manifest, history: UserHistory) -> None:
    """An event older than five half-lives moves each value by less than 5% of its range."""
    old = (NEWEST - timedelta(days=300)).replace(hour=3).isoformat()
    older = replace(
        history,
        events=[*history.events, FeedbackEvent("dismissed", 600_000, old)],
        task_completions=[*history.task_completions, TaskCompletion("other", old, None)],
    )
    before, after = run_inference(manifest, history), run_inference(manifest, older)

    assert before.keys() == after.keys()
    assert all(abs(float(str(after[key])) - float(str(before[key]))) < 0.05 * RANGES[key] for key in before)


@pytest.mark.parametrize("key", ["accept_p", "batching_lift", "max_words"])
def test_more_evidence_moves_away_from_the_prior(key: str) -> None:
    """The longer the same habit lasts, the further the value lies from what is assumed of anybody."""
    found = [steady(key, size) for size in (16, 24, 40, 80)]

    assert found == sorted(found)
    assert found[0] < found[-1]


def steady(key: str, size: int) -> float:
    stamps = [(NEWEST - timedelta(hours=2 * number)).isoformat() for number in range(size)]
    # Two projects, each in one go, and tips that are all taken up after eight seconds.
    events = [FeedbackEvent("done", 8000, stamp) for stamp in stamps]
    completions = [TaskCompletion("a" if 2 * n < size else "b", stamp, None) for n, stamp in enumerate(stamps)]
    manifest = get_manifest("project-focus" if key == "batching_lift" else "tip-receptivity")
    return float(str(run_inference(manifest, UserHistory("user-1", events, completions))[key]))
