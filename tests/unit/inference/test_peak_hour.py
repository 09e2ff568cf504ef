"""Hours that are learned are the hours that were planted, and a day without one has none."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from oo.agents.registry import get_agent
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import DAY, HOUR, MINUTE, changed, learn
from testing.for_each import for_each
from testing.seeds import SLACK, seeds
from tests.unit.inference.planted_habits import MIDNIGHT, around, completion, finishing, lived, share
from tests.unit.inference.planted_users import history, seeded

BERLIN = ZoneInfo("Europe/Berlin")
PEAK_HOURS = get_agent("peak-hours").manifest
MONDAY = datetime(2026, 6, 15, tzinfo=UTC)
WEEK = timedelta(weeks=1)

Hour = Callable[[Random], float]


def peak_hour(given: ComputeRequest) -> float | None:
    found = learn(PEAK_HOURS, given).get("peak_hour_utc")
    return None if found is None else float(str(found))


def asked(stamps: Iterable[datetime], now: datetime = MONDAY) -> float | None:
    """The hour that is learned at a moment from the completions up to it."""
    done = [completion(each) for each in stamps if each <= now]
    return peak_hour(changed(history(done), now_iso=now))


def told(stamps: Sequence[datetime], asks: Iterable[datetime]) -> bool:
    """Whether an hour is learned at any of these moments."""
    return any(asked(stamps, now) is not None for now in asks)


def is_near(found: float | None, planted: float) -> bool:
    return found is not None and abs((found - planted + 12) % 24 - 12) <= 1


def even(first: float, last: float) -> Hour:
    return lambda random: random.uniform(first, last)


def peaked(hour: float, spread_h: float, noise: float) -> Hour:
    return lambda random: random.uniform(7, 23) if random.random() < noise else random.gauss(hour, spread_h)


def half_of_an_office_day(random: Random) -> float:
    return random.uniform(10, 12) if random.random() < 0.5 else random.uniform(9, 18)


@pytest.mark.all_seeds
@pytest.mark.parametrize("hour", [9, 23.5])
@pytest.mark.parametrize(("size", "noise", "least"), [(30, 0, 0.93), (30, 0.2, 0.92), (60, 0.4, 0.96)])
def test_planted_hour_is_found(hour: float, size: int, noise: float, least: float) -> None:
    """One completion a day: an hour is found within one hour in spite of noise, also around midnight."""
    given = (hour, size, noise)

    assert share(lambda random: is_near(peak_hour(finishing(around(random, *given), per_day=1)), hour)) >= least - SLACK


@pytest.mark.all_seeds
@pytest.mark.parametrize(
    ("hour", "rate", "planted", "least"),
    [
        (peaked(10, 1.5, 0.15), 3, 10, 0.97),
        (peaked(10, 2, 0.3), 2, 10, 0.92),
        (half_of_an_office_day, 3, 11, 0.85),
        (peaked(1, 1.5, 0.15), 4, 1, 0.97),
    ],
    ids=["clear", "wide", "office", "night"],
)
def test_hour_is_known_after_eight_weeks(hour: Hour, rate: float, planted: float, least: float) -> None:
    """For most users with a peak hour, and with busy and empty days, it is inferred within an hour."""

    def found(random: Random) -> bool:
        return is_near(asked(lived(random, 56, rate, hour, MONDAY)), planted)

    assert share(found) >= least - SLACK


@pytest.mark.all_seeds
def test_a_clear_hour_is_known_after_two_weeks() -> None:
    """The first looks, which see little, find most of the hours that are clear."""
    hour = peaked(10, 1.5, 0.15)

    assert share(lambda random: is_near(asked(lived(random, 14, 3, hour, MONDAY)), 10)) >= 0.78 - SLACK


@pytest.mark.all_seeds
def test_thirty_completions_in_six_weeks_are_enough() -> None:
    """On every weekday of the request, thirty completions on 45 days are enough for 85% of users."""

    def found(random: Random) -> bool:
        now = MONDAY + random.randrange(7) * DAY
        done = [now - random.randrange(1, 46) * DAY + random.gauss(9, 1.5) * HOUR for _ in range(30)]
        return is_near(asked(done, now), 9)

    assert share(found) >= 0.85 - SLACK


def weekly_looks(weeks: int) -> list[datetime]:
    """Mondays of requests; every other one in the short run, in which a claim mostly lasts longer."""
    return [MONDAY - week * WEEK for week in range(0, weeks, 2 if SLACK else 1)]


def share_told(users: int, is_told: Callable[[Random], bool]) -> float:
    """For which part of so many users something is ever told; of a few in the short run."""
    found = [is_told(seeded(seed)) for seed in seeds(users, few=10)]
    return sum(found) / len(found)


@pytest.mark.all_seeds
@pytest.mark.parametrize(
    ("hour", "rate"),
    [
        (even(7, 23), 3),
        (even(8, 20), 3),
        (even(9, 18), 3),
        (even(7, 23), 1.5),
        (even(8, 20), 0.8),
        (even(9, 18), 8),
        (even(20, 30), 4),
    ],
    ids=["16 h", "12 h", "office", "few", "fewer", "many", "night"],
)
def test_an_even_day_has_no_hour(hour: Hour, rate: float) -> None:
    """For at most 10% of users with even days an hour is inferred at any of twelve weekly checks."""
    asks = weekly_looks(12)

    assert share_told(100, lambda random: told(lived(random, 84, rate, hour, MONDAY), asks)) <= 0.1 + SLACK


@pytest.mark.all_seeds
def test_an_office_day_has_no_hour_however_often_one_asks() -> None:
    """252 completions over twelve weeks, even between nine and six: asked every five days, nine in ten hear nothing."""

    def is_told(random: Random) -> bool:
        done = [MONDAY - 84 * DAY + (number / 3) // 1 * DAY + random.uniform(9, 18) * HOUR for number in range(252)]
        return told(done, [MONDAY - days * DAY for days in range(0, 80, 10 if SLACK else 5)])

    assert share_told(20, is_told) <= 0.1


@pytest.mark.all_seeds
def test_a_sitting_counts_once() -> None:
    """Four tasks in forty minutes, at any hour of the day, are no hour, and neither are forty at once."""

    def is_told(random: Random) -> bool:
        begins = lived(random, 84, 1.5, even(8, 20), MONDAY)
        done = [at + random.uniform(0, 40) * MINUTE for at in begins for _ in range(4)]
        return told(done, weekly_looks(6))

    assert share_told(100, is_told) <= 0.1 + SLACK
    assert peak_hour(finishing([9.0] * 40, per_day=40)) is None


def with_evenings(random: Random, size: int) -> ComputeRequest:
    """Half of six completions a day at their own time, the other half ticked off together late in the evening."""
    hours = [random.gauss(9, 1.5) if random.random() < 0.5 else 22 + random.uniform(0, 0.2) for _ in range(size)]
    return finishing(hours, per_day=6)


@pytest.mark.all_seeds
def test_ticking_off_in_the_evening_is_not_the_hour() -> None:
    """The hour of the work is found behind that of its bookkeeping, and the latter is seldom taken for it."""
    assert share(lambda random: is_near(peak_hour(with_evenings(random, 120)), 9)) >= 0.95 - SLACK
    assert share(lambda random: is_near(peak_hour(with_evenings(random, 60)), 22)) <= 0.02 + SLACK


@pytest.mark.all_seeds
def test_hour_between_two_habits_is_never_named() -> None:
    """Of two habits the stronger one is named or none, and never an hour between them."""

    def between(random: Random) -> bool:
        found = peak_hour(finishing([random.gauss(random.choice((9, 16)), 1.2) for _ in range(60)]))
        return found is not None and 11 <= found <= 14

    assert share(between) == 0


@pytest.mark.all_seeds
@pytest.mark.parametrize("weekday", range(0, 7, 3))
def test_changed_hour_is_found_after_two_weeks(weekday: int) -> None:
    """Two weeks after a change from nine to three the new hour is found, behind months of the old one."""
    midnight = MIDNIGHT + weekday * DAY

    def follows(random: Random) -> bool:
        done = finishing([*around(random, 15, 28), *around(random, 9, 120)]).task_completions
        moved = [completion(datetime.fromisoformat(str(each["completed_at"])) + weekday * DAY) for each in done]
        return is_near(peak_hour(changed(history(moved), now_iso=midnight + DAY)), 15)

    assert share(follows) >= 0.9 - SLACK


@pytest.mark.all_seeds
def test_a_claim_ends_at_once_where_two_weeks_contradict_it() -> None:
    """An hour that was claimed on Monday is dropped on any day on which the last two weeks hold too little of it."""

    def contradicted(random: Random) -> bool:
        mornings = lived(random, 56, 3, peaked(9, 1, 0), MONDAY)
        evenings = lived(random, 13, 2, even(13, 23), MONDAY + 13 * DAY)
        assert asked(mornings, MONDAY) is not None
        return not is_near(asked([*mornings, *evenings], MONDAY + 12.9 * DAY), 9)

    assert share(contradicted) >= 0.95 - SLACK


def test_nothing_begins_between_two_looks() -> None:
    """On each day of a week the same hour is learned as on its Monday, for any later completions."""
    done = lived(seeded(3), 56, 3, peaked(9, 1.5, 0.2), MONDAY)

    for week in range(1, 8):
        monday = MONDAY - week * WEEK

        assert {asked(done, monday + day * DAY + 23 * HOUR) for day in range(7)} == {asked(done, monday)}


def test_without_a_moment_the_newest_completion_tells_the_last_look() -> None:
    """A request that names no moment is answered from the history alone: as asked with its newest completion."""
    done = lived(seeded(4), 40, 3, peaked(9, 1.5, 0.2), MONDAY + 3 * DAY)
    rows = [completion(each) for each in done]

    for size in range(20, len(rows), 7):
        newest = sorted(done)[size - 1]
        given = history(sorted(rows, key=lambda row: str(row["completed_at"]))[:size])

        assert peak_hour(changed(given, now_iso=None)) == peak_hour(changed(given, now_iso=newest))


@for_each("hours", [1, 5, 12, 23])
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
def test_hour_needs_twelve_sittings(size: int, *, is_known: bool) -> None:
    """Eleven completions at one hour are too few, twelve are enough."""
    assert (peak_hour(finishing([9.0] * size, per_day=1)) == 9) is is_known


def test_midnight_is_hour_zero() -> None:
    """An hour that rounds up to 24 is 0."""
    assert peak_hour(finishing([23.9] * 20, per_day=1)) == 0
    assert peak_hour(finishing([0.1] * 20, per_day=1)) == 0


def nine_o_clock(zone: ZoneInfo, newest: str, days: int = 40) -> list[datetime]:
    """Around nine by the clock of a place, on each of the last days."""
    last = datetime.fromisoformat(newest).replace(hour=9, tzinfo=zone)
    return [(last - day * DAY).replace(minute=seeded(day).randrange(60)) for day in range(days)]


@for_each("day", ["2026-03-29", "2026-03-30", "2026-04-20", "2026-03-28", "2026-10-25", "2026-10-26"])
@for_each("in_utc", [True, False])
def test_clock_change_moves_no_habit(day: str, *, in_utc: bool) -> None:
    """Nine o'clock on the local clock stays nine o'clock from the day of a clock change on, however it is written."""
    done = [each.astimezone(UTC) if in_utc else each for each in nine_o_clock(BERLIN, day)]
    now = datetime.fromisoformat(f"{day}T21:00").replace(tzinfo=BERLIN)
    rows = [completion(each) for each in done]
    found = learn(PEAK_HOURS, changed(history(rows), timezone="Europe/Berlin", now_iso=now))

    ahead = now.utcoffset()
    assert ahead is not None
    assert (float(str(found["peak_hour_utc"])) + ahead / HOUR) % 24 == 9.5


@for_each("place", ["America/Los_Angeles", "Asia/Kathmandu", "Pacific/Kiritimati"])
def test_the_hour_is_that_of_the_place(place: str) -> None:
    """A traveller keeps the habit: three weeks elsewhere, in stamps with that place's offset, change nothing."""
    at_home, away = nine_o_clock(BERLIN, "2026-05-20"), nine_o_clock(ZoneInfo(place), "2026-06-14", 21)
    rows = [completion(each) for each in (*at_home, *away)]

    assert peak_hour(changed(history(rows), timezone="Europe/Berlin", now_iso=MONDAY + 9 * HOUR)) == 7.5


def test_without_a_zone_the_hours_are_those_of_utc() -> None:
    """In an unknown zone the offset of a timestamp is lost, so hours are learned in UTC."""
    done = [completion(each) for each in nine_o_clock(BERLIN, "2026-06-14")]
    given = changed(history(done), timezone=None, now_iso=MONDAY + 9 * HOUR)

    assert peak_hour(given) == 7.5
