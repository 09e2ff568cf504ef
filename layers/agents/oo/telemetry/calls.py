"""The function's calls as Lambda tells an extension of them."""

from collections.abc import Callable
from typing import NamedTuple, Protocol


class NoMoreCalls(Exception):
    """Nobody tells of further calls."""


class Invocation(NamedTuple):
    """A call that the function has been given; `deadline_ms` is in milliseconds since 1970."""

    request_id: str
    deadline_ms: int


class Calls(Protocol):
    """Tells of the calls one by one."""

    def next_call(self, is_quiet: Callable[[], bool]) -> Invocation:
        """Say that everything after the last call is done, and wait for the next one. Raises NoMoreCalls.

        `is_quiet` waits for a moment at which nobody else needs the interpreter, and gives up after a while.
        """
