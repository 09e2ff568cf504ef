"""Dates that apps send as midnight: whole days, not the first instant of one.

Google Tasks and Microsoft To Do give a date as midnight in UTC, Apple and JavaScript as midnight in the user's zone.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import Literal

from oo.snapshot.clock import Clock, Moment, end_of_day, start_of_day

_ALL_FROM_N = 3
_MOST_FROM_N = 10
_MOST_SHARE = 0.9

Midnight = Literal["utc", "zone"]
"""Whose midnights are dates: UTC's, or those of the user's zone."""


def whose_midnight(moments: Iterable[Moment], clock: Clock) -> Midnight | None:
    """Whose midnights among the stamps of one field are dates; None where its stamps are instants.

    All of at least 3 stamps with a time, or 90% of at least 10, have to be midnights. Where no zone is known, one
    midnight in UTC is enough.
    """
    timed = [moment.at for moment in moments if not moment.date_only]
    if not timed:
        return None
    if _are_midnights(timed, UTC):
        return "utc"
    if clock.zone_known and _are_midnights(timed, clock.zone):
        return "zone"
    return "utc" if not clock.zone_known and any(map(_is_utc_midnight, timed)) else None


def as_date(moment: Moment, whose: Midnight | None, clock: Clock, *, end_of_date: bool = False) -> Moment:
    """The moment as a day of the user where it is such a midnight, else as it is."""
    if whose is None or moment.date_only:
        return moment
    local = moment.at if whose == "utc" else moment.at.astimezone(clock.zone)
    if local.hour or local.minute or local.second:
        return moment
    day = local.date()
    return Moment(end_of_day(day, clock.zone) if end_of_date else start_of_day(day, clock.zone), date_only=True)


def _are_midnights(timed: list[datetime], zone: tzinfo) -> bool:
    if len(timed) < _ALL_FROM_N:
        return False
    may_miss = 0 if len(timed) < _MOST_FROM_N else len(timed) - _MOST_SHARE * len(timed)
    missed = 0
    for at in timed:
        if not _is_midnight(at, zone):
            missed += 1
            # Most users' stamps are instants: a few of them show it.
            if missed > may_miss:
                return False
    return True


def _is_midnight(at: datetime, zone: tzinfo) -> bool:
    if zone is UTC:
        return _is_utc_midnight(at)
    # Offsets are whole quarters of an hour, so no other instant can be midnight anywhere.
    if at.second or at.minute % 15:
        return False
    local = at.astimezone(zone)
    return not (local.hour or local.minute)


def _is_utc_midnight(at: datetime) -> bool:
    return not (at.hour or at.minute or at.second)
