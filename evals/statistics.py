"""The statistics of a comparison of two versions.

The unit is the user, because cases of one user are similar.
"""

import math
import random
import statistics
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple

ERROR_RATE = 0.05
FLIPS = 10_000
_SEED = 7
_POWER_Z = 2.80
"""Of a two-sided test at ERROR_RATE with 80 % power: 1.96 + 0.84."""

_MOST_USERS = 1_000_000
_BYTE = 8
_ROUNDING = 1e-9
"""Sums of the same numbers in another order differ by less, in relation to their size."""

EvalVerdict = Literal["better", "not shown", "worse", "gate broken"]


class PairedEffect(NamedTuple):
    """How much higher B scores than A, in points, with a 95 % interval.

    `sd_pair` is the standard deviation of the pairs, `sd_user` that of the users' means. `users_needed` is the number
    of users that shows such a difference in 80 % of comparisons; None if more than a million.
    """

    difference: float
    interval: tuple[float, float]
    p: float
    users: int
    pairs: int
    sd_pair: float
    sd_user: float
    users_needed: int | None


class GatePair(NamedTuple):
    """The failures of one gate in A and in B, and the p of McNemar's test. `least` is the required share of passes."""

    a: int
    b: int
    p: float
    n: int
    least: float

    @property
    def is_broken(self) -> bool:
        """Whether B fails a gate that allows no failure, or is below the gate's rate and worse than A."""
        if self.least == 1:
            return self.b > 0
        return self.n > 0 and 1 - self.b / self.n < self.least and self.b > self.a and self.p < ERROR_RATE


def paired_effect(differences: Mapping[str, Sequence[float]], *, flips: int = FLIPS) -> PairedEffect:
    """The effect from each user's differences; users without a pair do not count."""
    users = [each for each in differences.values() if each]
    every = [one for each in users for one in each]
    if not every:
        return PairedEffect(0.0, (0.0, 0.0), 1.0, 0, 0, 0.0, 0.0, None)
    difference = math.fsum(every) / len(every)
    half = _half_width(users, difference, len(every))
    means = [math.fsum(each) / len(each) for each in users]
    sd_user = statistics.stdev(means) if len(means) > 1 else 0.0
    return PairedEffect(
        difference=difference,
        interval=(difference - half, difference + half),
        p=sign_flips_p(tuple(math.fsum(each) for each in users), flips=flips),
        users=len(users),
        pairs=len(every),
        sd_pair=statistics.stdev(every) if len(every) > 1 else 0.0,
        sd_user=sd_user,
        users_needed=users_needed(sd_user, difference),
    )


@cache
def sign_flips_p(user_sums: tuple[float, ...], *, flips: int = FLIPS) -> float:
    """The probability that random signs of the users' sums give a total at least as far from 0.

    Exact for symmetric sums. Eight users share one table of their 256 sums, so that a flip costs one look-up for eight
    of them. The pages of a report ask for the same comparison several times.
    """
    sums = [each for each in user_sums if each]
    if not sums:
        return 1.0
    observed = abs(math.fsum(sums)) - _ROUNDING * math.fsum(map(abs, sums))
    tables = [_signed_sums(sums[start : start + _BYTE]) for start in range(0, len(sums), _BYTE)]
    chance = random.Random(_SEED)  # noqa: S311  # the same flips in every run
    as_far = sum(
        abs(sum(table[byte] for table, byte in zip(tables, chance.randbytes(len(tables)), strict=True))) >= observed
        for _ in range(flips)
    )
    return (1 + as_far) / (flips + 1)


def _signed_sums(sums: Sequence[float]) -> list[float]:
    """The sum under each choice of signs, by the byte whose bits are the signs."""
    signed = [0.0]
    for each in (*sums, *[0.0] * (_BYTE - len(sums))):
        signed = [*(total - each for total in signed), *(total + each for total in signed)]
    return signed


def _half_width(users: Sequence[Sequence[float]], mean: float, pairs: int) -> float:
    """Half of the t interval over user sums; infinite for one user."""
    count = len(users)
    if count == 1:
        return math.inf
    squares = math.fsum(math.fsum(one - mean for one in each) ** 2 for each in users)
    return t_quantile(0.975, count - 1) * math.sqrt(count / (count - 1) * squares) / pairs


def users_needed(sd_user: float, difference: float) -> int | None:
    """The number of users that shows such a difference in 80 % of comparisons; None for more than a million."""
    if not difference:
        return None
    needed = math.ceil((_POWER_Z * sd_user / difference) ** 2)
    return max(2, needed) if needed <= _MOST_USERS else None


@cache
def upper_bound(failed: int, of: int) -> float:
    """The one-sided 95 % bound of a rate of failures, after Clopper and Pearson."""
    if failed >= of:
        return 1.0
    return _root(lambda rate: _beta_share(rate, failed + 1, of - failed) - (1 - ERROR_RATE), 0.0, 1.0)


def mcnemar_p(only_a: int, only_b: int) -> float:
    """McNemar's exact test, two-sided, on the cases in which only A, or only B, fails."""
    discordant = only_a + only_b
    tail = sum(math.comb(discordant, each) for each in range(min(only_a, only_b) + 1))
    return float(min(1.0, 2 * tail / 2**discordant))


def holm(values: Sequence[float]) -> list[float]:
    """The p values of several tests, in their order, adjusted for a common error rate."""
    adjusted, highest = [0.0] * len(values), 0.0
    for rank, place in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        highest = max(highest, min(1.0, (len(values) - rank) * values[place]))
        adjusted[place] = highest
    return adjusted


def verdict_of(effect: PairedEffect, gates: Collection[GatePair]) -> EvalVerdict:
    """The verdict on B; a broken gate takes precedence over any score."""
    if any(gate.is_broken for gate in gates):
        return "gate broken"
    if effect.p <= ERROR_RATE and effect.difference:
        return "worse" if effect.difference < 0 else "better"
    return "not shown"


@cache
def t_quantile(share: float, degrees: int) -> float:
    """The quantile of Student's t for a share over one half."""

    def excess(value: float) -> float:
        return 1 - _beta_share(degrees / (degrees + value * value), degrees / 2, 0.5) / 2 - share

    high = 1.0
    while excess(high) < 0:
        high *= 2
    return _root(excess, 0.0, high)


def _root(rising: Callable[[float], float], low: float, high: float) -> float:
    """The zero of a rising function, to the precision of a float."""
    for _ in range(100):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _beta_share(value: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun 26.5.8)."""
    if value <= 0 or value >= 1:
        return float(value >= 1)
    if value > (a + 1) / (a + b + 2):
        return 1 - _beta_share(1 - value, b, a)
    logarithm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(value) + b * math.log1p(-value)
    return math.exp(logarithm) / (a * _fraction(value, a, b))


def _fraction(value: float, a: float, b: float) -> float:
    """The continued fraction, from its end; 400 terms were exact to 1e-12 for a + b up to 3,000."""
    fraction = 1.0
    for term in range(400, 0, -1):
        half = term // 2
        if term % 2:
            part = -(a + half) * (a + b + half) / ((a + term - 1) * (a + term))
        else:
            part = half * (b - half) / ((a + term - 1) * (a + term))
        fraction = 1 + part * value / fraction
    return fraction
