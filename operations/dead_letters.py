"""A dead-letter queue read completely, at any length, and left unchanged."""

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from operations.aws_lookup import NotPossible, QueueAddress

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

MOST_ENVELOPES = 8
"""Levels that are looked into: an event of SNS in a message of SQS takes four of them."""

LONGEST_IN_HAND_S = 43_200
"""The longest that SQS hides a message from others."""


@dataclass(frozen=True)
class _Held:
    """A message that stays; it was received for `seconds`."""

    receipt: str
    seconds: int


class DeadLetters:
    """The messages of one queue, each received for `in_hand_s` at first.

    If one is delivered again while it should be hidden, reading takes longer: from then on messages are received for
    twice as long, up to LONGEST_IN_HAND_S. So the reading ends, even if the queue hides no message. SQS itself ends it
    at 120,000 messages in flight.
    """

    def __init__(self, client: "SQSClient", queue: QueueAddress, *, in_hand_s: int, long_poll_s: int) -> None:
        self._client = client
        self._queue = queue
        self._in_hand_s = in_hand_s
        self._long_poll_s = long_poll_s
        self._held: dict[str, _Held] = {}

    def forget(self, user_id: str) -> int:
        """Delete a user's messages; returns their number. Raises NotPossible if the end is not reached."""
        count = 0
        try:
            while messages := self._receive():
                seconds = self._in_hand_s
                for message in messages:
                    if is_about(message["Body"], user_id):
                        self._client.delete_message(QueueUrl=self._queue.url, ReceiptHandle=message["ReceiptHandle"])
                        count += 1
                    else:
                        self._hold(message, seconds)
            return count
        finally:
            self._give_back()

    def _receive(self) -> "list[MessageTypeDef]":
        return self._client.receive_message(
            QueueUrl=self._queue.url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=self._in_hand_s,
            WaitTimeSeconds=self._long_poll_s,
        ).get("Messages", [])

    def _hold(self, message: "MessageTypeDef", seconds: int) -> None:
        before = self._held.get(message["MessageId"])
        if before is not None and before.seconds >= self._in_hand_s:
            if self._in_hand_s >= LONGEST_IN_HAND_S:
                raise NotPossible(f"{self._queue.name} could not be read to its end. Run the command again later.")
            self._in_hand_s = min(2 * self._in_hand_s, LONGEST_IN_HAND_S)
        self._held[message["MessageId"]] = _Held(message["ReceiptHandle"], seconds)

    def _give_back(self) -> None:
        for held in self._held.values():
            # The receipt of a message that was delivered again is no longer valid.
            with suppress(ClientError):
                self._client.change_message_visibility(
                    QueueUrl=self._queue.url, ReceiptHandle=held.receipt, VisibilityTimeout=0
                )


def _read(text: str) -> object:
    with suppress(ValueError, RecursionError):
        return json.loads(text)
    return None


def is_about(body: str, user_id: str) -> bool:
    """Whether a message is about the user, also in an envelope; a body that is not JSON is searched for the id."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        return json.dumps(user_id) in body or json.dumps(user_id, ensure_ascii=False) in body
    return _names(fields, user_id, MOST_ENVELOPES)


def _names(value: object, user_id: str, envelopes: int) -> bool:
    """Whether the outermost `user_id` is the user's; objects, lists, and JSON texts around it are envelopes."""
    match value:
        case {"user_id": str(named)}:
            return named == user_id
        case dict():
            inner = list(value.values())
        case list():
            inner = value
        case str() if value[:1] in ("{", "["):
            return envelopes > 0 and _names(_read(value), user_id, envelopes - 1)
        case _:
            return False
    return envelopes > 0 and any(_names(each, user_id, envelopes - 1) for each in inner)
