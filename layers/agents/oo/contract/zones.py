"""Time zones by the names that apps use."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from oo.contract.limits import MAX_ZONE_CHARACTERS

_GREATEST_OFFSET_MIN = 14 * 60
_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+-])(\d{1,2})(?::?(\d{2}))?", re.ASCII | re.IGNORECASE)
_UTC_NAMES = frozenset({"utc", "gmt", "z"})
_NO_ZONES = ("localtime", "posixrules", "factory", "posix/", "right/")
"""Prefixes of names in the system's data that are not zones: its own clock, and clocks with leap seconds."""


def read_zone(name: object) -> tzinfo | None:
    """The zone of an IANA name in any case, or of an offset such as `+02:00`, `+0200`, `UTC+2`; else None."""
    if not isinstance(name, str) or len(name) > MAX_ZONE_CHARACTERS:
        return None
    text = name.strip()
    return _zone(text) if text else None


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
