"""Depth of the queue of jobs over a day of ten million users, and the time until a job is done.

In each minute, producers send jobs and `concurrency` workers process them, first in, first out. `Day` contains the
assumptions; docs/scaling.md names the source of each figure. Draws docs/queue-simulation.svg.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks._results import keep

_EVERY_MIN = 5
MINUTES = 24 * 60

# The share of the users by their offset from UTC in hours.
_ZONES = ((-8.0, 0.10), (-5.0, 0.20), (0.0, 0.10), (1.0, 0.30), (3.0, 0.05), (5.5, 0.10), (8.0, 0.10), (9.0, 0.05))
# The distribution of a user's own changes over the hours of their day.
_WAKING = (0, 0, 0, 0, 0, 0, 1, 3, 5, 6, 5, 4, 4, 4, 4, 4, 4, 5, 5, 6, 7, 6, 3, 1)


@dataclass(frozen=True)
class Day:
    """Assumptions on a day. `spread_minutes` is the time in which jobs at night are sent for all users of one zone."""

    users: int = 10_000_000
    jobs_at_midnight: int = 10
    jobs_of_changes: int = 45
    spread_minutes: int = 300
    concurrency: int = 10
    job_s: float = 0.012

    @property
    def jobs(self) -> int:
        """The number of jobs of the whole day."""
        return self.users * (self.jobs_at_midnight + self.jobs_of_changes)

    @property
    def capacity(self) -> float:
        """The number of jobs per minute that the workers can process."""
        return 60 * self.concurrency / self.job_s


@dataclass(frozen=True)
class Minute:
    """The jobs that arrive, the jobs that wait at its end, and the minutes until the last of them is done."""

    arriving: float
    waiting: float
    delay: float


def simulate(day: Day) -> list[Minute]:
    """The second of two equal days, so that jobs left over from the day before are included."""
    arriving = list(_arriving(day))
    waiting = 0.0
    minutes: list[Minute] = []
    for _ in range(2):
        minutes = []
        for jobs in arriving:
            waiting = max(0.0, waiting + jobs - day.capacity)
            minutes.append(Minute(jobs, waiting, waiting / day.capacity))
    return minutes


def _arriving(day: Day) -> Iterator[float]:
    for minute in range(MINUTES):
        yield sum(day.users * share * _jobs_a_minute(day, (minute + 60 * hours) % MINUTES) for hours, share in _ZONES)


def _jobs_a_minute(day: Day, local_minute: float) -> float:
    """The jobs per minute of one user at the user's local time."""
    night = day.jobs_at_midnight / day.spread_minutes if local_minute < day.spread_minutes else 0.0
    return night + day.jobs_of_changes * _WAKING[int(local_minute // 60)] / (60 * sum(_WAKING))


def percentile(minutes: Sequence[Minute], share: float) -> float:
    """The delay in minutes that this share of all jobs does not exceed."""
    left = share * sum(minute.arriving for minute in minutes)
    for minute in sorted(minutes, key=lambda each: each.delay):
        left -= minute.arriving
        if left <= 0:
            return minute.delay
    return max(minute.delay for minute in minutes)


SCENARIOS = {
    "all at midnight, 150 workers": Day(spread_minutes=10, concurrency=150),
    "spread over 5 hours, 150 workers": Day(concurrency=150),
    "all at midnight, 400 workers": Day(spread_minutes=10, concurrency=400),
    "spread over 5 hours, 90 workers": Day(concurrency=90),
}


def main() -> None:
    """Print one line per scenario, and draw all of them."""
    least = Day()
    average = least.jobs / MINUTES
    print(f"{least.jobs:,} jobs a day, {average / 60:,.0f} a second on average")
    done = least.capacity / 60
    print(f"{least.concurrency} workers get {done:,.0f} a second done, {least.capacity / average:.0%} of it")
    print(f"{'':<34}{'peak jobs/s':>12}{'deepest':>12}{'p50 min':>9}{'p99 min':>9}{'worst':>8}")
    days = {name: simulate(day) for name, day in SCENARIOS.items()}
    for name, minutes in days.items():
        peak = max(minute.arriving for minute in minutes) / 60
        deepest = max(minute.waiting for minute in minutes)
        worst = max(minute.delay for minute in minutes)
        delays = f"{percentile(minutes, 0.5):>9.1f}{percentile(minutes, 0.99):>9.1f}{worst:>8.1f}"
        print(f"{name:<34}{peak:>12,.0f}{deepest:>12,.0f}{delays}")
    keep("queue_simulation", {"chart": draw(days)})


def draw(days: dict[str, list[Minute]]) -> dict[str, Any]:
    """A chart of the scenarios: waiting jobs, and the minutes until a job is done."""
    return {
        "file": "queue-simulation.svg",
        "title": "Ten million users: jobs over one day",
        "unit": "hour of the day, UTC",
        "places": [minute / 60 for minute in range(0, MINUTES, _EVERY_MIN)],
        "panels": [
            {"unit": "million jobs waiting", "series": _series(days, "waiting", 1e6)},
            {"unit": "minutes until a job is done", "series": _series(days, "delay", 1)},
        ],
    }


def _series(days: dict[str, list[Minute]], field: str, unit: float) -> dict[str, list[float]]:
    return {
        name: [round(getattr(minute, field) / unit, 3) for minute in minutes[::_EVERY_MIN]]
        for name, minutes in days.items()
    }


if __name__ == "__main__":
    main()
