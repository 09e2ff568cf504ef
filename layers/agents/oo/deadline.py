"""One deadline per request, which bounds every attempt and every wait."""

import time
from collections.abc import Callable
from typing import NamedTuple

LAMBDA_RESERVE_S = 1.5
"""Left to write the answer before Lambda's own timeout."""

GATEWAY_LIMIT_S = 28.0
"""HTTP APIs time out 30 s after a request's arrival, which cannot be configured; the rest is margin."""

LARGEST_SKEW_S = 15.0
"""Beyond it the two clocks disagree, and the gateway's time is ignored."""

DEFAULT_LLM_BUDGET_S = 25
"""Default of the setting LLM_BUDGET_S."""

LONGEST_START_S = GATEWAY_LIMIT_S - DEFAULT_LLM_BUDGET_S
"""The longest part of a start that counts towards the setting: the gateway's limit minus the default."""

LEAST_AFTER_START_S = 1.0
"""Seconds that a start leaves of the setting, so that one short call still fits."""


class Deadline(NamedTuple):
    """A point in time on `clock` (seconds)."""

    at: float
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def after(cls, seconds: float, clock: Callable[[], float] = time.monotonic) -> "Deadline":
        """The deadline `seconds` from now."""
        return cls(at=clock() + seconds, clock=clock)

    def remaining(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.at - self.clock())

    def within(self, seconds: float) -> "Deadline":
        """The earlier of this deadline and `seconds` from now."""
        return Deadline(at=min(self.at, self.clock() + seconds), clock=self.clock)


def budget_s(*, lambda_remaining_s: float, gateway_elapsed_s: float | None, llm_budget_s: float) -> float:
    """Seconds that a request may still take: the smallest limit of Lambda, the gateway and the setting.

    `gateway_elapsed_s` is the time since the gateway received the request. It includes a cold start, which Lambda's
    clock does not show but the caller waits for. So up to 3 s of it count towards the setting as well, as long as 1 s
    is left. If it is absent or implausible, only Lambda's time and the setting count.
    """
    limits = [lambda_remaining_s - LAMBDA_RESERVE_S]
    start_s = 0.0
    if gateway_elapsed_s is not None and -LARGEST_SKEW_S <= gateway_elapsed_s <= GATEWAY_LIMIT_S + LARGEST_SKEW_S:
        limits.append(GATEWAY_LIMIT_S - gateway_elapsed_s)
        start_s = min(max(0.0, gateway_elapsed_s), LONGEST_START_S, max(0.0, llm_budget_s - LEAST_AFTER_START_S))
    return max(0.0, min(*limits, llm_budget_s - start_s))
