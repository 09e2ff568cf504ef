"""Instants, local days and wall-clock boundaries.

Arithmetic happens in UTC: Python subtracts two aware datetimes of one zone as if daylight saving did not exist.
Local time is only ever looked at to find a date, an hour or a boundary.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from oo.snapshot.numbers import finite_number

# Clocks of clients run ahead a little; what is further in the future is an error in the data.
FUTURE_TOLERANCE = timedelta(minutes=5)
DAY = timedelta(days=1)
_MILLISECONDS_FROM = 1e11
_YEARS = range(2000, 2101)


class Moment(NamedTuple):
    """An instant in UTC, whole seconds; `date_only` when the source named a day without an hour."""

    at: datetime
    date_only: bool = False

    def day(self, zone: tzinfo) -> date:
        """The local date."""
        return self.at.astimezone(zone).date()


class Clock(NamedTuple):
    """The present: `now` in UTC (whole seconds), the user's zone, the local date and the midnight that ends it."""

    now: datetime
    zone: tzinfo
    today: date
    midnight: datetime

    def local(self, moment: datetime) -> datetime:
        """The same instant on the user's wall clock."""
        return moment.astimezone(self.zone)

    def days_since(self, moment: Moment) -> int:
        """Local calendar days from the moment's date to today; negative for a later date."""
        return (self.today - moment.day(self.zone)).days


def read_clock(now: datetime, timezone: object = None) -> Clock:
    """The clock in the named zone where the name is a valid one, else in the zone `now` came with."""
    zone = read_zone(timezone) or now.tzinfo or UTC
    instant = now.replace(tzinfo=zone) if now.tzinfo is None else now
    instant = instant.astimezone(UTC).replace(microsecond=0)
    today = instant.astimezone(zone).date()
    return Clock(instant, zone, today, start_of_day(today + DAY, zone))


def read_zone(name: object) -> ZoneInfo | None:
    """The IANA zone of that name; None for anything else."""
    if not isinstance(name, str) or not 0 < len(name) <= 64:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, a path outside the data, a directory of it
        return None


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """The first instant of a local day in UTC, also where a clock change skips or repeats midnight."""
    return wall_clock(day, 0, zone)


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The last whole second of a local day in UTC."""
    return start_of_day(day + DAY, zone) - timedelta(seconds=1)


def wall_clock(day: date, hours: float, zone: tzinfo) -> datetime:
    """The UTC instant at which a local day's clock shows `hours` (below 0 and above 24 reach into its neighbours).

    An hour that a clock change skips moves forward by the size of the gap; of a repeated one the first counts.
    """
    shown = datetime.combine(day, time()) + timedelta(hours=hours)
    return shown.replace(tzinfo=zone).astimezone(UTC)


def offset_change(clock: Clock) -> datetime | None:
    """The second, later today, from which the zone is so far from UTC as it is not now; None on most days.

    Zones publish no list of their changes, so the second is found by halving the rest of the day.
    """
    before, after = clock.now, clock.midnight
    offset = clock.local(before).utcoffset()
    if clock.local(after).utcoffset() == offset:
        return None
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if clock.local(middle).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def read_moment(value: object, assume: tzinfo, *, end_of_date: bool = False) -> Moment | None:
    """An instant from ISO 8601 text, a datetime, a date, or epoch seconds or milliseconds; None for anything else.

    What carries no zone is read in `assume`. A bare date is the first second of that local day, or the last one
    with `end_of_date`. Years outside 2000..2100 are errors in the data.
    """
    parsed = _parse(value)
    if parsed is None or parsed.year not in _YEARS:
        return None
    if not isinstance(parsed, datetime):
        at = end_of_day(parsed, assume) if end_of_date else start_of_day(parsed, assume)
        return Moment(at, date_only=True)
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=assume)
    # Reading stamps is most of what an agent does: no needless conversion, and `replace` takes three times as long.
    if parsed.tzinfo is not UTC:
        parsed = parsed.astimezone(UTC)
    return Moment(parsed - timedelta.resolution * parsed.microsecond if parsed.microsecond else parsed)


def _parse(value: object) -> datetime | date | None:
    if isinstance(value, date):  # a datetime is one, too
        return value
    try:
        if isinstance(value, str):
            text = value.strip() if len(value) <= 64 else ""
            return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
        number = finite_number(value)
        if number is None:
            return None
        seconds = number / 1000 if number > _MILLISECONDS_FROM else number
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def read_past_moment(row: Mapping[str, object], key: str, assume: tzinfo, latest: datetime) -> Moment | None:
    """The moment under a key unless it lies after `latest`."""
    moment = read_moment(row.get(key), assume)
    return moment if moment and moment.at <= latest else None
