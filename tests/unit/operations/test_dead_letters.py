"""A dead-letter queue read to its end, by a client whose time is counted and not waited for."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from operations.aws_lookup import NotPossible, QueueAddress
from operations.dead_letters import DeadLetters, is_about

QUEUE = QueueAddress("Dead", "http://127.0.0.1/1/Dead")


@dataclass
class SlowQueue:
    """Hides messages as SQS does; each receive takes `receive_s`. With `hides` off, nothing is ever hidden."""

    messages: dict[str, str]
    receive_s: float = 0.0
    hides: bool = True
    now: float = 0.0
    receives: int = 0
    hidden_until: dict[str, float] = field(default_factory=dict)

    def receive_message(self, *, VisibilityTimeout: int, **_: Any) -> dict[str, Any]:  # noqa: N803  # SQS' name
        self.now += self.receive_s
        self.receives += 1
        found = [name for name in self.messages if self.hidden_until.get(name, 0) <= self.now][:10]
        if self.hides:
            self.hidden_until |= dict.fromkeys(found, self.now + VisibilityTimeout)
        return {"Messages": [{"MessageId": n, "Body": self.messages[n], "ReceiptHandle": n} for n in found]}

    def delete_message(self, *, ReceiptHandle: str, **_: Any) -> None:  # noqa: N803  # SQS' name
        del self.messages[ReceiptHandle]

    def change_message_visibility(self, *, ReceiptHandle: str, **_: Any) -> None:  # noqa: N803  # SQS' name
        self.hidden_until[ReceiptHandle] = 0


def letters(number: int) -> dict[str, str]:
    """Messages of as many users."""
    return {f"m{place}": f'{{"user_id": "user-{place}"}}' for place in range(number)}


def forget(queue: SlowQueue, user_id: str) -> int:
    client: Any = queue
    return DeadLetters(client, QUEUE, in_hand_s=2, long_poll_s=0).forget(user_id)


def test_a_queue_that_is_slower_than_its_messages_stay_in_hand_is_read_to_its_end() -> None:
    """60 messages, half a second a receive, two seconds in hand: each is seen, and all others are given back."""
    queue = SlowQueue(letters(60), receive_s=0.5)

    assert forget(queue, "user-59") == 1
    assert "m59" not in queue.messages
    assert queue.receives <= 24
    assert [name for name in queue.messages if queue.hidden_until[name]] == []


def test_a_queue_that_hides_nothing_ends_the_reading_too() -> None:
    """It is said that the end was not reached."""
    queue = SlowQueue(letters(3), hides=False)

    with pytest.raises(NotPossible, match=r"Dead could not be read to its end\. Run the command again later"):
        forget(queue, "user-9")
    assert queue.receives < 40


def test_an_empty_queue_is_asked_once() -> None:
    """There is nothing to give back."""
    queue = SlowQueue({})

    assert (forget(queue, "user-1"), queue.receives) == (0, 1)


def test_a_message_in_an_envelope_is_the_users_too() -> None:
    """Such messages are poison, so they end in a dead-letter queue; an id elsewhere in the body does not count."""
    message = json.dumps({"user_id": "1é"})
    for envelope in (
        {"Type": "Notification", "SignatureVersion": "2", "Message": message},
        {"detail-type": "Snapshot", "detail": {"user_id": "1é"}},
        {"Records": [{"eventSource": "aws:sqs", "body": json.dumps({"Message": message})}]},
        [{"eventSource": "aws:sqs", "body": message}],
        message,
    ):
        body = json.dumps(envelope)
        assert is_about(body, "1é"), body
        assert not is_about(body, "2"), body
    for other in ({"user_id": "bob", "tasks": [{"user_id": "1é"}]}, {"user_id": 7}, "1é", None, "[" * 3000):
        assert not is_about(json.dumps(other), "1é"), other
