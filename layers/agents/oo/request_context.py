"""Per-request context: the current time, the deadline, the trace, the zone of users who name none."""

from contextlib import suppress
from datetime import datetime, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from oo.deadline import Deadline
from oo.telemetry.spans import Trace


class RequestContext(NamedTuple):
    """One request or one record. `now` is aware; the operation reads no other clock.

    `default_zone` is the zone of users whose data name none; None where the service assumes none.
    """

    now: datetime
    deadline: Deadline
    trace: Trace
    default_zone: tzinfo | None = None


def local_moment(now_iso: datetime | None, timezone: str | None, context: RequestContext) -> datetime:
    """The moment that a body asks about, in the zone that it names."""
    moment = now_iso or context.now
    with suppress(KeyError, ValueError, OSError):
        return moment.astimezone(ZoneInfo(timezone)) if timezone else moment
    return moment
