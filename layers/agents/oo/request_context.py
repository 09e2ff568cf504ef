"""Per-request context: the current time, the deadline, the trace, the zone of users who name none."""

from datetime import datetime, tzinfo
from typing import NamedTuple

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
