"""The user's hour and weekday in words, as far as they are known."""

from typing import NamedTuple

from oo.snapshot.clock import Clock

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYPARTS = ((5, "night"), (12, "morning"), (17, "afternoon"), (22, "evening"), (24, "night"))
"""Each with the hour at which it ends."""


def now_line(hour_of_day: object, day_of_week: object) -> str | None:
    """The clock line, such as "Now: Tuesday, morning (09h)"; None if neither is known.

    0 is Monday; a value out of range is unknown.
    """
    known = [part for part in (_weekday(day_of_week), _hour(hour_of_day)) if part]
    return f"Now: {', '.join(known)}" if known else None


class ToldClock(NamedTuple):
    """The user's hour and weekday, each None if unknown; `minute` is None if only the hour is known."""

    hour: int | None = None
    weekday: int | None = None
    minute: int | None = None

    def line(self) -> str | None:
        """The clock line, such as "Now: Thursday, morning, 09:10", without minutes "Now: Thursday, morning (09h)"."""
        if self.hour is None or self.minute is None:
            return now_line(self.hour, self.weekday)
        day, part = _weekday(self.weekday), _daypart(self.hour)
        return f"Now: {', '.join(known for known in (day, part) if known)}, {self.hour:02d}:{self.minute:02d}"


NO_CLOCK = ToldClock()
"""Nothing of the user's clock is known."""


def told_clock(
    hour_of_day: object, day_of_week: object, clock: Clock | None, *, gives_moment: bool, gives_zone: bool
) -> ToldClock:
    """The user's clock from the caller's values.

    A time in a known zone takes precedence over hour and weekday. Without it these two are used, and a given zone
    provides the absent one.
    """
    hour, day = whole(hour_of_day, 24), whole(day_of_week, len(WEEKDAYS))
    if clock is None or not clock.zone_known or not (gives_moment or gives_zone):
        return ToldClock(hour, day)
    local = clock.local(clock.now)
    if gives_moment:
        return ToldClock(local.hour, local.weekday(), local.minute)
    return ToldClock(local.hour if hour is None else hour, local.weekday() if day is None else day)


def whole(value: object, below: int) -> int | None:
    """The value as a whole number from 0 to `below` - 1, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < below:
        return None
    return int(value)


def _weekday(value: object) -> str | None:
    day = whole(value, len(WEEKDAYS))
    return None if day is None else WEEKDAYS[day]


def _hour(value: object) -> str | None:
    hour = whole(value, 24)
    if hour is None:
        return None
    return f"{_daypart(hour)} ({hour:02d}h)"


def _daypart(hour: int) -> str:
    return next(part for end, part in _DAYPARTS if hour < end)
