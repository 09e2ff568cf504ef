"""The user's hour and weekday in words; what the caller left out is not said."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYPARTS = ((5, "night"), (12, "morning"), (17, "afternoon"), (22, "evening"), (24, "night"))
"""Each with the hour at which it ends."""


def now_line(hour_of_day: object, day_of_week: object) -> str | None:
    """Such as "Now: Tuesday, morning (09h)"; None where neither is known. 0 is Monday; out of range is unknown."""
    known = [part for part in (_weekday(day_of_week), _hour(hour_of_day)) if part]
    return f"Now: {', '.join(known)}" if known else None


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
    return f"{next(part for end, part in _DAYPARTS if hour < end)} ({hour:02d}h)"
