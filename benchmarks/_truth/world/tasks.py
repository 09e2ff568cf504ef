"""A planted task with its history."""

from datetime import datetime, timedelta
from typing import NamedTuple

HIGH = 3
"""The priority from which a task is of high priority, on the scale from 1 to 4."""


class Due(NamedTuple):
    """A due date of a task, with the time at which it was set; a bare date is due at the last second of its day."""

    set_at: datetime
    at: datetime
    is_bare: bool


class PlantedTask(NamedTuple):
    """A task; `done` has several times only if it recurs. `waits` are the start and end of its wait."""

    id: str
    title: str
    list_id: str
    created: datetime
    dues: tuple[Due, ...] = ()
    done: tuple[datetime, ...] = ()
    priority: int | None = None
    estimate_min: int | None = None
    recurs: bool = False
    says_recurrence: bool = False
    waits: tuple[datetime, datetime] | None = None
    waiting_word: str = ""

    def is_open(self, now: datetime) -> bool:
        """Whether it exists and is not done; a recurring one is always open."""
        return self.created <= now and (self.recurs or not self.done or self.done[0] > now)

    def is_waiting(self, now: datetime) -> bool:
        """Whether it waits for another person."""
        return self.waits is not None and self.waits[0] <= now < self.waits[1]

    def due(self, now: datetime) -> Due | None:
        """Its due date at a given time."""
        known = [due for due in self.dues if due.set_at <= now]
        return known[-1] if known else None

    def earlier_dues(self, now: datetime) -> tuple[Due, ...]:
        """Its earlier dates at a given time, oldest first; none for a recurring one, whose dates were not moved."""
        return () if self.recurs else tuple(due for due in self.dues if due.set_at <= now)[:-1]

    def moves_n(self, now: datetime) -> int:
        """The number of moves of its date."""
        return len(self.earlier_dues(now))

    def is_late(self, now: datetime) -> bool | None:
        """Whether it missed its first date; None while that is undecided, or without a date."""
        if not self.dues or self.recurs:
            return None
        first = self.dues[0].at
        if self.done and self.done[0] <= now:
            return self.done[0] > first
        return True if now > first else None

    def days_late(self) -> float | None:
        """Days from its first date to done."""
        if not self.dues or not self.done or self.recurs:
            return None
        return (self.done[0] - self.dues[0].at) / timedelta(days=1)
