"""The statistics of an experiment: known values, and error rates on simulated users with fixed seeds."""

import math
from random import Random

import pytest

from operations.experiment.arm_statistics import (
    BROKEN_BELOW,
    FEWEST_USERS,
    Scores,
    chi_square_tail,
    compare,
    more_users_needed,
    ratio_p,
)
from testing.for_each import for_each
from testing.seeds import SLACK, seeds
from tests.unit.agents.random_inputs import seeded

TIPS = 10
LOOKS = 30


def test_the_tail_of_chi_square_is_that_of_the_tables() -> None:
    """At the 5% and 0.1% points of 1 to 10 degrees of freedom, by any table."""
    for value, degrees, tail in (
        (3.8415, 1, 0.05),
        (10.8276, 1, 0.001),
        (5.9915, 2, 0.05),
        (7.8147, 3, 0.05),
        (9.4877, 4, 0.05),
        (16.9190, 9, 0.05),
        (18.3070, 10, 0.05),
        (29.5883, 10, 0.001),
        (0, 3, 1),
    ):
        assert chi_square_tail(value, degrees) == pytest.approx(tail, rel=1e-3), (value, degrees)


@for_each(
    ("users", "shares", "p"),
    [
        ([5200, 4800], [0.5, 0.5], 6.3342e-5),
        ([5000, 5000], [0.5, 0.5], 1),
        ([5100, 4900], [0.5, 0.5], 0.0455),
        ([900, 100], [0.9, 0.1], 1),
        ([100], [0.5], 1.5375e-23),
        ([10, 20, 30], [0.2, 0.3, 0.5], 0.7575),
        ([3, 0], [1.0, 0.0], 1),
        ([3, 1], [1.0, 0.0], 0),
        ([7], [1.0], 1),
        ([], [], 1),
    ],
)
def test_a_ratio_is_held_to_the_weights(users: list[int], shares: list[float], p: float) -> None:
    """An arm without users has the rest of the weights; a user in an arm of weight 0 is impossible."""
    assert ratio_p(users, shares) == pytest.approx(p, rel=1e-3)


@for_each(("users", "half_width"), [(50, 0.16671), (100, 0.10286), (333, 0.051131), (500, 0.041506), (1000, 0.029603)])
def test_the_interval_is_that_of_the_formula(users: int, half_width: float) -> None:
    """Worked out apart: a = .05, r = 0.0158721, variances that sum to .0935."""
    found = compare(Scores(users, 0.25, 0.0435), Scores(users, 0.25, 0.05))

    assert found.half_width == pytest.approx(half_width, rel=1e-3)


def test_the_smaller_arm_decides_how_early_it_is() -> None:
    """The formula's t; the variances count with the users of their own arms."""
    found = compare(Scores(100, 0.25, 0.04), Scores(900, 0.25, 0.04))
    a = 0.05
    r = (-2 * math.log(a) + math.log(-2 * math.log(a) + 1)) / 500
    v = 100 * (0.04 / 100 + 0.04 / 900)
    width = 2 * (100 * r + 1) / (100**2 * r) * math.log(math.sqrt(100 * r + 1) / a)

    assert found.half_width == pytest.approx(math.sqrt(v) * math.sqrt(width))


@for_each(
    ("difference", "users", "verdict"),
    [(0.3, 49, None), (0.3, 50, "better"), (-0.3, 50, "worse"), (0.1, 50, "not shown"), (0.0, 10_000, "not shown")],
)
def test_a_verdict_needs_50_users_an_arm(difference: float, users: int, verdict: str | None) -> None:
    """In both arms, and a difference outside of the interval's half width."""
    control, arm = Scores(users, 0.5, 0.04), Scores(users, 0.5 + difference, 0.04)

    assert compare(control, arm).verdict == verdict
    assert compare(Scores(FEWEST_USERS - 1, 0.5, 0.04), arm).verdict is None
    assert compare(Scores(0, 0, 0), arm).verdict is None


