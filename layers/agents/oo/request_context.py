"""Per-request context: current time, deadline, trace, and the default time zone."""

from datetime import datetime, tzinfo
from typing import NamedTuple

from oo.deadline import Deadline
from oo.telemetry.spans import Trace


class RequestContext(NamedTuple):
    """One request or one record.

    `now` is aware; the operation reads no other clock. `default_zone` is the zone of users whose data contain none;
    None if the service assumes none.
    """

    now: datetime
    deadline: Deadline
    trace: Trace
    default_zone: tzinfo | None = None
