"""Processor time, which other programs of a busy machine do not add to; the least of several runs is the text's own."""

import gc
import time
from collections.abc import Callable

MOST_RUNS = 4


def processor_s(run: Callable[[], object]) -> float:
    """Seconds of one run."""
    gc.disable()
    try:
        started = time.process_time()
        run()
        return time.process_time() - started
    finally:
        gc.enable()


def least_s(run: Callable[[], object], enough_s: float) -> float:
    """The least of several runs; no more of them once one took less than is allowed."""
    least = processor_s(run)
    for _ in range(MOST_RUNS - 1):
        if least < enough_s:
            break
        least = min(least, processor_s(run))
    return least
