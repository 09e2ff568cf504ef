"""The learned parameters of planted users are the planted ones."""

import pytest

from oo.agents.registry import get_agent
from testing.agent_snapshots import learn
from testing.seeds import seeds
from tests.unit.inference.planted_users import (
    completions_early_by,
    completions_per_day,
    history,
    seeded,
)

DEADLINE = get_agent("deadline-pressure").manifest
WORKLOAD = get_agent("workload-balance").manifest
SEEDS = seeds(200)


@pytest.mark.all_seeds
def test_head_start_is_found() -> None:
    """A planted head start of 3 days is found within 0.6 days for 95% of users with 40 completions."""
    found = [learn(DEADLINE, history(completions_early_by(seeded(seed), 3, 0.8, 40)))["lead_days"] for seed in SEEDS]

    assert sum(abs(float(str(each)) - 3) <= 0.6 for each in found) >= 0.95 * len(SEEDS)


@pytest.mark.all_seeds
def test_daily_capacity_is_found() -> None:
    """The upper quartile of 5 completions a day is found within one task for 88% of users after four weeks."""
    # The 75% point of a Poisson distribution around 5 is 6.
    found = [learn(WORKLOAD, history(completions_per_day(seeded(seed), 5, 28)))["daily_capacity_n"] for seed in SEEDS]

    assert sum(abs(int(str(each)) - 6) <= 1 for each in found) >= 0.88 * len(SEEDS)
    assert all(isinstance(each, int) for each in found)


def test_late_user_has_no_head_start() -> None:
    """A user who finishes after the date has a head start near the prior's pull, well below a day."""
    found = learn(DEADLINE, history(completions_early_by(seeded(1), -3, 0.5, 40)))

    assert float(str(found["lead_days"])) <= 0.2
