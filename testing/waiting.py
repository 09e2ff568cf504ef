"""Waits for what another process does, without guessing how long that takes."""

import time
from collections.abc import Callable

PATIENCE_S = 20.0


def until(holds: Callable[[], object], seconds: float = PATIENCE_S) -> None:
    """Return as soon as something holds; fail where it does not in that time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to hold in time"
        time.sleep(0.005)
