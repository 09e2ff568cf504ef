"""The function's invocations, as Lambda reports them to an extension."""

from typing import NamedTuple, Protocol


class PollFailed(Exception):
    """The request for the next event failed; `reason` is the response's status or the exception's type."""

    def __init__(self, reason: int | str) -> None:
        super().__init__(reason)
        self.reason = reason


class InvokeEvent(NamedTuple):
    """One invocation of the function; `deadline_ms` is in milliseconds since 1970."""

    request_id: str
    deadline_ms: int


class Invocations(Protocol):
    """Source of the invocations, one by one."""

    def next_call(self) -> InvokeEvent:
        """Report that the work after the last call is done, and wait for the next one. Raises PollFailed."""
