"""Time zones by their names, as apps write them."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from oo.snapshot.rows import is_blank

LONGEST_ZONE_NAME = 64
_GREATEST_OFFSET_MIN = 14 * 60
_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_UTC_NAMES = frozenset({"utc", "gmt", "z"})


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


@lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo | None:
    if name.casefold() in _UTC_NAMES:
        return UTC
    return _iana(name) or _fixed(name) or _iana(_listed().get(name.casefold(), ""))


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
