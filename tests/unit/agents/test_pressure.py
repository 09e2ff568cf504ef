"""Pressure and its crossings."""

import pytest

from oo.agents.deadline_pressure.pressure import Pressure, first_change
from testing.for_each import for_each
from tests.unit.agents.random_inputs import seeded

DAY_S = 86_400


@for_each(("gap_d", "elapsed_d", "pressure"), [(0, 0, 1), (1, 0, 0.5), (1, 1, 1), (1, 9, 1), (3, 0, 0.25)])
def test_pressure_grows_as_the_gap_closes(gap_d: float, elapsed_d: float, pressure: float) -> None:
    """Pressure is the weight over one plus the days left, and stays once none are left."""
    assert Pressure(1, gap_d * DAY_S).at(elapsed_d * DAY_S) == pytest.approx(pressure)


def test_level_is_reached_when_told() -> None:
    """The second at which a level is reached is exact."""
    rising = Pressure(0.7, 5 * DAY_S)

    assert rising.at(rising.reaches_at(0.35)) == pytest.approx(0.35)


@for_each("seed", range(200))
def test_first_change_agrees_with_looking(seed: int) -> None:
    """The solved crossing is where watching each minute first sees the comparison change."""
    random = seeded(seed)
    one, other = (Pressure(random.uniform(0.4, 1.25), random.choice((0, random.uniform(0, DAY_S)))) for _ in range(2))
    share = random.choice((0.9, 1))
    held = one.at() >= share * other.at()
    seen = next(
        (second for second in range(0, DAY_S, 60) if (one.at(second) >= share * other.at(second)) != held), None
    )
    solved = first_change(one, other, share, end_s=DAY_S)

    assert (solved is None) == (seen is None)
    if solved is not None and seen is not None:
        assert seen - 60 <= solved <= seen
