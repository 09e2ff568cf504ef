"""Rules for every learned lateness and pace."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from oo.agent_kit.manifest import Manifest
from oo.agents.registry import get_agent
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import learn
from testing.for_each import for_each
from tests.unit.inference.planted_habits import completion
from tests.unit.inference.planted_pace import at_a_pace, late_around
from tests.unit.inference.planted_users import NEWEST, Row, completion_row, history, seeded

RANGES: Mapping[str, float] = {"late_p": 1, "lateness_p50_d": 28, "lateness_p80_d": 28, "daily_rate": 50}
CASES = [
    (get_agent("lateness-buffer").manifest, late_around(seeded(1), 2, 40, 0.1)),
    (get_agent("momentum").manifest, at_a_pace(seeded(1), 4, 80, 0.2)),
]
every_agent = pytest.mark.parametrize(("manifest", "given"), CASES, ids=lambda value: getattr(value, "agent_id", ""))


@every_agent
def test_each_parameter_is_learned(manifest: Manifest, given: ComputeRequest) -> None:
    """The planted history supports every declared parameter, so that the tests below test them all."""
    assert set(learn(manifest, given)) == {param.key for param in manifest.inferred_params}


@every_agent
def test_order_is_irrelevant(manifest: Manifest, given: ComputeRequest) -> None:
    """A shuffled history gives the same."""
    shuffled = seeded(2).sample(given.task_completions, len(given.task_completions))

    assert learn(manifest, history(shuffled)) == learn(manifest, given)


@every_agent
def test_a_history_several_times_is_the_same_history(manifest: Manifest, given: ComputeRequest) -> None:
    """Rows with an id that are sent again change nothing."""
    named = [{"task_id": f"t{number}", **row} for number, row in enumerate(given.task_completions)]

    assert learn(manifest, history(named * 5)) == learn(manifest, given)


@every_agent
@pytest.mark.parametrize("weeks", [-30, -1, 1])
def test_weeks_away_the_same_is_learned(manifest: Manifest, given: ComputeRequest, weeks: int) -> None:
    """A history moved by whole weeks gives the same."""
    moved = [moved_by(each, timedelta(weeks=weeks)) for each in given.task_completions]

    assert learn(manifest, history(moved)) == learn(manifest, given)


def moved_by(each: Row, by: timedelta) -> Row:
    done, due = (None if stamp is None else moved(stamp, by) for stamp in (each["completed_at"], each["due_at"]))
    return completion_row(each["project_id"], done, due)


def moved(stamp: object, by: timedelta) -> str:
    return (datetime.fromisoformat(str(stamp)) + by).isoformat()


@every_agent
@pytest.mark.parametrize("late_d", [-14, 60])
def test_ancient_completion_hardly_matters(manifest: Manifest, given: ComputeRequest, late_d: int) -> None:
    """A completion older than five half-lives moves each number by less than 5% of its range, and no rest day."""
    old = NEWEST - timedelta(days=300)
    ancient = completion(old, due_at=(old - timedelta(days=late_d)).isoformat())
    before = learn(manifest, given)
    after = learn(manifest, history([*given.task_completions, ancient]))

    assert after.get("rest_days") == before.get("rest_days")
    for key in before.keys() & RANGES.keys():
        assert abs(float(str(after[key])) - float(str(before[key]))) < 0.05 * RANGES[key], key


@for_each("key", ["late_p", "lateness_p50_d", "lateness_p80_d"])
def test_more_evidence_moves_away_from_the_prior(key: str) -> None:
    """The longer a user is six days late, the less the prior counts."""
    stamps = [NEWEST - timedelta(hours=5 * n) for n in range(80)]
    late = [completion(at, due_at=(at - timedelta(days=6)).isoformat()) for at in stamps]
    found = [
        float(str(learn(get_agent("lateness-buffer").manifest, history(late[:size]))[key])) for size in (9, 16, 40, 80)
    ]

    assert found == sorted(found)
    assert found[0] < found[-1]