def test_users_that_all_act_alike_leave_no_doubt() -> None:
    """Without a variance any difference is one."""
    all_of, none_of = Scores.of([1.0] * 50), Scores.of([0.0] * 50)

    assert [compare(none_of, all_of).verdict, compare(all_of, all_of).verdict] == ["better", "not shown"]


def test_the_users_that_are_needed_show_the_effect() -> None:
    """With so many more the interval leaves room for the 80% point of the difference, with fewer it does not."""
    control, arm = Scores(200, 0.25, 0.044), Scores(300, 0.30, 0.049)
    more = more_users_needed(control, arm)
    assert more is not None

    def room(users: int) -> float:
        found = compare(control._replace(users=users), arm._replace(users=users))
        return found.difference - found.half_width - 0.8416 * math.sqrt(0.093 / users)

    assert room(200 + more) > 0 > room(200 + more - 1)
    assert more_users_needed(control, control) is None
    assert more_users_needed(Scores(10, 0.2, 0.01), Scores(10, 0.8, 0.01)) == FEWEST_USERS - 10


class Users:
    """Users who accept each of their tips with a chance of their own: ICC .15 within a user."""

    def __init__(self, accepting: float, random: Random) -> None:
        strength = 1 / 0.15 - 1
        self._a, self._b = accepting * strength, (1 - accepting) * strength
        self._random = random
        self._sums = [(0, 0.0, 0.0)]

    def look(self, users: int) -> Scores:
        """The figures of the first users."""
        while len(self._sums) <= users:
            chance = self._random.betavariate(self._a, self._b)
            score = sum(self._random.random() < chance for _ in range(TIPS)) / TIPS
            count, total, squares = self._sums[-1]
            self._sums.append((count + 1, total + score, squares + score * score))
        count, total, squares = self._sums[users]
        return Scores(count, total / count, (squares - total * total / count) / (count - 1))


def first_verdict(seed: int, control: float, arm: float, users: int) -> str:
    """The verdict at the first of 30 looks that has one, as an operator stops who looks each day."""
    random = seeded(seed)
    controls, treated = Users(control, random), Users(arm, random)
    for look in range(1, LOOKS + 1):
        verdict = compare(controls.look(users * look // LOOKS), treated.look(users * look // LOOKS)).verdict
        if verdict in ("better", "worse"):
            return verdict
    return "not shown"


@pytest.mark.all_seeds
def test_equal_arms_are_seldom_told_apart() -> None:
    """Of 1,000 experiments with equal arms, at most 5% are stopped at any of 30 looks."""
    all_seeds = seeds(1000)
    stopped = sum(first_verdict(seed, 0.25, 0.25, 1000) != "not shown" for seed in all_seeds)

    assert stopped <= 0.05 * len(all_seeds)


@pytest.mark.all_seeds
def test_five_points_are_found_with_1000_users_an_arm() -> None:
    """.25 against .30 in at least 95% of the experiments, and never the other way round."""
    all_seeds = seeds(1000, few=40)
    verdicts = [first_verdict(seed, 0.25, 0.30, 1000) for seed in all_seeds]

    assert verdicts.count("better") >= (0.95 - SLACK / 2) * len(verdicts)
    assert "worse" not in verdicts


@pytest.mark.all_seeds
def test_52_to_48_of_10_000_users_is_no_chance() -> None:
    """While the ratios that chance gives are called broken in about 1 of 1,000 experiments."""
    all_seeds = seeds(2000, few=200)
    broken = 0
    for seed in all_seeds:
        first = seeded(seed).getrandbits(10_000).bit_count()
        broken += ratio_p([first, 10_000 - first], [0.5, 0.5]) < BROKEN_BELOW

    assert ratio_p([5200, 4800], [0.5, 0.5]) < BROKEN_BELOW
    assert broken <= max(2, 0.003 * len(all_seeds))
