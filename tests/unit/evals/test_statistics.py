"""The statistics of the bench, beside published values, and on simulations whose truth is known."""

import math
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from evals.statistics import (
    FLIPS,
    GatePair,
    PairedEffect,
    holm,
    mcnemar_p,
    paired_effect,
    sign_flips_p,
    t_quantile,
    upper_bound,
    users_needed,
    verdict_of,
)
from testing.seeds import SLACK, seeds

ZERO = PairedEffect(0.0, (0.0, 0.0), 1.0, 104, 416, 0.0, 0.0, None)


def simulated(seed: int, *, users: int, cases: int, effect: float = 0.0, sd_user: float = 0.0) -> PairedEffect:
    """Users whose own effects differ by `sd_user`, and pairs that differ by 7 around those; 1,000 flips."""
    chance = random.Random(seed)  # noqa: S311  # the same users in every run
    return paired_effect(
        {
            str(user): [chance.gauss(own, 7) for _ in range(cases)]
            for user in range(users)
            for own in (chance.gauss(effect, sd_user),)
        },
        flips=1_000,
    )


def share(is_found: Callable[[int], bool]) -> float:
    tried = seeds(400)
    return sum(map(is_found, tried)) / len(tried)


def test_t_quantile() -> None:
    """Student's t at .975, as tables give it."""
    table = {1: 12.7062047, 2: 4.3026527, 5: 2.5705818, 7: 2.3646243, 10: 2.2281389, 30: 2.0422725, 100: 1.9839715}

    assert table == {degrees: pytest.approx(t_quantile(0.975, degrees), abs=1e-6) for degrees in table}


def test_upper_bound() -> None:
    """Few failures among many cases still allow a rate; all failures allow any."""
    assert pytest.approx(1 - 0.05 ** (1 / 60)) == upper_bound(0, 60)
    found = [round(100 * upper_bound(*failures), 2) for failures in ((0, 60), (0, 300), (0, 416), (3, 416), (5, 5))]

    assert found == [4.87, 0.99, 0.72, 1.85, 100]


def test_mcnemar() -> None:
    """The smallest differences that are significant at 5 %, and the largest that are not."""
    assert all(mcnemar_p(*pair) < 0.05 for pair in ((6, 0), (9, 1), (15, 5), (27, 13)))
    found = [mcnemar_p(*pair) for pair in ((5, 0), (0, 5), (14, 6), (0, 0), (3, 3))]

    assert [0.0625, 0.0625, pytest.approx(0.1153, abs=1e-4), 1, 1] == found


def test_holm() -> None:
    """Adjusted values keep the order of the tests, never fall and never exceed 1."""
    assert pytest.approx(holm([0.01, 0.04, 0.03])) == [0.03, 0.06, 0.06]
    assert holm([0.9, 0.8]) == [1, 1]
    assert holm([]) == []


def test_sign_flips() -> None:
    """All users alike are as rare as the flips that turn no sum or every one; no difference is no evidence."""
    assert pytest.approx(sign_flips_p((1.0,) * 5), abs=0.01) == 2 / 2**5
    assert sign_flips_p((0.1,) * 104) == 1 / (FLIPS + 1)
    assert sign_flips_p((0.0,) * 104) == 1
    assert sign_flips_p(()) == 1
    assert sign_flips_p((3, 1, -2)) == sign_flips_p((-3, -1, 2))


def test_the_interval() -> None:
    """With one pair per user it is the t interval of the mean; one user alone bounds nothing."""
    found = paired_effect({"a": [1.0], "b": [2.0], "c": [6.0]})
    half = 4.3026527 * math.sqrt(7 / 3)

    assert (found.difference, found.users, found.pairs) == (3.0, 3, 3)
    assert (3 - half, 3 + half) == pytest.approx(found.interval, abs=1e-6)
    assert paired_effect({"a": [1.0, 2.0]}).interval == (-math.inf, math.inf)


