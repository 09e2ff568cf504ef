"""The working hours that a user set, and the remaining capacity in them."""

from datetime import datetime

from oo.frozen import frozen
from oo.snapshot.clock import DAY, Clock, wall_clock
from oo.snapshot.numbers import clamp


@frozen
class WorkingDay:
    """From `start` until just before `end`, both in UTC."""

    start: datetime
    end: datetime


@frozen
class Capacity:
    """The capacity of a day in minutes, used up evenly within the working hours if these are set."""

    minutes: float
    day: WorkingDay | None

    def left_min(self, moment: datetime) -> float:
        """Minutes left at an instant; all of them without working hours."""
        if self.day is None:
            return self.minutes
        return self.minutes * clamp((self.day.end - moment) / (self.day.end - self.day.start), 0, 1)

    def falls_to(self, minutes: float) -> datetime | None:
        """The instant at which `minutes`, at most the capacity, are left; None without working hours."""
        if self.day is None:
            return None
        return self.day.end - (self.day.end - self.day.start) * (minutes / self.minutes)


def working_day(clock: Clock, start_h: float | None, end_h: float | None) -> WorkingDay | None:
    """The current working hours, else those that start today.

    None if they are not set, or start where they end. Hours that end before they start cross midnight.
    """
    if start_h is None or end_h is None or start_h == end_h:
        return None
    length_h = (end_h - start_h) % 24 or 24
    days = (clock.today - DAY, clock.today) if end_h < start_h else (clock.today,)
    windows = [
        WorkingDay(wall_clock(day, start_h, clock.zone), wall_clock(day, start_h + length_h, clock.zone))
        for day in days
    ]
    return next((window for window in windows if window.start <= clock.now < window.end), windows[-1])
