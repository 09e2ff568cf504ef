"""Instants, local days and boundaries of local time.

Arithmetic is in UTC: Python subtracts two aware datetimes of one zone as if daylight saving did not exist. Local time
is only used to find a date, an hour or a boundary.
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
    """An instant in UTC, whole seconds; `date_only` if the source gave a day without an hour.

    `ahead` is the local offset from UTC; None if the timestamp does not contain it, as in UTC itself, which is a
    notation.
    """

    at: datetime
    date_only: bool = False
    ahead: timedelta | None = None

    def same_time(self, other: "Moment | None") -> bool:
        """Whether this is the same instant or day, in any notation."""
        return other is not None and (self.at, self.date_only) == (other.at, other.date_only)

    def wall_clock(self, zone: tzinfo) -> datetime:
        """The local time of the moment by its own offset, else in the given zone."""
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
"""A moment from its fields: the class itself takes twice as long, and a user has thousands of timestamps."""


class Clock(NamedTuple):
    """The present: `now` in UTC (whole seconds), the user's zone, the local date and the midnight that ends it.

    If `zone_known` is False, the zone is unknown: days are counted in UTC, and only statements that are true in every
    zone are allowed.
    """

    now: datetime
    zone: tzinfo
    today: date
    midnight: datetime
    zone_known: bool = True

    @property
    def latest(self) -> datetime:
        """The latest time that counts as not in the future."""
        return self.now + FUTURE_TOLERANCE

    def local(self, moment: datetime) -> datetime:
        """The same instant in the user's zone."""
        return moment.astimezone(self.zone)

    def days_since(self, moment: Moment) -> int:
        """Local calendar days from the moment's date to today; negative for a later date."""
        return (self.today - moment.day(self.zone)).days

    def is_days_ago(self, moment: Moment, days: int) -> bool:
        """Whether at least that many local calendar days have passed since the moment's date."""
        # Most moments need no local date: one zone's offsets differ by a day at most, as in Samoa in 2011.
        passed = (self.now - moment.at).days
        return passed > days + 1 or (passed >= days - 2 and self.days_since(moment) >= days)

    def days_since_everywhere(self, moment: Moment) -> list[int]:
        """Local calendar days from the moment's date to today: minimum and maximum over the user's possible zones."""
        if self.zone_known:
            return [self.days_since(moment)]
        if moment.date_only:
            return sorted(each.days_since(moment.in_zone(each.zone)) for each in self.extremes())
        # Offsets of zones span more than a day, so an instant is at each hour of the day in one of them.
        days, rest = divmod(self.now - moment.at, DAY)
        return [days, days + 1] if rest else [days]

    def days_told_since(self, moment: Moment) -> int | None:
        """Local calendar days since the moment, for use in a statement; never below 0.

        In an unknown zone, results differ by a day: from a week on the days of UTC are used, and below it none.
        """
        days = max(0, self.days_since(moment))
        return days if self.zone_known or days >= _TOLD_FROM_D else None

    def extremes(self) -> tuple["Clock", ...]:
        """The clocks of the first and last possible zone of the user; one if the zone is known."""
        return (self,) if self.zone_known else _extremes(self.now)


LAST_ZONE = timezone(timedelta(hours=-12))
"""The zone in which a day ends last."""

FIRST_ZONE = timezone(timedelta(hours=14))
"""The zone in which a day begins first."""


def clock_at(now: datetime, zone: tzinfo | None) -> Clock:
    """The clock at an aware moment; a zone of None is unknown."""
    own = zone or UTC
    instant = now.astimezone(UTC).replace(microsecond=0)
    today = instant.astimezone(own).date()
    return Clock(instant, own, today, start_of_day(today + DAY, own), zone_known=zone is not None)


@lru_cache(maxsize=4)
def _extremes(now: datetime) -> tuple[Clock, ...]:
    return tuple(clock_at(now, zone) for zone in (LAST_ZONE, FIRST_ZONE))


@lru_cache(maxsize=1024)  # thousands of dates are of a few hundred days
def start_of_day(day: date, zone: tzinfo) -> datetime:
    """The first instant of a local day in UTC, even if a clock change skips or repeats midnight."""
    return wall_clock(day, 0, zone)


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The last whole second of a local day in UTC."""
    return start_of_day(day + DAY, zone) - timedelta(seconds=1)


def wall_clock(day: date, hours: float, zone: tzinfo) -> datetime:
    """The UTC instant at which a local day's clock shows `hours` (below 0 and above 24 reach into its neighbours).

    An hour that a clock change skips moves forward by the size of the gap; of a repeated one the first is used.
    """
    shown = datetime.combine(day, time()) + timedelta(hours=hours)
    return shown.replace(tzinfo=zone).astimezone(UTC)


def offset_change(clock: Clock) -> datetime | None:
    """When the UTC offset changes later today (a DST switch), or None.

    Zones publish no list of their changes, so the second is found by bisection of the rest of the day.
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
