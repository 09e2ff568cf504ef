"""Processor time relative to a reference: other load slows both down, and at least one round is undisturbed."""

import gc
import time
from collections.abc import Callable, Sequence
from itertools import pairwise

ROUNDS = 12
FEWEST_ROUNDS = 2

Work = Callable[[], object]


def processor_s(run: Work) -> float:
    """Seconds of one run; other programs add to them by taking the caches or half of the core."""
    gc.disable()
    try:
        started = time.process_time()
        run()
        return time.process_time() - started
    finally:
        gc.enable()


class Reference:
    """Work that tells how fast the machine is at present."""

    def __init__(self, run: Work) -> None:
        self._run = run
        self._least_s = min(processor_s(run) for _ in range(FEWEST_ROUNDS))

    def quotient(self, run: Work, enough: float) -> float:
        """Time of a run as a multiple of the reference's: the least of several rounds, each of which measures both.

        No more of them once one is at most `enough`. No round at all where that holds for the fastest reference so far.
        """
        least = processor_s(run) / self._least_s
        for _ in range(ROUNDS):
            if least <= enough:
                break
            reference_s = processor_s(self._run)
            self._least_s = min(self._least_s, reference_s)
            least = min(least, processor_s(run) / reference_s)
        return least


def growth(runs: Sequence[Work], enough: float, smallest_s: float) -> float:
    """The largest step from one run's least time to the next one's, after rounds that measure each run once.

    No more of them once it is at most `enough`. A time below `smallest_s` counts as that.
    """
    least_s, largest = [float("inf")] * len(runs), float("inf")
    for done in range(ROUNDS):
        if done >= FEWEST_ROUNDS and largest <= enough:
            break
        least_s = [min(before_s, processor_s(run)) for before_s, run in zip(least_s, runs, strict=True)]
        largest = max(larger_s / max(smaller_s, smallest_s) for smaller_s, larger_s in pairwise(least_s))
    return largest
