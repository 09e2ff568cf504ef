import json
from pathlib import Path

import pytest

from benchmarks._results import RESULTS
from benchmarks.queue_simulation import MINUTES, SCENARIOS, Day, Minute, draw, percentile, simulate

PAGE = Path(__file__).parents[3] / "docs" / "scaling.md"


def test_a_day_has_as_many_jobs_as_its_users_make() -> None:
    """However they spread over zones and hours."""
    day = Day(users=1_000)

    assert sum(minute.arriving for minute in simulate(day)) == pytest.approx(day.jobs) == 55_000


def test_nothing_waits_where_every_minute_has_workers_enough() -> None:
    """The busiest minute is what counts, not the average."""
    busiest = max(minute.arriving for minute in simulate(Day(users=1_000)))
    enough = Day(users=1_000, concurrency=1, job_s=60 / busiest)
    short = Day(users=1_000, concurrency=1, job_s=60 / busiest * 1.01)

    assert max(minute.delay for minute in simulate(enough)) == pytest.approx(0, abs=1e-6)
    assert max(minute.delay for minute in simulate(short)) > 0


def test_what_waits_is_done_in_the_order_of_arrival() -> None:
    """A burst of a zone takes as long as its jobs take the workers."""
    day = Day(jobs_of_changes=0, spread_minutes=1, concurrency=1_000, job_s=0.01)

    worst = max(simulate(day), key=lambda minute: minute.delay)

    largest_zone = 0.3 * day.users * day.jobs_at_midnight
    assert worst.delay == pytest.approx((largest_zone - day.capacity) / day.capacity)


def test_a_share_of_the_jobs_is_not_a_share_of_the_minutes() -> None:
    """A busy minute weighs more."""
    minutes = [Minute(99, 0, 0.0), Minute(1, 0, 5.0)]

    assert (percentile(minutes, 0.99), percentile(minutes, 1.0)) == (0.0, 5.0)


def test_the_page_and_its_picture_are_what_the_simulation_finds() -> None:
    """Figures that are copied into a page grow old there."""
    page = PAGE.read_text(encoding="utf-8")
    days = {name: simulate(day) for name, day in SCENARIOS.items()}

    assert f"{Day().jobs:,} jobs" in page
    assert f"{Day().jobs / MINUTES / 60:,.0f} jobs" in page
    assert f"{Day().capacity / 60:,.0f} jobs per second" in page
    for name, minutes in days.items():
        busiest = max(minute.arriving for minute in minutes) / 60
        deepest = max(minute.waiting for minute in minutes) / 1e6
        assert f"| {name} | {busiest:,.0f} | {deepest:.1f} M |" in page.replace("| 0 |", "| 0.0 M |")
    assert json.loads(RESULTS.read_text(encoding="utf-8"))["queue_simulation"]["chart"] == draw(days)
