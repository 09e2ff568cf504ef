"""`make redrive QUEUE=…`: send dead letters back to their source queue.

Each is sent first and then deleted, so a crash in between duplicates a message and never loses one; the workers
recognise duplicates. SQS' own StartMessageMoveTask would move them, but gives a message a new SentTimestamp, which is
the version of a snapshot without one: an old snapshot would replace newer ones. So such a snapshot gets the version of
its first SentTimestamp.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from commands.program import needed, program, variable
from commands.values import Number
from oo.precompute.job_queue import LARGEST_BYTES
from operations.aws_lookup import (
    NotPossible,
    QueueAddress,
    dead_letter_queue,
    find_queue,
    one_sentence,
    physical_name,
    queue_client,
)

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

RATE = 20.0
"""Messages per second: slow enough that messages that fail again do not flood the queue."""

_IN_HAND_S = 120
LONG_POLL_S = 2
"""A receive without long polling queries only some of SQS' servers, and may miss messages."""

_SNAPSHOTS = "PrecomputeQueue"


@dataclass(frozen=True)
class Moved:
    """One redriven dead letter; `dated` is true if it was given its snapshot's version."""

    message_id: str
    sent_ms: int
    dated: bool


class Redrive:
    """Moves the messages that were in `dead_letters` when `run` began: later ones would loop for ever.

    `wait` is called before each message.
    """

    def __init__(
        self,
        client: "SQSClient",
        queue: QueueAddress,
        dead_letters: QueueAddress,
        *,
        wait: Callable[[], None] = lambda: None,
        long_poll_s: int = LONG_POLL_S,
    ) -> None:
        self._client = client
        self._queue = queue
        self._dead_letters = dead_letters
        self._wait = wait
        self._long_poll_s = long_poll_s

    def run(self, now: datetime) -> Iterator[Moved]:
        """Move one message after the other. Raises NotPossible at the end if one had to stay."""
        started_ms = int(now.timestamp() * 1000)
        left: list[str] = []
        too_large: list[str] = []
        try:
            while messages := self._receive():
                for message in messages:
                    if sent_ms(message) >= started_ms:
                        left.append(message["ReceiptHandle"])
                    elif len((body := self._body(message)).encode()) > LARGEST_BYTES:
                        too_large.append(message["MessageId"])
                    else:
                        self._wait()
                        yield self._move(message, body)
        finally:
            self._release(left)
        if too_large:
            raise NotPossible(f"Too large to add the version: {', '.join(too_large)}.")

    def _receive(self) -> Sequence["MessageTypeDef"]:
        answer = self._client.receive_message(
            QueueUrl=self._dead_letters.url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=_IN_HAND_S,
            WaitTimeSeconds=self._long_poll_s,
            MessageSystemAttributeNames=["SentTimestamp"],
            MessageAttributeNames=["All"],
        )
        return answer.get("Messages", [])

    def _body(self, message: "MessageTypeDef") -> str:
        """The body to send back: a job always contains its version, a snapshot may not."""
        is_snapshot = self._queue.name.endswith(_SNAPSHOTS)
        return dated(message["Body"], sent_ms(message)) if is_snapshot else message["Body"]

    def _move(self, message: "MessageTypeDef", body: str) -> Moved:
        attributes: Any = {
            name: {field: value for field, value in attribute.items() if value not in (None, [])}
            for name, attribute in message.get("MessageAttributes", {}).items()
        }
        self._client.send_message(QueueUrl=self._queue.url, MessageBody=body, MessageAttributes=attributes)
        self._client.delete_message(QueueUrl=self._dead_letters.url, ReceiptHandle=message["ReceiptHandle"])
        return Moved(message["MessageId"], sent_ms(message), dated=body != message["Body"])

    def _release(self, receipts: Sequence[str]) -> None:
        for receipt in receipts:
            self._client.change_message_visibility(
                QueueUrl=self._dead_letters.url, ReceiptHandle=receipt, VisibilityTimeout=0
            )


def sent_ms(message: "MessageTypeDef") -> int:
    """The message's first SentTimestamp, in milliseconds since 1970; moving to a dead-letter queue keeps it."""
    return int(message["Attributes"]["SentTimestamp"])


def dated(body: str, version: int) -> str:
    """The body with `snapshot_version` if it is a JSON object without one, else the body unchanged.

    It is appended at the end, so that nothing else changes and an earlier null is overridden.
    """
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        return body
    if not isinstance(fields, dict) or fields.get("snapshot_version") is not None:
        return body
    comma = "," if fields else ""
    return f'{body.rstrip()[:-1]}{comma}"snapshot_version":{version}}}'


def every(seconds: float) -> Callable[[], None]:
    """A wait that limits the rate to one per given number of seconds."""
    next_at = time.monotonic()

    def wait() -> None:
        nonlocal next_at
        time.sleep(max(0.0, next_at - time.monotonic()))
        next_at = max(next_at, time.monotonic()) + seconds

    return wait


@program("redrive")
@needed("QUEUE", "name", example="ComputeQueue", help="the queue they came from: a name or a URL")
@variable("RATE", type=Number(0.01, 1_000.0), default=RATE, help="messages per second")
@variable("STACK", help="the stack that the queue is part of; QUEUE is then its name in the template")
def main(name: str, rate: float, stack: str) -> None:
    """Send dead letters back to their queue, and list them; ends with 1 and a sentence if that is not possible."""
    with one_sentence():
        client = queue_client()
        queue = find_queue(client, physical_name(name, stack))
        dead_letters = dead_letter_queue(client, queue)
        redrive = Redrive(client, queue, dead_letters, wait=every(1 / rate))
        count = 0
        try:
            for moved in redrive.run(datetime.now(UTC)):
                count += 1
                print(_line(moved), flush=True)
        finally:
            print(f"{count:,} of {dead_letters.name} went back to {queue.name}.", file=sys.stderr)


def _line(moved: Moved) -> str:
    sent = datetime.fromtimestamp(moved.sent_ms / 1000, UTC).isoformat(timespec="seconds")
    return f"{moved.message_id}  sent {sent}{f'  snapshot_version {moved.sent_ms}' if moved.dated else ''}"


if __name__ == "__main__":
    main()
