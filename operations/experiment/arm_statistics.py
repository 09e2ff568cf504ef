"""Statistics of an experiment with the user as the unit: the ratio of users, and an always-valid interval."""

import math
from collections.abc import Iterable, Sequence
from statistics import NormalDist
from typing import Literal, NamedTuple

ERROR_RATE = 0.05
BROKEN_BELOW = 0.001
"""A ratio of users less probable than this is not chance."""

FEWEST_USERS = 50
_NARROWEST_AT = 500
"""Users per arm at which the interval is narrow in relation to others of its kind; it is valid at any number."""

_POWER_Z = NormalDist().inv_cdf(0.8)
_MOST_USERS = 1_000_000

ArmVerdict = Literal["better", "worse", "not shown"]


class Scores(NamedTuple):
    """The scores of one arm's users; the variance is that of a sample."""

    users: int
    mean: float
    variance: float

    @classmethod
    def of(cls, scores: Iterable[float]) -> "Scores":
        """The figures of users' scores."""
        values = list(scores)
        if not values:
            return NO_SCORES
        mean = math.fsum(values) / len(values)
        squares = math.fsum((value - mean) ** 2 for value in values)
        return cls(len(values), mean, squares / max(1, len(values) - 1))


NO_SCORES = Scores(0, 0.0, 0.0)


class ArmComparison(NamedTuple):
    """An arm compared with the control: the difference of means and its interval. No verdict for too few users."""

    difference: float
    half_width: float
    verdict: ArmVerdict | None


def chi_square_tail(value: float, degrees: int) -> float:
    """The probability that a chi-square with these degrees of freedom is at least `value`.

    The upper incomplete gamma function of half of both, by its recurrence from 1/2 or 1 on.
    """
    half = value / 2
    if half <= 0:
        return 1.0
    order, tail = (0.5, math.erfc(math.sqrt(half))) if degrees % 2 else (1.0, math.exp(-half))
    while order < degrees / 2:
        tail += math.exp(order * math.log(half) - half - math.lgamma(order + 1))
        order += 1
    return tail


def ratio_p(users: Sequence[int], shares: Sequence[float]) -> float:
    """The probability that chance alone gives a ratio of users at least as far from the shares.

    If shares sum to less than 1, the rest belongs to arms without users.
    """
    rest = 1 - math.fsum(shares)
    cells = [*zip(users, shares, strict=True), *([(0, rest)] if rest > 1e-9 else [])]
    if any(count and share <= 0 for count, share in cells):
        return 0.0
    expected = [(count, sum(users) * share) for count, share in cells if share > 0]
    if len(expected) < 2 or not sum(users):
        return 1.0
    return chi_square_tail(math.fsum((count - mean) ** 2 / mean for count, mean in expected), len(expected) - 1)


def compare(control: Scores, arm: Scores, error_rate: float = ERROR_RATE) -> ArmComparison:
    """Compare by an asymptotic confidence sequence, which is valid after every user."""
    difference = arm.mean - control.mean
    smaller = min(control.users, arm.users)
    if not smaller:
        return ArmComparison(difference, math.inf, None)
    half = _half_width(smaller, control.variance / control.users + arm.variance / arm.users, error_rate)
    if smaller < FEWEST_USERS:
        return ArmComparison(difference, half, None)
    if abs(difference) <= half:
        return ArmComparison(difference, half, "not shown")
    return ArmComparison(difference, half, "better" if difference > 0 else "worse")


def _half_width(users: int, variance_of_difference: float, error_rate: float) -> float:
    """Half of the interval's width for this number of users in the smaller arm.

    Waudby-Smith et al., "Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics
    2024; `r` is the square of their rho, chosen for _NARROWEST_AT.
    """
    two_logs = -2 * math.log(error_rate)
    r = (two_logs + math.log(two_logs + 1)) / _NARROWEST_AT
    t_r = users * r
    variance = users * variance_of_difference
    width = 2 * (t_r + 1) / (users * t_r) * math.log(math.sqrt(t_r + 1) / error_rate)
    return math.sqrt(variance) * math.sqrt(width)


def more_users_needed(control: Scores, arm: Scores, error_rate: float = ERROR_RATE) -> int | None:
    """The number of further users per arm that shows such a difference in 80% of experiments; None beyond a million."""
    difference = abs(arm.mean - control.mean)

    def is_shown(users: int) -> bool:
        variance = (control.variance + arm.variance) / users
        return _half_width(users, variance, error_rate) + _POWER_Z * math.sqrt(variance) < difference

    if not is_shown(_MOST_USERS):
        return None
    too_few, enough = 0, _MOST_USERS
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if is_shown(middle):
            enough = middle
        else:
            too_few = middle
    return max(1, max(enough, FEWEST_USERS) - min(control.users, arm.users))