def test_users_needed() -> None:
    """Twice the effect needs a quarter of the users; no effect is shown by any number."""
    assert [users_needed(5, 2), users_needed(5, 4), users_needed(5, 0), users_needed(5, 0.001)] == [49, 13, None, None]


def test_no_pair_is_no_evidence() -> None:
    """Without a pair in which both pass their gates nothing is shown."""
    nothing = paired_effect({"a": []})

    assert (nothing.users, nothing.pairs, nothing.p) == (0, 0, 1.0)
    assert verdict_of(nothing, []) == "not shown"


def test_the_verdict_in_its_order() -> None:
    """A broken gate goes over any score; then p and the sign decide."""
    better, worse = ZERO._replace(difference=2.0, p=0.05), ZERO._replace(difference=-2.0, p=0.01)
    failed_once, rare = GatePair(0, 1, 1.0, 716, 1), GatePair(0, 6, 0.03, 100, 0.95)

    assert [verdict_of(each, []) for each in (better, worse, ZERO, better._replace(p=0.051))] == [
        "better",
        "worse",
        "not shown",
        "not shown",
    ]
    assert [verdict_of(better, [gate]) for gate in (failed_once, rare)] == ["gate broken"] * 2


def test_a_gate_with_a_rate_breaks_by_evidence_only() -> None:
    """B below the rate is no break where A is as bad, where chance explains it, or where B keeps the rate."""
    gates = [GatePair(6, 6, 1.0, 100, 0.95), GatePair(1, 6, 0.06, 100, 0.95), GatePair(0, 5, 0.04, 100, 0.95)]
    improved = GatePair(27, 13, 0.04, 100, 0.95)

    assert [gate.is_broken for gate in (*gates, improved)] == [False] * 4
    assert not GatePair(3, 0, 0.25, 716, 1).is_broken


@pytest.mark.all_seeds
def test_false_verdicts_are_as_rare_as_they_are_to_be() -> None:
    """Equal versions differ significantly in about 5 % of comparisons, however the users differ."""

    def is_false(seed: int, **scene: Any) -> bool:
        return simulated(seed, **scene).p <= 0.05

    expected = {(8, 50, 0.0): 0.042, (8, 50, 5.0): 0.042, (100, 4, 5.0): 0.05}
    found = {
        (users, cases, sd_user): share(partial(is_false, users=users, cases=cases, sd_user=sd_user))
        for users, cases, sd_user in expected
    }

    assert {scene: pytest.approx(found[scene], abs=0.035 + SLACK) for scene in expected} == expected


@pytest.mark.all_seeds
def test_the_interval_covers_the_truth() -> None:
    """About 95 % of intervals hold the effect."""

    def covers(seed: int) -> bool:
        low, high = simulated(seed, users=8, cases=50, effect=2, sd_user=5).interval
        return low <= 2 <= high

    assert pytest.approx(share(covers), abs=0.03 + SLACK) == 0.95


@pytest.mark.all_seeds
def test_power() -> None:
    """A set's users show an effect of 2 points, where they react differently; half of them often do not."""
    shown = {
        (104, 4, 0, 0): 0.02, (104, 4, 1, 0): 0.86, (104, 4, 2, 0): 1.0,
        (104, 4, 1, 5): 0.36, (104, 4, 2, 5): 0.90, (104, 4, 3, 5): 1.0,
        (52, 4, 2, 5): 0.65, (52, 4, 3, 5): 0.93,
        (104, 1, 2, 5): 0.69, (104, 1, 3, 5): 0.95,
    }  # fmt: skip

    def is_better(seed: int, **scene: Any) -> bool:
        return verdict_of(simulated(seed, **scene), []) == "better"

    found = {row: share(partial(is_better, users=row[0], cases=row[1], effect=row[2], sd_user=row[3])) for row in shown}

    assert {row: pytest.approx(found[row], abs=0.05 + SLACK) for row in shown} == shown
