"""Dates that apps send as midnight: whole days, not the first instant of one.

Google Tasks and Microsoft To Do give a date as midnight in UTC, Apple and JavaScript as midnight in the user's zone.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from oo.snapshot.clock import Clock, Moment, end_of_day, start_of_day

_ALL_FROM_N = 3
_MOST_FROM_N = 10
_ONE_OTHER_IN = 10
"""Of at least 10 stamps, one in so many may be another time."""

Midnight = Literal["utc", "zone"]
"""Whose midnights are dates: UTC's, or those of the user's zone."""


def whose_midnight(moments: Sequence[Moment], clock: Clock) -> Midnight | None:
    """Whose midnights among the stamps of one field are dates; None where its stamps are instants.

    All of at least 3 stamps with a time, or 90% of at least 10, have to be midnights. Where no zone is known, one
    midnight in UTC is enough.
    """
    if not clock.zone_known:
        return "utc" if any(_is_midnight(moment.at) for moment in moments if not moment.date_only) else None
    of_utc = _other_times_n(moments, _is_midnight)
    if of_utc == 0:
        return "utc"
    of_zone = _other_times_n(moments, lambda at: _is_midnight(clock.local(at)))
    if of_zone is not None and (of_utc is None or of_zone < of_utc):
        return "zone"
    return None if of_utc is None else "utc"


def as_date(moment: Moment, whose: Midnight | None, clock: Clock, *, end_of_date: bool = False) -> Moment:
    """The moment as a day of the user where it is such a midnight, else as it is."""
    if whose is None or moment.date_only:
        return moment
    local = moment.at if whose == "utc" else clock.local(moment.at)
    if local.hour or local.minute or local.second:  # called for each stamp, of which nearly none is a midnight
        return moment
    day = local.date()
    return Moment(end_of_day(day, clock.zone) if end_of_date else start_of_day(day, clock.zone), date_only=True)


def _other_times_n(moments: Sequence[Moment], is_midnight: Callable[[datetime], bool]) -> int | None:
    """How many stamps with a time are no midnights; None where these are too many for dates."""
    timed_n = others_n = 0
    # Most users' stamps are instants: the first few of them show it.
    most = len(moments) // _ONE_OTHER_IN if len(moments) >= _MOST_FROM_N else 0
    for moment in moments:
        if not moment.date_only:
            timed_n += 1
            if not is_midnight(moment.at):
                others_n += 1
                if others_n > most:
                    return None
    if timed_n < _MOST_FROM_N:
        return others_n if timed_n >= _ALL_FROM_N and not others_n else None
    return others_n if others_n * _ONE_OTHER_IN <= timed_n else None


def _is_midnight(at: datetime) -> bool:
    return not (at.hour or at.minute or at.second)
