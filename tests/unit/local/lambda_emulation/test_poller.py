"""The poller: the batches, and the outcome of each message."""

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from local.deployment.template import Subscription, TemplateQueue
from local.lambda_emulation.poller import RETRY_AFTER_S, Poller
from local.lambda_emulation.pool import Throttled
from local.lambda_emulation.runtime import Failure, FunctionAnswer

QUEUE = TemplateQueue("Jobs", "http://aws/Jobs", {})


class ScriptedQueue:
    """Returns the given batches, raises an exception among them, and records its requests."""

    def __init__(self, *batches: list[str] | Exception) -> None:
        self._batches = list(batches)
        self._empty = threading.Event()
        self.asked_for: list[int] = []
        self.deleted: list[str] = []
        self.returned: list[tuple[str, int]] = []

    def receive_message(self, **request: Any) -> dict[str, Any]:
        self.asked_for.append(request["MaxNumberOfMessages"])
        batch = self._batches.pop(0) if self._batches else []
        if isinstance(batch, Exception):
            raise batch
        if not batch:
            self._empty.wait(0.01)
        return {
            "Messages": [
                {"MessageId": name, "ReceiptHandle": name, "Body": name, "MD5OfBody": "", "Attributes": {}}
                for name in batch
            ]
        }

    def delete_message_batch(self, **request: Any) -> None:
        assert len(request["Entries"]) <= 10
        self.deleted += [entry["ReceiptHandle"] for entry in request["Entries"]]

    def change_message_visibility_batch(self, **request: Any) -> None:
        assert len(request["Entries"]) <= 10
        self.returned += [(entry["ReceiptHandle"], entry["VisibilityTimeout"]) for entry in request["Entries"]]


class ScriptedPool:
    """Notes the batches it is given and answers each with the given answer."""

    def __init__(self, answer: FunctionAnswer | Exception) -> None:
        self._answer = answer
        self.batches: list[list[str]] = []

    async def invoke(self, payload: bytes, *, patience: float) -> FunctionAnswer:
        assert patience > 0
        self.batches.append([record["body"] for record in json.loads(payload)["Records"]])
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def poll(
    queue: ScriptedQueue,
    pool: ScriptedPool,
    done: Callable[[], object],
    *,
    size: int = 10,
    window: float = 0,
    concurrency: int | None = None,
) -> list[str]:
    """Poll until it is done; the lines about failed messages."""
    said: list[str] = []
    subscription = Subscription("F", "Jobs", size, window, partial_failures=True, concurrency=concurrency)
    poller = Poller(queue, QUEUE, subscription, pool, say=said.append)  # type: ignore[arg-type]  # both are fakes

    async def wait() -> None:
        while not done():  # noqa: ASYNC110  # a condition, with a deadline around it
            await asyncio.sleep(0.005)

    async def story() -> None:
        polling = asyncio.create_task(poller.run())
        await asyncio.wait_for(wait(), 10)
        polling.cancel()

    asyncio.run(story())
    return said


def test_what_succeeded_is_deleted_and_what_failed_comes_back_soon() -> None:
    """A failed message is out of sight for a second, not for the queue's visibility timeout."""
    queue = ScriptedQueue(["a", "b"])
    answer = FunctionAnswer(b'{"batchItemFailures": [{"itemIdentifier": "b"}]}')

    said = poll(queue, ScriptedPool(answer), lambda: queue.returned)

    assert said == ["Jobs: 1 of 2 messages failed and return to the queue."]
    assert queue.deleted == ["a"]
    assert queue.returned == [("b", RETRY_AFTER_S)]
    assert RETRY_AFTER_S <= 2


@pytest.mark.parametrize("answer", [Throttled(), FunctionAnswer(b"", Failure.CRASHED)])
def test_a_batch_that_was_not_worked_on_comes_back_whole(answer: FunctionAnswer | Exception) -> None:
    """Nothing of it is deleted."""
    queue = ScriptedQueue(["a", "b"])

    poll(queue, ScriptedPool(answer), lambda: len(queue.returned) == 2)

    assert (queue.deleted, sorted(name for name, _ in queue.returned)) == ([], ["a", "b"])


def test_a_window_joins_what_arrives_within_it() -> None:
    """Up to the batch's size: the rest makes the next batch."""
    queue, pool = ScriptedQueue(["a"], ["b", "c"], ["d"]), ScriptedPool(FunctionAnswer(b"{}"))

    poll(queue, pool, lambda: len(pool.batches) == 2, window=0.1, size=3)

    assert pool.batches == [["a", "b", "c"], ["d"]]
    assert queue.asked_for[:3] == [3, 2, 3]


def test_without_a_window_a_batch_is_what_one_receive_gives() -> None:
    """A batch size above ten is asked for in tens, which is the most that SQS gives."""
    queue, pool = ScriptedQueue(["a"], ["b"]), ScriptedPool(FunctionAnswer(b"{}"))

    poll(queue, pool, lambda: len(pool.batches) == 2, size=100)

    assert pool.batches == [["a"], ["b"]]
    assert queue.asked_for[0] == 10


def test_a_large_batch_is_deleted_in_tens() -> None:
    """SQS takes no more in one call."""
    names = [str(number) for number in range(25)]
    queue = ScriptedQueue(names[:10], names[10:20], names[20:])

    poll(queue, ScriptedPool(FunctionAnswer(b"{}")), lambda: len(queue.deleted) == 25, window=0.1, size=25)

    assert queue.deleted == names


def test_an_error_within_the_window_loses_nothing() -> None:
    """The received messages are worked on."""
    queue = ScriptedQueue(["a"], EndpointConnectionError(endpoint_url="http://aws"))
    pool = ScriptedPool(FunctionAnswer(b"{}"))

    poll(queue, pool, lambda: pool.batches, window=5)

    assert pool.batches == [["a"]]


def test_no_more_batches_run_at_a_time_than_the_template_allows() -> None:
    """The next receive waits until a batch is done."""
    queue = ScriptedQueue(["a"], ["b"], ["c"])
    running, most = 0, 0

    class Counting(ScriptedPool):
        async def invoke(self, payload: bytes, *, patience: float) -> FunctionAnswer:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.02)
            running -= 1
            return await super().invoke(payload, patience=patience)

    poll(queue, Counting(FunctionAnswer(b"{}")), lambda: len(queue.deleted) == 3, concurrency=2)

    assert most == 2
