"""What is learned about how late dated tasks get done."""

from datetime import timedelta
from math import log

import pytest

from oo.agents.registry import get_manifest
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import ask, changed, learn, snapshot
from testing.seeds import SLACK
from tests.unit.inference.planted_habits import completion, share
from tests.unit.inference.planted_pace import late_around, late_in
from tests.unit.inference.planted_users import NEWEST, history, seeded

MANIFEST = get_manifest("lateness-buffer")


def learned(key: str, given: ComputeRequest) -> float:
    return float(str(learn(MANIFEST, given)[key]))


@pytest.mark.parametrize(
    ("median_d", "size", "outliers", "within_d", "least"),
    [(2, 40, 0, 0.5, 0.94), (2, 20, 0, 0.75, 0.94), (2, 20, 0.1, 0.75, 0.94), (0, 20, 0, 0.5, 0.94)],
)
def test_usual_lateness_is_found(median_d: float, size: int, outliers: float, within_d: float, least: float) -> None:
    """A planted median is found for 94% of users, also where one in ten completions is months late."""
    found = share(
        lambda random: (
            abs(learned("lateness_p50_d", late_around(random, median_d, size, outliers)) - median_d) <= within_d
        )
    )

    assert found >= least - SLACK


def test_safe_lateness_is_found() -> None:
    """The planted 80% point is found within a day for 96% of users with 40 completions."""
    # The 80% point of a Laplace distribution of scale 1 lies ln 2.5 above its median.
    planted_d = 2 + log(2.5)

    found = share(lambda random: abs(learned("lateness_p80_d", late_around(random, 2, 40)) - planted_d) <= 1)

    assert found >= 0.96 - SLACK


@pytest.mark.parametrize("planted", [0.2, 0.5, 0.8])
@pytest.mark.parametrize(("size", "within", "least"), [(60, 0.1, 0.88), (30, 0.15, 0.88)])
def test_late_share_is_found(planted: float, size: int, within: float, least: float) -> None:
    """A planted share of late tasks is found within 0.1 for 88% of users with 60 completions, with 30 within 0.15."""
    found = share(lambda random: abs(learned("late_p", late_in(random, planted, size)) - planted) <= within)

    assert found >= least - SLACK


@pytest.mark.parametrize(
    ("size", "keys"),
    [(5, set()), (7, {"late_p"}), (9, {"late_p", "lateness_p50_d", "lateness_p80_d"})],
)
def test_gates_open_with_the_evidence(size: int, keys: set[str]) -> None:
    """A share takes six dated completions' worth of evidence, quantiles take eight of them."""
    undated = [completion(NEWEST - timedelta(minutes=20 * n)) for n in range(40)]
    dated = [completion(NEWEST - timedelta(days=n), due_at=NEWEST.isoformat()) for n in range(size)]

    assert learn(MANIFEST, history([*undated, *dated])).keys() == keys


def test_prior_is_that_of_four_tasks_half_of_them_late() -> None:
    """Sixteen late completions of one day give 18 late ones in 20."""
    day = [completion(NEWEST - timedelta(minutes=20 * n), due_at="2026-06-01") for n in range(16)]

    assert learned("late_p", history(day)) == 18 / 20


def test_bare_dates_are_late_from_the_next_day_on() -> None:
    """What is done in the evening of its date is on time, in the zone of the user."""
    evenings = [NEWEST.replace(hour=22) - timedelta(days=n) for n in range(1, 30)]
    rows = history([completion(at, due_at=f"{at:%Y-%m-%d}") for at in evenings])

    assert learned("late_p", rows) < 0.15
    assert float(str(learn(MANIFEST, changed(rows, timezone="Asia/Tokyo"))["late_p"])) > 0.85


def test_the_agent_counts_what_inference_would_learn() -> None:
    """Without learned values the agent comes to the same ones from the same completions."""
    rows = late_around(seeded(3), 2, 30)
    completions = [
        {"project_id": each["project_id"], "completed_at": each["completed_at"], "due_at": each["due_at"]}
        for each in rows.task_completions
    ]
    counted = ask("lateness-buffer", snapshot(completions=completions, now=NEWEST)).signals_snapshot

    assert {param.key: counted[param.key] for param in MANIFEST.inferred_params} == learn(MANIFEST, rows)
