"""The time zone of a user's days."""

from datetime import datetime, tzinfo
from typing import NamedTuple

from oo.contract.zones import read_zone
from oo.snapshot.rows import is_blank


class UserZone(NamedTuple):
    """The zone of a user's days; None if unknown. `assumed` names the default that was used instead."""

    zone: tzinfo | None
    is_unreadable: bool = False
    assumed: str | None = None


def user_zone(timezone: object, now: datetime, default: tzinfo | None = None) -> UserZone:
    """The request's zone, else that of its time's offset, else the service's default.

    `Z` is a notation, not a zone. A name that cannot be read is unknown: the default applies only to users without any
    zone.
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
