"""Users with a planted hour, a planted way of staying in a project, and a planted way of taking tips."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from math import exp
from random import Random

from oo.contract.agents import ComputeRequest
from testing.seeds import seeds
from tests.unit.inference.planted_users import NEWEST, Row, completion_row, feedback_row, history, overdispersed, seeded

SEEDS = seeds(200)
MIDNIGHT = NEWEST.replace(hour=0)
# Completions a day, and tips a day.
DONE_PER_DAY = 2
TIPS_PER_DAY = 3


def share(holds: Callable[[Random], bool]) -> float:
    """For which part of 200 planted users something holds."""
    return sum(holds(seeded(seed)) for seed in SEEDS) / len(SEEDS)


def finishing(hours: Iterable[float], per_day: int = DONE_PER_DAY) -> ComputeRequest:
    """Completions at these hours, the newest day first, so many a day."""
    days = enumerate(hours)
    found = [completion(MIDNIGHT - timedelta(days=number // per_day) + timedelta(hours=hour)) for number, hour in days]
    return history(found)


def lived(random: Random, days: int, rate: float, hour: Callable[[Random], float], until: datetime) -> list[datetime]:
    """When tasks got done on the last days before a midnight: overdispersed numbers of them, at hours of their own."""
    found = []
    for day in range(days):
        begins = until - timedelta(days=days - day)
        found += [begins + timedelta(hours=hour(random)) for _ in range(overdispersed(random, rate))]
    return found


def completion(at: datetime, project_id: object = "p", due_at: object = None) -> Row:
    """A completion at a moment."""
    return completion_row(project_id, at.isoformat(), due_at)


def around(random: Random, hour: float, size: int, noise: float = 0) -> list[float]:
    """Hours that scatter around one by an hour and a half, some of them anywhere in the waking day."""
    return [random.uniform(7, 23) if random.random() < noise else random.gauss(hour, 1.5) for _ in range(size)]


def in_projects(random: Random, pairs: int, stay: float) -> ComputeRequest:
    """Completions within one sitting's reach of each other, in four projects, staying in one with some probability."""
    found = []
    at, project = NEWEST, random.randrange(4)
    for _ in range(pairs + 1):
        found.append(completion(at, f"p{project}"))
        at -= timedelta(hours=random.uniform(0.5, 3.5))
        if random.random() >= stay:
            project = random.randrange(4)
    return history(found)


def tips(random: Random, size: int, taken: Callable[[float], float], dwell_s: float | None = None) -> ComputeRequest:
    """Tips of 40 words at any hour from 8 to 23.

    `taken` gives the probability at an hour that one is taken up, `dwell_s` the median time that it is looked at.
    """
    found = []
    for number in range(size):
        hour = random.uniform(8, 23)
        at = MIDNIGHT - timedelta(days=number // TIPS_PER_DAY) + timedelta(hours=hour)
        outcome = "done" if random.random() < taken(hour) else "dismissed"
        dwell_ms = None if dwell_s is None else 1000 * dwell_s * exp(random.gauss(0, 0.4))
        found.append(feedback_row("shown", None, at.isoformat()))
        found.append(feedback_row(outcome, dwell_ms, (at + timedelta(minutes=2)).isoformat()) | {"words_n": 40})
    return history((), found)
