"""Daily windows of local time."""

from datetime import datetime

from oo.frozen import frozen
from oo.snapshot.clock import DAY, Clock, wall_clock


@frozen
class Window:
    """From `start` until just before `end`, both in UTC."""

    start: datetime
    end: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether the instant lies inside."""
        return self.start <= moment < self.end


def daily_window(clock: Clock, centre_h: float, length_h: float) -> Window:
    """The current window around a local hour, else the next one; it may cross midnight."""
    around = (clock.today + days * DAY for days in (-1, 0, 1))
    half_h = length_h / 2
    windows = (
        Window(wall_clock(day, centre_h - half_h, clock.zone), wall_clock(day, centre_h + half_h, clock.zone))
        for day in around
    )
    return next(window for window in windows if clock.now < window.end)
