"""Users whose habits are known because they were planted."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import changed, snapshot

Row = dict[str, object]

NEWEST = datetime(2026, 6, 17, 12, tzinfo=UTC)
# Learned values depend on the clock in nothing but the future, which begins after all that these users did.
MUCH_LATER = NEWEST + timedelta(days=365)


def completion_row(project_id: object, completed_at: object, due_at: object) -> Row:
    """A completion as it is sent."""
    return {"project_id": project_id, "completed_at": completed_at, "due_at": due_at}


def feedback_row(action: object, dwell_ms: object, created_at: object) -> Row:
    """A reaction to a tip as it is sent."""
    return {"action": action, "dwell_ms": dwell_ms, "created_at": created_at}


def seeded(seed: int) -> Random:
    """A reproducible source of choices."""
    return Random(seed)  # noqa: S311  # plans tests, keeps no secrets


def laplace(random: Random, scale: float) -> float:
    """A draw from the Laplace distribution around 0: the difference of two exponential ones."""
    return random.expovariate(1 / scale) - random.expovariate(1 / scale)


def completions_early_by(random: Random, head_start_d: float, scale: float, size: int) -> list[Row]:
    """Completions a few hours apart whose head start before the due date scatters around a planted one."""
    found = []
    at = NEWEST
    for number in range(size):
        at -= timedelta(hours=random.uniform(4, 30))
        due = at + timedelta(days=head_start_d + laplace(random, scale))
        found.append(completion_row(f"p{number % 3}", at.isoformat(), due.isoformat()))
    return found


def poisson(random: Random, rate: float) -> int:
    """A draw from the Poisson distribution: arrivals with exponential gaps within one unit of time."""
    count, passed = 0, random.expovariate(rate)
    while passed < 1:
        count, passed = count + 1, passed + random.expovariate(rate)
    return count


def overdispersed(random: Random, rate: float, k: float = 3) -> int:
    """A draw from the negative binomial distribution: days of people differ more than Poisson's, by 1 + rate / k."""
    mean = random.gammavariate(k, rate / k)
    return poisson(random, mean) if mean else 0


def completions_per_day(random: Random, rate: float, days: int) -> list[Row]:
    """Completions spread over each of the last days, their number Poisson distributed."""
    found = []
    for day in range(days):
        for number in range(poisson(random, rate)):
            at = NEWEST - timedelta(days=day, hours=random.uniform(-10, 10))
            found.append(completion_row(f"p{number}", at.isoformat(), None))
    return found


def history(completions: Sequence[object] = (), feedback: Sequence[object] = ()) -> ComputeRequest:
    """A history of these completions and reactions."""
    return changed(snapshot(completions=completions, feedback=feedback, now=MUCH_LATER), timezone="UTC")
