"""What every operation is given beside its request: the clock's reading, the time it may take, its trace."""

from dataclasses import dataclass
from datetime import datetime

from oo.deadline import Deadline
from oo.telemetry.spans import Trace


@dataclass(frozen=True, slots=True)
class Call:
    """One request or one record. `now` is aware; the operation reads no other clock."""

    now: datetime
    deadline: Deadline
    trace: Trace
