"""Waits for another process without guessing a time."""

import time
from collections.abc import Callable

PATIENCE_S = 60.0


def until(holds: Callable[[], object], seconds: float = PATIENCE_S) -> None:
    """Return as soon as a condition is true; fail if it is not in that time."""
    end, pause_s = time.monotonic() + seconds, 0.005
    while not holds():
        assert time.monotonic() < end, "it did not come to hold in time"
        time.sleep(pause_s)
        pause_s = min(0.1, 1.5 * pause_s)
