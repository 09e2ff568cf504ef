"""Words for times and counts; each comes with the instant until which it is true."""

from datetime import datetime, timedelta
from typing import NamedTuple

from oo.snapshot.clock import Clock, Moment

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOUR = timedelta(hours=1)
_LONGEST_IN_HOURS = 12 * _HOUR


class Phrase(NamedTuple):
    """A piece of wording, true until local midnight and before `holds_until`, whichever comes first."""

    text: str
    holds_until: datetime | None = None


def when_phrase(due: Moment, clock: Clock) -> Phrase:
    """When something is due, such as "in about 5 h" or "on Thursday"; a bare date never gets an hour."""
    if clock.now > due.at:
        return Phrase("past its date")
    left = due.at - clock.now
    if due.date_only or left > _LONGEST_IN_HOURS:
        return _day_phrase(due, clock)
    if left < _HOUR:
        return Phrase("within the hour", due.at)
    hours = int(left / _HOUR + 0.5)
    lower_edge = max((hours - 0.5) * _HOUR, _HOUR)
    return Phrase(f"in about {hours} h", due.at - lower_edge)


def _day_phrase(due: Moment, clock: Clock) -> Phrase:
    days = -clock.days_since(due)
    hours_begin = None if due.date_only else due.at - _LONGEST_IN_HOURS
    if days == 0:
        by_hour = "" if due.date_only else f" by {clock.local(due.at):%H:%M}"
        return Phrase(f"today{by_hour}", hours_begin)
    if days == 1:
        return Phrase("tomorrow", hours_begin)
    if days < 7:
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
