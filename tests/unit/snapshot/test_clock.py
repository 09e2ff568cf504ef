"""Instants, local days and wall-clock boundaries."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from oo.contract.zones import read_zone
from oo.snapshot.clock import Moment, clock_at, offset_change, start_of_day, wall_clock
from oo.snapshot.stamps import read_moment
from testing.for_each import for_each

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 17, 12, tzinfo=UTC)


@for_each(
    ("value", "expected"),
    [
        ("2026-06-17T12:00:00Z", NOON),
        ("2026-06-17T14:00:00+02:00", NOON),
        ("2026-06-17T14:00:00", NOON),
        ("2026-06-17 14:00", NOON),
        (" 2026-06-17T12:00:00.999Z ", NOON),
        (NOON, NOON),
        (NOON.replace(tzinfo=None), NOON - timedelta(hours=2)),
        (NOON.timestamp(), NOON),
        (int(NOON.timestamp()) * 1000, NOON),
    ],
)
def test_moments_are_read_in_many_forms(value: object, expected: datetime) -> None:
    """ISO text, datetimes and epoch numbers give whole seconds in UTC; a time without a zone is local."""
    found = read_moment(value, BERLIN)

    assert found is not None
    assert found.same_time(Moment(expected))


@for_each(
    ("value", "clock"),
    [
        ("2026-06-17T12:00:00Z", "14:00"),
        ("2026-06-17T12:00:00+00:00", "14:00"),
        ("2026-06-17T14:00:00", "14:00"),
        ("2026-01-17T14:00:00", "14:00"),
        ("2026-06-17T09:30:00-07:00", "09:30"),
        ("2026-06-17T21:45:00+05:45", "21:45"),
        ("2026-01-17T12:00:00Z", "13:00"),
        (1781697600, "14:00"),
    ],
)
def test_the_clock_of_the_place_is_kept(value: object, clock: str) -> None:
    """A stamp with an offset keeps its own wall clock; one in UTC is on the user's at that date."""
    found = read_moment(value, BERLIN)

    assert found is not None
    assert f"{found.wall_clock(BERLIN):%H:%M}" == clock


@for_each(
    "value",
    [
        None,
        True,
        "",
        "soon",
        "0000-00-00",
        "2026-02-30",
        "1999-12-31T23:00:00Z",
        "2101-01-01",
        "9999-12-31T23:59:59-12:00",
        0,
        -1,
        float("nan"),
        float("inf"),
        10**400,
        1e300,
        [],
        {},
        "2026-06-17T12:00:00Z" * 9,
    ],
)
def test_other_values_are_no_moment(value: object) -> None:
    """Unreadable values and years outside 2000 to 2100 are none, and nothing raises."""
    assert read_moment(value, BERLIN) is None


def test_bare_date_is_a_whole_local_day() -> None:
    """A bare date is its first second, or its last one where it is a due date."""
    first, last = (read_moment("2026-06-17", BERLIN, end_of_date=end) for end in (False, True))

    assert first == Moment(datetime(2026, 6, 16, 22, 0, tzinfo=UTC), date_only=True)
    assert last == Moment(datetime(2026, 6, 17, 21, 59, 59, tzinfo=UTC), date_only=True)
    assert read_moment(date(2026, 6, 17), BERLIN) == first


@for_each("name", [None, "", "Nowhere/Else", "../etc/passwd", "America", "a\x00b", 7, "x" * 65])
def test_unknown_zones_are_none(name: object) -> None:
    """An unknown name gives no zone instead of raising."""
    assert read_zone(name) is None


@for_each(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Africa/Cairo", date(2026, 4, 24), 23),
        ("Asia/Kathmandu", date(2026, 4, 5), 24),
        ("Pacific/Apia", date(2011, 12, 29), 24),
    ],
)
def test_days_have_their_real_length(zone: str, day: date, hours: float) -> None:
    """From midnight to midnight a day has the hours that its clock changes leave it."""
    start, end = (start_of_day(day + timedelta(days=days), ZoneInfo(zone)) for days in (0, 1))

    assert end - start == timedelta(hours=hours)


@for_each(
    ("zone", "now", "midnight"),
    [
        ("Europe/Berlin", "2026-06-16T22:00:00Z", "2026-06-17T22:00:00Z"),
        ("Europe/Berlin", "2026-06-16T21:59:59Z", "2026-06-16T22:00:00Z"),
        ("Africa/Cairo", "2026-04-23T21:30:00Z", "2026-04-23T22:00:00Z"),
        ("America/Havana", "2026-11-01T03:30:00Z", "2026-11-01T04:00:00Z"),
    ],
)
def test_midnight_ends_the_local_day(zone: str, now: str, midnight: str) -> None:
    """The next midnight is where the local date changes, also where it is skipped or repeated."""
    clock = clock_at(datetime.fromisoformat(now), ZoneInfo(zone))
    at = datetime.fromisoformat(midnight)

    assert clock.midnight == at
    assert clock.local(at - timedelta(seconds=1)).date() == clock.today
    assert clock.local(at).date() == clock.today + timedelta(days=1)


def test_skipped_hour_moves_forward() -> None:
    """An hour that a clock change skips is shown by the gap's size later."""
    shown = wall_clock(date(2026, 3, 29), 2.5, BERLIN).astimezone(BERLIN)

    assert (shown.hour, shown.minute) == (3, 30)


def test_repeated_hour_is_the_first() -> None:
    """Of an hour that comes twice the first is meant."""
    assert wall_clock(date(2026, 10, 25), 2.5, BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_days_are_calendar_days() -> None:
    """One minute across midnight is a day, 23 hours within one day are none."""
    clock = clock_at(datetime(2026, 6, 17, 0, 1, tzinfo=BERLIN), BERLIN)

    assert clock.days_since(Moment(clock.now - timedelta(minutes=2))) == 1
    assert clock.days_since(Moment(clock.now + timedelta(hours=23))) == 0
    assert clock.days_since(Moment(clock.now + timedelta(hours=24))) == -1


@for_each(
    ("zone", "now", "change"),
    [
        ("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-03-29T01:00:00Z", None),
        ("Europe/Berlin", "2026-03-28T22:59:59Z", None),
        ("Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T14:00:00Z", "2026-04-04T15:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-03T14:00:00Z", "2026-10-03T15:30:00Z"),
        ("Asia/Kathmandu", "2026-03-29T00:00:00Z", None),
    ],
)
def test_offset_change_is_found_to_the_second(zone: str, now: str, change: str | None) -> None:
    """A clock change that is still to come before midnight is found to the second."""
    found = offset_change(clock_at(datetime.fromisoformat(now), ZoneInfo(zone)))

    assert found == (datetime.fromisoformat(change) if change else None)


@given(
    st.sampled_from(["Europe/Berlin", "Pacific/Apia", "America/New_York", "Asia/Kolkata", None]),
    st.sampled_from([NOON, datetime(2011, 12, 31, 9, 59, 59, tzinfo=UTC), datetime(2026, 3, 29, 0, 30, tzinfo=UTC)]),
    st.integers(-3, 30),
    st.timedeltas(timedelta(days=-5), timedelta(days=35)),
)
def test_days_are_compared_as_they_are_counted(zone: str | None, now: datetime, days: int, ago: timedelta) -> None:
    """Also around changes of the clock, and in the week in which Samoa left out a day."""
    clock, moment = clock_at(now, ZoneInfo(zone) if zone else None), Moment(now - ago)

    assert clock.is_days_ago(moment, days) == (clock.days_since(moment) >= days)
