"""Printing of a demo's steps, and waiting for their results."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable

from local.aws.resources import messages_in
from local.system import LocalSystem

_POLL_S = 0.1
_PATIENCE_S = 60.0
_QUEUES = ("PrecomputeQueue", "ComputeQueue")
_DEAD_LETTER_QUEUES = ("PrecomputeDeadLetterQueue", "ComputeDeadLetterQueue")


class Unfinished(Exception):
    """The demo did not finish; the text names the step and the cause."""


def say(title: str, *texts: str) -> None:
    """Print a step: its title, and each text indented below it."""
    print(f"\n{title}", flush=True)
    for text in texts:
        tell(text)


def tell(text: str) -> None:
    """Print more of the step, indented."""
    print(textwrap.indent(text, "   "), flush=True)


def wait_for(holds: Callable[[], bool], otherwise: str, seconds: float = _PATIENCE_S) -> None:
    """Return once a condition is true. Raises Unfinished with `otherwise`, which describes the state instead."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise Unfinished(f"After {seconds:g} s {otherwise}.")
        time.sleep(_POLL_S)


def precomputed(system: LocalSystem) -> None:
    """Wait until the agents have processed every snapshot. Raises Unfinished, also if a worker gave up on one."""
    wait_for(lambda: _messages(system, _QUEUES) == 0, "the queues are not empty")
    if _messages(system, _DEAD_LETTER_QUEUES):
        raise Unfinished("A message failed too often: it is in a dead-letter queue.")


def _messages(system: LocalSystem, queues: tuple[str, ...]) -> int:
    return messages_in(system.aws.sqs, map(system.queue_url, queues))
