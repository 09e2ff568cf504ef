"""Users whose habits are known because they were planted."""

from datetime import UTC, datetime, timedelta
from random import Random

from oo.inference.history import TaskCompletion, UserHistory

NEWEST = datetime(2026, 6, 17, 12, tzinfo=UTC)


def seeded(seed: int) -> Random:
    """A reproducible source of choices."""
    return Random(seed)  # noqa: S311  # plans tests, keeps no secrets


def laplace(random: Random, scale: float) -> float:
    """A draw from the Laplace distribution around 0: the difference of two exponential ones."""
    return random.expovariate(1 / scale) - random.expovariate(1 / scale)


def completions_early_by(random: Random, head_start_d: float, scale: float, size: int) -> list[TaskCompletion]:
    """Completions a few hours apart whose head start before the due date scatters around a planted one."""
    found = []
    at = NEWEST
    for number in range(size):
        at -= timedelta(hours=random.uniform(4, 30))
        due = at + timedelta(days=head_start_d + laplace(random, scale))
        found.append(TaskCompletion(f"p{number % 3}", at.isoformat(), due.isoformat()))
    return found


def poisson(random: Random, rate: float) -> int:
    """A draw from the Poisson distribution: arrivals with exponential gaps within one unit of time."""
    count, passed = 0, random.expovariate(rate)
    while passed < 1:
        count, passed = count + 1, passed + random.expovariate(rate)
    return count


def completions_per_day(random: Random, rate: float, days: int) -> list[TaskCompletion]:
    """Completions spread over each of the last days, their number Poisson distributed."""
    found = []
    for day in range(days):
        for number in range(poisson(random, rate)):
            at = NEWEST - timedelta(days=day, hours=random.uniform(-10, 10))
            found.append(TaskCompletion(f"p{number}", at.isoformat(), None))
    return found


def history(completions: list[TaskCompletion]) -> UserHistory:
    """A history of these completions."""
    return UserHistory("user-1", (), completions)
