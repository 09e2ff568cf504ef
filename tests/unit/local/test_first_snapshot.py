"""The example user's snapshot at the start of the service."""

import asyncio
import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from local import example
from local.deployment.template import Template, TemplateQueue
from local.first_snapshot import precompute_example
from testing.for_each import for_each

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)
QUEUES = {name: TemplateQueue(name, name, {}) for name in ("PrecomputeQueue", "ComputeQueue")}


class ScriptedQueues:
    """SQS with as many messages as `counts` says, one number per look at both queues, the last for ever."""

    def __init__(self, *counts: int) -> None:
        self.counts = list(counts)
        self.sent: list[tuple[str, str]] = []
        self.sqs = SimpleNamespace(send_message=self.send, get_queue_attributes=self.count)

    def send(self, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803  # boto3's names
        self.sent.append((QueueUrl, MessageBody))

    def count(self, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:  # noqa: N803  # boto3's names
        if QueueUrl == "ComputeQueue":
            return {"Attributes": dict.fromkeys(AttributeNames, "0")}
        number = self.counts.pop(0) if len(self.counts) > 1 else self.counts[0]
        return {"Attributes": dict.fromkeys(AttributeNames, str(number))}


def precompute(queues: Any, names: dict[str, TemplateQueue] = QUEUES) -> tuple[bool, int]:
    """Whether the snapshot was precomputed, and the number of waits."""
    waits: list[None] = []

    async def wait() -> None:
        waits.append(None)

    done = asyncio.run(precompute_example(queues, Template(queues=names), NOW, wait))
    return done, len(waits)


def test_the_start_waits_until_the_workers_are_done() -> None:
    """The message is the example user's snapshot."""
    queues = ScriptedQueues(1, 3, 0)
    outcome = precompute(queues)

    assert outcome == (True, 2)
    assert queues.sent == [("PrecomputeQueue", json.dumps(example.snapshot(NOW)))]


def test_the_start_goes_on_without_outputs() -> None:
    """Workers that do not finish delay it, and do not prevent it."""
    assert precompute(ScriptedQueues(1)) == (False, 150)


def test_a_template_without_the_queues_has_no_example() -> None:
    """Another template than the service's may be run."""
    queues = ScriptedQueues(0)

    assert (precompute(queues, {}), queues.sent) == ((False, 0), [])


@for_each("code", ["AWS.SimpleQueueService.NonExistentQueue", "InternalError"])
def test_a_failed_queue_is_no_obstacle(code: str) -> None:
    """The first tip rests on the tasks alone then."""

    def fail(**_: str) -> None:
        raise ClientError({"Error": {"Code": code, "Message": ""}}, "SendMessage")

    assert precompute(SimpleNamespace(sqs=SimpleNamespace(send_message=fail))) == (False, 0)
