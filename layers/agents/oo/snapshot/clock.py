"""Instants, local days and wall-clock boundaries.

Arithmetic happens in UTC: Python subtracts two aware datetimes of one zone as if daylight saving did not exist.
Local time is only ever looked at to find a date, an hour or a boundary.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache, partial
from typing import NamedTuple

# Clocks of clients run ahead a little; a time further in the future is an error in the data.
FUTURE_TOLERANCE = timedelta(minutes=5)
DAY = timedelta(days=1)
_TOLD_FROM_D = 7


class Moment(NamedTuple):
    """An instant in UTC, whole seconds; `date_only` when the source named a day without an hour.

    `ahead` is how far the clock of the place was ahead of UTC; None where the stamp does not tell, as in UTC itself,
    which is a notation.
    """

    at: datetime
    date_only: bool = False
    ahead: timedelta | None = None

    def same_time(self, other: "Moment | None") -> bool:
        """Whether this is the same instant or day, wherever it was written down."""
        return other is not None and (self.at, self.date_only) == (other.at, other.date_only)

    def wall_clock(self, zone: tzinfo) -> datetime:
        """The clock of the place at that instant, else that of the zone."""
        return self.at.astimezone(zone) if self.ahead is None else self.at + self.ahead

    def day(self, zone: tzinfo) -> date:
        """The local date."""
        return self.at.astimezone(zone).date()

    def in_zone(self, zone: tzinfo) -> "Moment":
        """The moment in an unknown zone: a bare date, read in UTC, is that day there."""
        if not self.date_only or zone is UTC:
            return self
        day = self.at.date()
        is_end = self.at.hour > 0
        return Moment(end_of_day(day, zone) if is_end else start_of_day(day, zone), date_only=True)


new_moment: Callable[[tuple[datetime, bool, timedelta | None]], Moment] = partial(tuple.__new__, Moment)
"""A moment out of its fields: the class by itself takes twice as long, and a user has thousands of stamps."""


class Clock(NamedTuple):
    """The present: `now` in UTC (whole seconds), the user's zone, the local date and the midnight that ends it.

    Where `zone_known` is False, the zone is unknown: days are counted in UTC, and only statements that hold in every
    zone are allowed.
    """

    now: datetime
    zone: tzinfo
    today: date
    midnight: datetime
    zone_known: bool = True

    @property
    def latest(self) -> datetime:
        """The latest time that is not in the future."""
        return self.now + FUTURE_TOLERANCE

    def local(self, moment: datetime) -> datetime:
        """The same instant on the user's wall clock."""
        return moment.astimezone(self.zone)

    def days_since(self, moment: Moment) -> int:
        """Local calendar days from the moment's date to today; negative for a later date."""
        return (self.today - moment.day(self.zone)).days

    def days_since_everywhere(self, moment: Moment) -> list[int]:
        """Local calendar days from the moment's date to today: the fewest and the most of all zones of the user."""
        if self.zone_known:
            return [self.days_since(moment)]
        if moment.date_only:
            return sorted(each.days_since(moment.in_zone(each.zone)) for each in self.extremes())
        # Zones lie more than a day apart, so an instant is at each hour of the day in one of them.
        days, rest = divmod(self.now - moment.at, DAY)
        return [days, days + 1] if rest else [days]

    def days_told_since(self, moment: Moment) -> int | None:
        """Local calendar days since the moment as they may be said; never below 0.

        Where no zone is known, zones differ by a day: days of UTC say an age from a week on, and below it none.
        """
        days = max(0, self.days_since(moment))
        return days if self.zone_known or days >= _TOLD_FROM_D else None

    def extremes(self) -> tuple["Clock", ...]:
        """The clocks of all zones that the user may live in, by the first and the last: one where the zone is known."""
        return (self,) if self.zone_known else _extremes(self.now)


LAST_ZONE = timezone(timedelta(hours=-12))
"""Where a day ends last."""

FIRST_ZONE = timezone(timedelta(hours=14))
"""Where a day begins first."""


def clock_at(now: datetime, zone: tzinfo | None) -> Clock:
    """The clock at an aware moment; a zone that is None is not known."""
    own = zone or UTC
    instant = now.astimezone(UTC).replace(microsecond=0)
    today = instant.astimezone(own).date()
    return Clock(instant, own, today, start_of_day(today + DAY, own), zone_known=zone is not None)


@lru_cache(maxsize=4)
def _extremes(now: datetime) -> tuple[Clock, ...]:
    return tuple(clock_at(now, zone) for zone in (LAST_ZONE, FIRST_ZONE))


@lru_cache(maxsize=1024)  # thousands of dates are of a few hundred days
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
