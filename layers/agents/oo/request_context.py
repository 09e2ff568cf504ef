"""What every operation is given beside its request: the clock's reading, the time it may take, its trace."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from oo.deadline import Deadline
from oo.telemetry.spans import Trace


class RequestContext(NamedTuple):
    """One request or one record. `now` is aware; the operation reads no other clock."""

    now: datetime
    deadline: Deadline
    trace: Trace


def local_moment(now_iso: datetime | None, timezone: str | None, context: RequestContext) -> datetime:
    """The moment that a body asks about, in the zone that it names."""
    moment = now_iso or context.now
    return moment.astimezone(ZoneInfo(timezone)) if timezone else moment
