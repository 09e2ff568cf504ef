"""Sending jobs: as few calls as SQS' limits allow; only jobs that SQS accepted count as sent."""

import time
from collections.abc import Callable, Iterator, Sequence
from random import SystemRandom
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from oo.errors import JobsUnsent

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MOST_IN_BATCH = 10
LARGEST_BYTES = 1024 * 1024
"""SQS' limit for one message and for one call, in bytes of UTF-8."""

RETRIES = 3
FIRST_WAIT_S = 0.1

_random = SystemRandom()
"""Not a generator of the process: sandboxes that start from one snapshot would share its state."""


def message_text(json_text: str) -> str:
    """JSON for SQS, which rejects only these two of the characters that JSON leaves unescaped."""
    return json_text.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


class JobQueue:
    """Sends to one queue.

    Raises JobsUnsent if SQS did not accept everything; the accepted messages stay sent.
    """

    def __init__(
        self,
        client: "SQSClient",
        url: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        fraction: Callable[[], float] = _random.random,
    ) -> None:
        self._client = client
        self._url = url
        self._sleep = sleep
        self._fraction = fraction

    def send(self, bodies: Sequence[str]) -> None:
        """Send every body, none of which may be over `LARGEST_BYTES`."""
        unsent = len(bodies)
        for batch in batches(bodies):
            refused = self._send_with_retries(batch, unsent)
            if refused:
                raise JobsUnsent(unsent - len(batch) + refused)
            unsent -= len(batch)

    def _send_with_retries(self, batch: Sequence[str], unsent: int) -> int:
        """The number of messages of the batch that SQS finally rejected; a successful call may contain failures."""
        refused = self._send_once(batch, unsent)
        for attempt in range(RETRIES):
            if not refused:
                break
            # Full jitter: senders that were throttled together do not retry together.
            self._sleep(self._fraction() * FIRST_WAIT_S * 2**attempt)
            refused = self._send_once(refused, unsent)
        return len(refused)

    def _send_once(self, batch: Sequence[str], unsent: int) -> list[str]:
        try:
            answer = self._client.send_message_batch(
                QueueUrl=self._url,
                Entries=[{"Id": str(index), "MessageBody": body} for index, body in enumerate(batch)],
            )
        except (BotoCoreError, ClientError) as error:
            raise JobsUnsent(unsent) from error
        return [batch[int(entry["Id"])] for entry in answer.get("Failed", [])]


def batches(bodies: Sequence[str]) -> Iterator[list[str]]:
    """The bodies in order, in groups that fit into one call."""
    batch: list[str] = []
    room = LARGEST_BYTES
    for body in bodies:
        size = len(body.encode())
        if batch and (len(batch) == MOST_IN_BATCH or size > room):
            yield batch
            batch, room = [], LARGEST_BYTES
        batch.append(body)
        room -= size
    if batch:
        yield batch
