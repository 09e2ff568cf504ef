"""The working hours that a user set, and how much of the day's capacity is left in them."""

from dataclasses import dataclass
from datetime import datetime

from oo.snapshot.clock import DAY, Clock, wall_clock
from oo.snapshot.numbers import clamp


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """From `start` until just before `end`, both in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Capacity:
    """The minutes of a day, used up evenly within the working hours where these are set."""

    minutes: float
    day: WorkingDay | None

    def left_min(self, moment: datetime) -> float:
        """Minutes left at an instant; all of them where no hours are set."""
        if self.day is None:
            return self.minutes
        return self.minutes * clamp((self.day.end - moment) / (self.day.end - self.day.start), 0, 1)

    def falls_to(self, minutes: float) -> datetime | None:
        """The instant at which so much is left, for minutes up to all of it; None where no hours are set."""
        if self.day is None:
            return None
        return self.day.end - (self.day.end - self.day.start) * (minutes / self.minutes)


def working_day(clock: Clock, start_h: float | None, end_h: float | None) -> WorkingDay | None:
    """The hours that hold now, else those that start today; None where they are not set, or start where they end.

    Hours that end before they start reach over midnight.
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
