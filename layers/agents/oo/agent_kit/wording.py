"""Words for times and counts, each with the instant until which it is true."""

from datetime import datetime, timedelta
from typing import NamedTuple

from oo.snapshot.clock import DAY, Clock, Moment

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOUR = timedelta(hours=1)
_LONGEST_IN_HOURS = 12 * _HOUR
_LONGEST_IN_HOURS_EVERYWHERE = 48 * _HOUR
_WEEK_D = 7


class Phrase(NamedTuple):
    """A phrase, true until local midnight or `holds_until`, whichever comes first."""

    text: str
    holds_until: datetime | None = None


def when_phrase(due: Moment, clock: Clock) -> Phrase | None:
    """The due time of a task in words, such as "in about 5 h" or "on Thursday"; a bare date has no hour.

    A task is past its time after its hour on its own day, and past its date from the next local day on. In an unknown
    zone, only a phrase that is true in every zone is given; None if there is none.
    """
    if clock.zone_known:
        return _local_phrase(due, clock)
    if not due.date_only:
        return _time_left(due, clock)
    everywhere = [(_local_phrase(due.in_zone(each.zone), each), each) for each in clock.extremes()]
    if len({phrase.text for phrase, _ in everywhere}) == 1:
        ends = [end for phrase, each in everywhere for end in (phrase.holds_until, each.midnight) if end]
        return Phrase(everywhere[0][0].text, min(ends))
    return _day_of_week(due, clock)


def _local_phrase(due: Moment, clock: Clock) -> Phrase:
    if clock.now > due.at:
        if clock.days_since(due) > 0 or due.date_only:
            return Phrase("past its date")
        return Phrase(f"past its time today ({clock.local(due.at):%H:%M})")
    left = due.at - clock.now
    if due.date_only or left > _LONGEST_IN_HOURS:
        return _day_phrase(due, clock)
    return _hours_phrase(due, left)


def _hours_phrase(due: Moment, left: timedelta) -> Phrase:
    if left < _HOUR:
        return Phrase("within the hour", due.at)
    hours = int(left / _HOUR + 0.5)
    lower_edge = max((hours - 0.5) * _HOUR, _HOUR)
    return Phrase(f"in about {hours} h", due.at - lower_edge)


def _time_left(due: Moment, clock: Clock) -> Phrase:
    """The duration until an instant, which is the same in every zone."""
    left = due.at - clock.now
    if left < timedelta():
        days = -left // DAY
        return Phrase("past its date" if days else "past its time", due.at + (days + 1) * DAY)
    if left <= _LONGEST_IN_HOURS_EVERYWHERE:
        return _hours_phrase(due, left)
    days = int(left / DAY + 0.5)
    return Phrase(f"in about {days} days", due.at - (days - 0.5) * DAY)


def _day_of_week(due: Moment, clock: Clock) -> Phrase | None:
    """The weekday of a bare date that has not passed in any zone, or None. It is at most six days ahead in all."""
    days = [(due.in_zone(each.zone).at, -each.days_since(due.in_zone(each.zone)), each) for each in clock.extremes()]
    if any(at < clock.now or ahead >= _WEEK_D for at, ahead, _ in days):
        return None
    return Phrase(f"on {_WEEKDAYS[due.at.weekday()]}", min(each.midnight for _, _, each in days))


def _day_phrase(due: Moment, clock: Clock) -> Phrase:
    days = -clock.days_since(due)
    hours_begin = None if due.date_only else due.at - _LONGEST_IN_HOURS
    if days == 0:
        by_hour = "" if due.date_only else f" by {clock.local(due.at):%H:%M}"
        return Phrase(f"today{by_hour}", hours_begin)
    if days == 1:
        return Phrase("tomorrow", hours_begin)
    if days < _WEEK_D:
        return Phrase(f"on {_WEEKDAYS[due.day(clock.zone).weekday()]}")
    return Phrase(f"in {days} days")


def hour_phrase(hour: float) -> str:
    """An hour of the day as a clock shows it, such as "09:00" or "14:45"."""
    hours, minutes = divmod(round(hour * 60) % (24 * 60), 60)
    return f"{hours:02}:{minutes:02}"


def counted(number: int, noun: str) -> str:
    """A count with its noun, such as "1 day" or "3 days"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def half_hours(minutes: float) -> int:
    """Minutes rounded to half hours, halves up."""
    return int(minutes / 30 + 0.5)


def about_hours(minutes: float) -> str:
    """Minutes as hours rounded to .5 h; below a quarter of an hour no figure is given."""
    halves = half_hours(minutes)
    return f"about {halves / 2:g} h" if halves else "under half an hour"


def minutes_phrase(minutes: float) -> str:
    """Minutes without a needless fraction, such as "5 min" or "7.5 min"."""
    return f"{round(minutes, 1):g} min" if minutes >= 1 else "under 1 min"
