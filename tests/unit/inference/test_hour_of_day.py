"""Hours that are learned are the hours that were planted."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from oo.agents.registry import get_manifest
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import changed, learn
from testing.seeds import SLACK, seeds
from tests.unit.inference.planted_habits import MIDNIGHT, around, completion, finishing, share, tips
from tests.unit.inference.planted_users import feedback_row, history, seeded

BERLIN = ZoneInfo("Europe/Berlin")
PEAK_HOURS = get_manifest("peak-hours")
RECEPTIVITY = get_manifest("tip-receptivity")


def peak_hour(history: ComputeRequest) -> float | None:
    found = learn(PEAK_HOURS, history).get("peak_hour_utc")
    return None if found is None else float(str(found))


def tip_hour(history: ComputeRequest) -> float | None:
    found = learn(RECEPTIVITY, history).get("receptive_hour_utc")
    return None if found is None else float(str(found))


def is_near(found: float | None, planted: float) -> bool:
    return found is not None and abs((found - planted + 12) % 24 - 12) <= 1


@pytest.mark.parametrize("hour", [9, 23.5])
@pytest.mark.parametrize(
    ("size", "noise", "least"),
    [(20, 0, 0.9), (30, 0, 0.95), (30, 0.2, 0.92), (60, 0.4, 0.94)],
)
def test_planted_hour_is_found(hour: float, size: int, noise: float, least: float) -> None:
    """An hour is found within one hour in spite of noise, also around midnight."""
    assert share(lambda random: is_near(peak_hour(finishing(around(random, hour, size, noise))), hour)) >= least - SLACK


@pytest.mark.parametrize("size", [15, 30, 60, 120])
def test_even_day_has_no_hour(size: int) -> None:
    """For whoever finishes things at any hour of the waking day an hour is declared in at most 7% of cases."""
    assert share(lambda random: peak_hour(finishing(around(random, 0, size, noise=1))) is not None) <= 0.07 + SLACK


def with_evenings(random: Random, size: int) -> ComputeRequest:
    """Half of six completions a day at their own time, the other half ticked off together late in the evening."""
    hours = [random.gauss(9, 1.5) if random.random() < 0.5 else 22 + random.uniform(0, 0.2) for _ in range(size)]
    return finishing(hours, per_day=6)


def test_ticking_off_in_the_evening_is_not_the_hour() -> None:
    """The hour of the work is found behind that of its bookkeeping, and the latter is seldom taken for it."""
    assert share(lambda random: is_near(peak_hour(with_evenings(random, 120)), 9)) >= 0.88 - SLACK
    assert share(lambda random: is_near(peak_hour(with_evenings(random, 60)), 22)) <= 0.07 + SLACK


def test_hour_between_two_habits_is_never_named() -> None:
    """Of two habits the stronger one is named or none, and never an hour between them."""

    def between(random: Random) -> bool:
        found = peak_hour(finishing([random.gauss(random.choice((9, 16)), 1.2) for _ in range(60)]))
        return found is not None and 11 <= found <= 14

    assert share(between) == 0


def test_changed_hour_is_found_after_two_weeks() -> None:
    """Two weeks after a change from nine to three the new hour is found, behind months of the old one."""

    def follows(random: Random) -> bool:
        return is_near(peak_hour(finishing([*around(random, 15, 28), *around(random, 9, 120)])), 15)

    assert share(follows) >= 0.9 - SLACK


@pytest.mark.parametrize("hours", [1, 5, 12, 23])
def test_later_by_whole_hours_gives_a_later_hour(hours: int) -> None:
    """Completions later by whole hours move the hour by as much, around the clock."""
    for seed in range(20):
        before = around(seeded(seed), 9, 40)
        moved = peak_hour(finishing([hour + hours for hour in before]))
        found = peak_hour(finishing(before))

        assert found is not None
        assert moved == (found + hours) % 24


def test_dates_without_hours_give_no_hour() -> None:
    """Bare dates, however many, say nothing about the time of day, and nothing against it either."""
    timed = finishing(around(seeded(1), 9, 40))
    dated = [completion(MIDNIGHT - timedelta(days=n)) for n in range(60)]
    bare = [each | {"completed_at": str(each["completed_at"])[:10]} for each in dated]

    assert peak_hour(history(bare)) is None
    assert peak_hour(history([*timed.task_completions, *bare])) == peak_hour(timed)


@pytest.mark.parametrize(("size", "is_known"), [(11, False), (12, True)])
def test_hour_needs_twelve_completions(size: int, *, is_known: bool) -> None:
    """Eleven completions at one hour are too few, twelve are enough."""
    assert (peak_hour(finishing([9.0] * size, per_day=1)) == 9) is is_known


@pytest.mark.xfail(reason="a sitting still counts as many completions", strict=True)
def test_one_busy_hour_is_not_a_habit() -> None:
    """Forty tasks ticked off at once count for the square root of forty, which is below the gate."""
    assert peak_hour(finishing([9.0] * 40, per_day=40)) is None


def test_midnight_is_hour_zero() -> None:
    """An hour that rounds up to 24 is 0."""
    assert peak_hour(finishing([23.9] * 20, per_day=1)) == 0
    assert peak_hour(finishing([0.1] * 20, per_day=1)) == 0


def good_evening(hour: float) -> float:
    return 0.7 if 18 <= hour < 21 else 0.25


def test_receptive_hour_is_found() -> None:
    """With 200 tips an evening in which 70% instead of 25% are taken up is found for 80% of users, and no other."""
    found = [tip_hour(tips(seeded(seed), 200, good_evening)) for seed in seeds(200)]
    declared = [hour for hour in found if hour is not None]

    assert len(declared) >= 0.8 * len(found)
    assert sum(17 <= hour <= 22 for hour in declared) >= 0.97 * len(declared)


@pytest.mark.parametrize("size", [120, 200])
def test_no_receptive_hour_without_one(size: int) -> None:
    """Where tips are taken up alike at any hour, one is declared for at most 5% of users."""
    assert share(lambda random: tip_hour(tips(random, size, lambda _: 0.4)) is not None) <= 0.05 + SLACK


@pytest.mark.parametrize(("size", "is_known"), [(59, False), (60, True)])
def test_receptive_hour_needs_sixty_tips(size: int, *, is_known: bool) -> None:
    """Below sixty tips no hour is declared, however clear it is."""
    found = tip_hour(tips(seeded(3), size, lambda hour: float(18 <= hour < 21)))

    assert (found is not None) is is_known


@pytest.mark.parametrize("action", ["shown", "snoozed", "done"])
def test_one_outcome_at_every_hour_is_no_hour(action: str) -> None:
    """Tips that all fare alike, be it badly or well, have no best hour."""
    stamps = [(MIDNIGHT - timedelta(hours=5 * number)).isoformat() for number in range(100)]
    alike = history((), [feedback_row(action, None, stamp) for stamp in stamps])

    assert tip_hour(alike) is None


@pytest.mark.parametrize("newest", ["2026-03-29T21:00", "2026-04-20T21:00", "2026-03-28T21:00"])
def test_clock_change_moves_no_habit(newest: str) -> None:
    """Nine o'clock on the local clock stays nine o'clock from the day of a clock change on, where the zone is known."""
    days = [datetime.fromisoformat(newest).replace(hour=9, tzinfo=BERLIN) - timedelta(days=day) for day in range(40)]
    rows = [completion(day.replace(minute=seeded(number).randrange(60))) for number, day in enumerate(days)]
    found = learn(PEAK_HOURS, changed(history(rows), timezone="Europe/Berlin"))["peak_hour_utc"]

    ahead = datetime.fromisoformat(newest).replace(tzinfo=BERLIN).utcoffset()
    assert ahead is not None
    assert float(str(found)) + ahead / timedelta(hours=1) == 9.5
