"""Users with a planted share of late tasks, a planted pace and planted rest days."""

from datetime import timedelta
from random import Random

from oo.contract.agents import ComputeRequest
from tests.unit.inference.planted_habits import completion
from tests.unit.inference.planted_users import (
    NEWEST,
    Row,
    completion_row,
    completions_early_by,
    history,
    laplace,
    poisson,
)

WEEKEND = (5, 6)


def late_around(random: Random, median_d: float, size: int, outliers: float = 0) -> ComputeRequest:
    """Dated completions whose lateness scatters around a median; some of them are one to seven months late."""
    found = completions_early_by(random, -median_d, 1, size)
    return history([_months_late(random, each) if random.random() < outliers else each for each in found])


def _months_late(random: Random, each: Row) -> Row:
    late = timedelta(days=random.uniform(30, 200))
    return completion_row(each["project_id"], each["completed_at"], (NEWEST - late).isoformat())


def late_in(random: Random, share: float, size: int) -> ComputeRequest:
    """Dated completions a few hours apart, of which a planted share is late."""
    found, at = [], NEWEST
    for _ in range(size):
        at -= timedelta(hours=random.uniform(4, 30))
        days = random.uniform(0.1, 3) if random.random() < share else -abs(laplace(random, 1))
        found.append(completion(at, due_at=(at - timedelta(days=days)).isoformat()))
    return history(found)


def at_a_pace(random: Random, rate: float, days: int, weekend: float = 1) -> ComputeRequest:
    """Completions on each of the last days, on Saturdays and Sundays only a part of the usual number."""
    found = []
    for age in range(days):
        at = NEWEST - timedelta(days=age)
        number = poisson(random, rate * weekend if at.weekday() in WEEKEND else rate)
        found += [completion(at - timedelta(hours=random.uniform(-10, 10))) for _ in range(number)]
    return history(found)
