"""The user's working hours today and how much of the day's capacity is left in them."""

from dataclasses import dataclass
from datetime import datetime

from oo.snapshot.clock import Clock, wall_clock
from oo.snapshot.numbers import clamp

DEFAULT_HOURS = (9, 18)


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """Capacity in minutes, used up evenly between `start` and `end` (UTC)."""

    start: datetime
    end: datetime
    capacity_min: float

    def left_min(self, moment: datetime) -> float:
        """The capacity that is left at an instant."""
        return self.capacity_min * clamp((self.end - moment) / (self.end - self.start), 0, 1)

    def falls_to(self, minutes: float) -> datetime:
        """The instant at which so much of the capacity is left, for minutes up to the capacity."""
        return self.end - (self.end - self.start) * (minutes / self.capacity_min)


def working_day(clock: Clock, start_h: float, end_h: float, capacity_min: float) -> WorkingDay:
    """Today's working hours from the wall clock; the default hours where the end is not after the start."""
    if end_h <= start_h:
        start_h, end_h = DEFAULT_HOURS
    start, end = (wall_clock(clock.today, hour, clock.zone) for hour in (start_h, end_h))
    return WorkingDay(start, end, capacity_min)
