"""Draws from the distributions of the planted weeks."""

from math import exp
from random import Random

from benchmarks._truth.world.habits import Rhythm

_CLUMP_H = 0.5


def count(random: Random, mean: float, overdispersion: float | None = None) -> int:
    """A negative binomial number of variance mean + mean² / k; without k a Poisson one."""
    if mean <= 0:
        return 0
    if overdispersion is not None:
        mean = random.gammavariate(overdispersion, mean / overdispersion)
    limit, product, number = exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        number += 1
    return number


def laplace(random: Random, median: float, scale: float) -> float:
    """A value of a Laplace distribution around the median."""
    return median + random.expovariate(1 / scale) - random.expovariate(1 / scale)


def hours_of_a_day(random: Random, rhythm: Rhythm, number: int) -> list[float]:
    """The hours at which a number of tasks get done; 25 is one o'clock of the next day."""
    found: list[float] = []
    for _ in range(number):
        if found and random.random() < rhythm.in_sittings:
            found.append(found[-1] + random.uniform(0.05, _CLUMP_H))
        else:
            found.append(_hour(random, rhythm))
    return sorted(found)


def _hour(random: Random, rhythm: Rhythm) -> float:
    chosen = random.random()
    for hour, spread, share in rhythm.around:
        chosen -= share
        if chosen < 0:
            return random.gauss(hour, spread)
    return random.uniform(rhythm.first_h, rhythm.last_h)
