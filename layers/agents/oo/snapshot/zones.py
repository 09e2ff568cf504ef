"""Time zones by their names, as apps write them."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from oo.snapshot.rows import UNREADABLE, Read, Row, RowPlan, Unreadable, first_readable, is_blank

Zone = tzinfo | Unreadable | None
"""The zone of a row's times, None where the row names none."""

LONGEST_ZONE_NAME = 64
_GREATEST_OFFSET_MIN = 14 * 60
_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+-])(\d{1,2})(?::?(\d{2}))?", re.ASCII | re.IGNORECASE)
_UTC_NAMES = frozenset({"utc", "gmt", "z"})
_NO_ZONES = ("localtime", "posixrules", "factory", "posix/", "right/")
"""Beginnings of names that the system's data holds beside zones: its own clock, and clocks with leap seconds."""


def read_zone(name: object) -> tzinfo | None:
    """The zone of an IANA name in any case, or of an offset as `+02:00`, `+0200`, `UTC+2`; None for anything else."""
    if not isinstance(name, str) or len(name) > LONGEST_ZONE_NAME:
        return None
    text = name.strip()
    return _zone(text) if text else None


class UserZone(NamedTuple):
    """The zone of a user's days; None where nobody has told it. `assumed` names the default that stands in for it."""

    zone: tzinfo | None
    is_unreadable: bool = False
    assumed: str | None = None


def user_zone(timezone: object, now: datetime, default: tzinfo | None = None) -> UserZone:
    """The zone that a request names, else that of its moment's offset, else the default of the service.

    `Z` is a notation of a moment, not a zone. A name that cannot be read is unknown: the default is a guess about
    users of whom nothing is said.
    """
    named = read_zone(timezone)
    if named is not None:
        return UserZone(named)
    is_unreadable = not is_blank(timezone)
    if now.utcoffset():
        return UserZone(now.tzinfo, is_unreadable)
    if default is None or is_unreadable:
        return UserZone(None, is_unreadable)
    return UserZone(default, assumed=str(default))


class ZonedReaders:
    """The readers of a list by key. Those of times without a zone depend on the zone that their row names."""

    def __init__(self, readers: Callable[[Zone], Mapping[str, Read]]) -> None:
        self._readers = readers
        self._usual = readers(None)
        self._by_zone: dict[Zone, Mapping[str, Read]] = {None: self._usual}

    def of(self, row: Row, plan: RowPlan) -> Mapping[str, Read]:
        """The readers for a row."""
        if "timezone" not in plan.flags:
            return self._usual
        zone = _row_zone(row, plan.flags["timezone"])
        if zone not in self._by_zone:
            self._by_zone[zone] = self._readers(zone)
        return self._by_zone[zone]


def _row_zone(row: Row, keys: Iterable[str]) -> Zone:
    given = [row[key] for key in keys if not is_blank(row[key])]
    return first_readable(read_zone(each) or UNREADABLE for each in given)


@lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo | None:
    folded = name.casefold()
    if folded in _UTC_NAMES:
        return UTC
    if folded.startswith(_NO_ZONES):
        return None
    return _iana(name) or _fixed(name) or _iana(_listed().get(folded, ""))


def _iana(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):  # unknown, a path outside the data, a directory of it
        return None


def _fixed(name: str) -> timezone | None:
    found = _OFFSET.fullmatch(name)
    if not found:
        return None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    if minutes > _GREATEST_OFFSET_MIN or int(found[3] or 0) > 59:
        return None
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))


@lru_cache(maxsize=1)
def _listed() -> dict[str, str]:
    """The names of all zones by their case-folded form; read from disk once, and only for a name in another case."""
    return {name.casefold(): name for name in available_timezones()}
