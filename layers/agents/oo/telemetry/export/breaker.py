"""A circuit breaker for exporters: no attempt for a while after a failure."""

from collections.abc import Callable

OPEN_S = 60.0


class Breaker:
    """Open from a failure on for `open_s`.

    `wall_clock` is in epoch seconds: other clocks stop during a freeze. A wall clock that was set back closes it, since
    the time since the failure is unknown then.
    """

    def __init__(self, wall_clock: Callable[[], float], open_s: float = OPEN_S) -> None:
        self._wall_clock = wall_clock
        self._open_s = open_s
        self._failed_at: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether attempts are skipped."""
        return self._failed_at is not None and 0 <= self._wall_clock() - self._failed_at < self._open_s

    def open(self) -> None:
        """Record a failure at the current time."""
        self._failed_at = self._wall_clock()
