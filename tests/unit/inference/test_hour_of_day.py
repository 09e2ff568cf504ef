"""The hour at which tips are taken up is the hour that was planted."""

from datetime import timedelta

import pytest

from oo.agents.registry import get_agent
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import learn
from testing.for_each import for_each
from testing.seeds import SLACK, seeds
from tests.unit.inference.planted_habits import MIDNIGHT, share, tips
from tests.unit.inference.planted_users import feedback_row, history, seeded

RECEPTIVITY = get_agent("tip-receptivity").manifest


def tip_hour(history: ComputeRequest) -> float | None:
    found = learn(RECEPTIVITY, history).get("receptive_hour_utc")
    return None if found is None else float(str(found))


def good_evening(hour: float) -> float:
    return 0.7 if 18 <= hour < 21 else 0.25


@pytest.mark.all_seeds
def test_receptive_hour_is_found() -> None:
    """With 200 tips an evening in which 70% instead of 25% are taken up is found for 80% of users, and no other."""
    found = [tip_hour(tips(seeded(seed), 200, good_evening)) for seed in seeds(200)]
    declared = [hour for hour in found if hour is not None]

    assert len(declared) >= 0.8 * len(found)
    assert sum(17 <= hour <= 22 for hour in declared) >= 0.97 * len(declared)


@pytest.mark.all_seeds
@pytest.mark.parametrize("size", [120, 200])
def test_no_receptive_hour_without_one(size: int) -> None:
    """Where tips are taken up alike at any hour, one is declared for at most 5% of users."""
    assert share(lambda random: tip_hour(tips(random, size, lambda _: 0.4)) is not None) <= 0.05 + SLACK


@pytest.mark.parametrize(("size", "is_known"), [(59, False), (60, True)])
def test_receptive_hour_needs_sixty_tips(size: int, *, is_known: bool) -> None:
    """Below sixty tips no hour is declared, however clear it is."""
    found = tip_hour(tips(seeded(3), size, lambda hour: float(18 <= hour < 21)))

    assert (found is not None) is is_known


@for_each("action", ["shown", "snoozed", "done"])
def test_one_outcome_at_every_hour_is_no_hour(action: str) -> None:
    """Tips that all fare alike, be it badly or well, have no best hour."""
    stamps = [(MIDNIGHT - timedelta(hours=5 * number)).isoformat() for number in range(100)]
    alike = history((), [feedback_row(action, None, stamp) for stamp in stamps])

    assert tip_hour(alike) is None
