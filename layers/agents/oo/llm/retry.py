"""The budget of one request for calls to the model: three calls, one deadline, waits with jitter.

Corrections of unusable replies and retries of failed calls share these three calls. The first call may take 14 s, so
that a call that hangs leaves time for another. A further call is made only if 4 s are left, or half of a budget smaller
than 8 s.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import SystemRandom

from oo.deadline import Deadline
from oo.errors import DeadlineExceeded, LLMError, LLMTimeout, LLMUnreachable, LLMUpstreamError

MOST_CALLS = 3
FIRST_CALL_S = 14.0
LEAST_FOR_ANOTHER_S = 4.0
LEAST_FOR_ONE_S = 0.75
"""Below it no model has ever answered, and asking would only spend the caller's last moment."""

RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504, *range(520, 531)})
"""LiteLLM makes 529 of an overloaded provider's error; a large CDN answers 520 to 530 while its origin is away."""

_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 2.0

_random = SystemRandom()


def passes_by_itself(status: int) -> bool:
    """Whether to retry after a response without a reply and with that status; a 2xx should have contained one."""
    return 200 <= status < 300 or status in RETRIED_STATUSES


def is_worth_retrying(error: LLMError) -> bool:
    """Whether a retry a moment later may succeed."""
    if isinstance(error, LLMUpstreamError):
        return error.passes
    return isinstance(error, LLMUnreachable | LLMTimeout)


def pause_s(retries: int, hint_s: float | None, chance: float) -> float:
    """Seconds before the next call after `retries` earlier ones; `chance` is from [0, 1).

    Full jitter as in "Exponential Backoff and Jitter" of the AWS Architecture Blog, and never less than the hint.
    """
    return max(hint_s or 0.0, chance * min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2.0**retries))


@dataclass(eq=False, repr=False)
class Attempts:
    """One request's calls so far, and whether another one is allowed."""

    deadline: Deadline
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = _random.random
    made: int = field(default=0, init=False)
    _resent: int = field(default=0, init=False)
    _retries: int = field(default=0, init=False)
    _least_s: float = field(init=False)

    def __post_init__(self) -> None:
        self._least_s = max(LEAST_FOR_ONE_S, min(LEAST_FOR_ANOTHER_S, self.deadline.remaining() / 2))

    def begin(self) -> Deadline:
        """Count one more call and return its timeout. Raises DeadlineExceeded if no time is left."""
        if self.deadline.remaining() < LEAST_FOR_ONE_S:
            raise DeadlineExceeded
        self.made += 1
        return self.deadline.within(FIRST_CALL_S) if self.made == 1 else self.deadline

    def count_resent(self) -> None:
        """Count a request that was sent again after a dead connection; the proxy may have received it twice."""
        self._resent += 1

    def has_another(self, after_s: float = 0.0) -> bool:
        """Whether one more call fits after a wait."""
        return self.made + self._resent < MOST_CALLS and self.deadline.remaining() - after_s >= self._least_s

    def wait_to_retry(self, error: LLMError) -> bool:
        """Wait for as long as the error requires; False, at once, if a retry is useless or does not fit."""
        pause = pause_s(self._retries, getattr(error, "retry_after_s", None), self.chance())
        if not is_worth_retrying(error) or not self.has_another(after_s=pause):
            return False
        self._retries += 1
        self.sleep(pause)
        return True
