"""When midnights of a field are dates."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from oo.snapshot.all_day import Midnight, as_date, whose_midnight
from oo.snapshot.clock import Clock, Moment, clock_at
from testing.for_each import for_each

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)
LOS_ANGELES = clock_at(NOW, ZoneInfo("America/Los_Angeles"))
LONDON = clock_at(NOW, ZoneInfo("Europe/London"))
IN_UTC = clock_at(NOW, UTC)
NO_ZONE = clock_at(NOW, None)
DAY = timedelta(days=1)


def days(number: int, *, first: datetime = datetime(2026, 3, 1, tzinfo=UTC)) -> list[Moment]:
    """Instants a day apart, midnights in UTC or at the time of the first."""
    return [Moment(first + place * DAY) for place in range(number)]


PACIFIC = datetime(2026, 2, 1, 8, tzinfo=UTC)
"""Midnight in Los Angeles, in winter."""

_OTHER = [Moment(datetime(2026, 3, 5, 17, 30, tzinfo=UTC))]
_DATES = [Moment(datetime(2026, 3, 5, 8, tzinfo=UTC), date_only=True)] * 20
_Case = tuple[Sequence[Moment], Clock, Midnight | None]
CASES: list[_Case] = [
    ([], LOS_ANGELES, None),
    (days(1), LOS_ANGELES, None),
    (days(2), LOS_ANGELES, None),
    (days(3), LOS_ANGELES, "utc"),
    (days(2) + _DATES, LOS_ANGELES, None),
    (days(3) + _DATES, LOS_ANGELES, "utc"),
    (_DATES, LOS_ANGELES, None),
    (days(8) + _OTHER, LOS_ANGELES, None),
    (days(9) + _OTHER, LOS_ANGELES, "utc"),
    (days(9) + _OTHER + _DATES, LOS_ANGELES, "utc"),
    (days(8) + _OTHER + _DATES, LOS_ANGELES, None),
    (days(17) + 2 * _OTHER, LOS_ANGELES, None),
    (days(18) + 2 * _OTHER, LOS_ANGELES, "utc"),
    (days(63) + 7 * _OTHER, LOS_ANGELES, "utc"),
    (days(62) + 8 * _OTHER, LOS_ANGELES, None),
    (days(3, first=PACIFIC), LOS_ANGELES, "zone"),
    (days(2, first=PACIFIC), LOS_ANGELES, None),
    (days(18, first=PACIFIC) + 2 * _OTHER, LOS_ANGELES, "zone"),
    (days(2) + days(2, first=PACIFIC), LOS_ANGELES, None),
    (days(3, first=PACIFIC), NO_ZONE, None),
    (days(3, first=PACIFIC), IN_UTC, None),
    (days(3), IN_UTC, "utc"),
    (days(2), IN_UTC, None),
    (days(1), NO_ZONE, "utc"),
    (days(1) + 9 * _OTHER, NO_ZONE, "utc"),
    (9 * _OTHER, NO_ZONE, None),
    ([*_DATES, Moment(datetime(2026, 3, 5, 0, 0, 1, tzinfo=UTC))], NO_ZONE, None),
]


@for_each("case", CASES)
def test_three_or_nine_in_ten_midnights_are_dates(case: _Case) -> None:
    """All of at least 3, or 90% of at least 10, of the stamps with a time; one where no zone is known."""
    moments, clock, expected = case

    assert whose_midnight(moments, clock) == expected
    assert whose_midnight([*reversed(moments)], clock) == expected


def test_midnights_of_a_zone_follow_its_clock_changes() -> None:
    """In London, midnight is that of UTC in winter, and an hour before it in summer."""
    summer = days(5, first=datetime(2026, 6, 1, 23, tzinfo=UTC))

    assert whose_midnight(days(5) + summer, LONDON) == "zone"
    assert whose_midnight(days(20) + summer[:2], LONDON) == "zone"
    assert whose_midnight(days(5), LONDON) == "utc"


def test_a_midnight_becomes_the_users_day() -> None:
    """The date in UTC, or in the zone, from its first second or to its last one there."""
    midnight, pacific = Moment(datetime(2026, 3, 12, tzinfo=UTC)), Moment(datetime(2026, 3, 12, 7, tzinfo=UTC))
    day = Moment(datetime(2026, 3, 12, 7, tzinfo=UTC), date_only=True)

    assert as_date(midnight, "utc", LOS_ANGELES) == day
    assert as_date(pacific, "zone", LOS_ANGELES) == day
    assert as_date(midnight, "utc", LOS_ANGELES, end_of_date=True).at == day.at + DAY - timedelta(seconds=1)
    assert as_date(midnight, "utc", NO_ZONE) == midnight._replace(date_only=True)


@for_each("whose", ["utc", "zone", None])
def test_other_times_and_dates_stay(whose: Midnight | None) -> None:
    for moment in (*_OTHER, *_DATES[:1], Moment(datetime(2026, 3, 12, 0, 0, 1, tzinfo=UTC))):
        assert as_date(moment, whose, LOS_ANGELES) == moment


@given(st.lists(st.sampled_from([*days(4), *days(4, first=PACIFIC), *_OTHER, *_DATES[:1]]), max_size=40))
def test_the_rule_is_one_of_counts(moments: list[Moment]) -> None:
    timed = [moment.at for moment in moments if not moment.date_only]
    midnights_n = sum(at.hour == 0 for at in timed)
    pacific_n = sum(at.hour == 8 for at in timed)

    def is_enough(number: int) -> bool:
        return (len(timed) >= 3 and number == len(timed)) or (len(timed) >= 10 and number >= 0.9 * len(timed))

    expected = "utc" if is_enough(midnights_n) else "zone" if is_enough(pacific_n) else None
    assert whose_midnight(moments, LOS_ANGELES) == expected
