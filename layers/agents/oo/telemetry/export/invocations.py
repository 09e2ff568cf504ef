"""The function's calls as Lambda tells an extension of them."""

from collections.abc import Callable
from typing import NamedTuple, Protocol


class PollFailed(Exception):
    """The request for the next event failed; `reason` is the answer's status or the type of the error."""

    def __init__(self, reason: int | str) -> None:
        super().__init__(reason)
        self.reason = reason


class InvokeEvent(NamedTuple):
    """A call that the function has been given; `deadline_ms` is in milliseconds since 1970."""

    request_id: str
    deadline_ms: int


class Invocations(Protocol):
    """Tells of the calls one by one."""

    def next_call(self, is_quiet: Callable[[], bool]) -> InvokeEvent:
        """Say that everything after the last call is done, and wait for the next one. Raises PollFailed.

        `is_quiet()` blocks for a bounded time, and is true once the handler has returned.
        """
