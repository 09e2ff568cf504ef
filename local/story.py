"""Printing of a demo's steps, and waiting for their results."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from local.system import LocalSystem

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

_POLL_S = 0.1
_PATIENCE_S = 60.0
_QUEUES = ("PrecomputeQueue", "ComputeQueue")
_DEAD_LETTER_QUEUES = ("PrecomputeDeadLetterQueue", "ComputeDeadLetterQueue")
_COUNTS: tuple[QueueAttributeNameType, ...] = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


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
    """Messages that are waiting or in progress."""
    count = 0
    for queue in queues:
        answer = system.aws.sqs.get_queue_attributes(
            QueueUrl=system.queue_url(queue),
            AttributeNames=_COUNTS,
        )
        count += sum(int(answer["Attributes"][name]) for name in _COUNTS)
    return count
