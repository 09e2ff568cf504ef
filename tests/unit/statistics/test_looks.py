"""The fixed looks at a history."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from oo.statistics.looks import MOST_LOOKS, seen_at, weekly_looks
from testing.for_each import for_each

FIRST = date(2026, 5, 1)
FRIDAY = date(2026, 6, 12)
MONDAY = date(2026, 6, 15)


def mondays(first: date, newest: date, asked: date | None) -> list[date]:
    return [look.monday for look in weekly_looks(first, newest, asked, UTC)]


@for_each(
    ("newest", "asked", "last"),
    [
        (FRIDAY, None, date(2026, 6, 8)),
        (FRIDAY, date(2026, 6, 14), date(2026, 6, 8)),
        (FRIDAY, MONDAY, MONDAY),
        (FRIDAY, date(2026, 6, 17), MONDAY),
        (FRIDAY, date(2027, 6, 17), MONDAY),
        (MONDAY, MONDAY, MONDAY),
        (MONDAY, None, MONDAY),
        (MONDAY, date(2027, 1, 1), date(2026, 6, 22)),
    ],
)
def test_the_last_look_is_the_newest_monday(newest: date, asked: date | None, last: date) -> None:
    """It is at most the day of the request, and includes all of the history at the latest."""
    assert mondays(FIRST, newest, asked)[-1] == last


def test_looks_are_all_mondays_after_the_first_day() -> None:
    """The first look is the first Monday that has a day of the history before it."""
    assert mondays(FIRST, FRIDAY, MONDAY) == [date(2026, 5, 4) + week * timedelta(weeks=1) for week in range(7)]
    assert mondays(MONDAY, MONDAY, MONDAY) == []


def test_half_a_year_of_looks_is_replayed() -> None:
    """Of a long history the newest 26 looks count."""
    found = mondays(date(2020, 1, 1), FRIDAY, MONDAY)

    assert (len(found), found[-1]) == (MOST_LOOKS, MONDAY)


@for_each("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "Australia/Lord_Howe"])
def test_a_look_is_at_midnight_of_the_zone(zone: str) -> None:
    """Completions of Sunday evening are seen, those of Monday morning are not."""
    local = ZoneInfo(zone)
    stamps = [datetime(2026, 6, 14, 23, 59, tzinfo=local), datetime(2026, 6, 15, 0, 0, tzinfo=local)]

    [(look, seen)] = seen_at(weekly_looks(date(2026, 6, 12), MONDAY, MONDAY, local), stamps)

    assert (look.monday, look.at, seen) == (MONDAY, stamps[1], 1)
