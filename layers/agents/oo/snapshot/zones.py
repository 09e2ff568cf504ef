"""The zone of a user's days, and the zones that single rows name."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, tzinfo
from typing import NamedTuple

from oo.contract.zones import read_zone
from oo.snapshot.rows import UNREADABLE, Read, Row, RowPlan, Unreadable, first_readable, is_blank

Zone = tzinfo | Unreadable | None
"""The zone of a row's times, None where the row names none."""


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
