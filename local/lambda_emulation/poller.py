"""The event source mapping: queue messages in batches to a function, and the outcome back to the queue."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from local.deployment.template import Subscription, TemplateQueue
from local.lambda_emulation.batch import build_event, failed_ids
from local.lambda_emulation.pool import SANDBOXES, Pool, Throttled
from local.lambda_emulation.runtime import FunctionAnswer

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

LONG_POLL_S = 20
# Seconds for which a failed message stays invisible. On AWS it is the rest of the queue's visibility timeout: minutes,
# too long to wait for at a terminal.
RETRY_AFTER_S = 1
# How long a batch waits for a sandbox before its messages go back.
_PATIENCE_S = 60.0
_MOST_PER_RECEIVE = 10
_PAUSE_AFTER_ERROR_S = 1.0


class Poller:
    """Feeds one function from one queue, with as many parallel batches as its concurrency allows.

    `say` gets a line about each batch with failed messages.
    """

    def __init__(
        self,
        sqs: SQSClient,
        queue: TemplateQueue,
        subscription: Subscription,
        pool: Pool,
        *,
        retry_after_s: int = RETRY_AFTER_S,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._sqs = sqs
        self._queue = queue
        self._subscription = subscription
        self._pool = pool
        self._retry_after_s = retry_after_s
        self._say = say
        self._slots = asyncio.Semaphore(min(subscription.concurrency or SANDBOXES, SANDBOXES))
        self._batches: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            await self._slots.acquire()
            try:
                messages = await self._collect()
            except (BotoCoreError, ClientError):
                self._slots.release()
                await asyncio.sleep(_PAUSE_AFTER_ERROR_S)
                continue
            batch = asyncio.create_task(self._process(messages))
            self._batches.add(batch)
            batch.add_done_callback(self._batches.discard)
            batch.add_done_callback(lambda _: self._slots.release())

    async def _collect(self) -> list[MessageTypeDef]:
        """At least one message; more if they are available or arrive within the window."""
        limit, window = self._subscription.batch_size, self._subscription.window
        messages: list[MessageTypeDef] = []
        while not messages:
            messages = await self._receive(limit, LONG_POLL_S)
        end = time.monotonic() + window
        # Received messages must not be lost to an error while waiting for more.
        with suppress(BotoCoreError, ClientError):
            while len(messages) < limit and (left := end - time.monotonic()) > 0:
                messages += await self._receive(limit - len(messages), max(1, int(left)))
        return messages

    async def _receive(self, most: int, wait: int) -> list[MessageTypeDef]:
        answer = await asyncio.to_thread(
            self._sqs.receive_message,
            QueueUrl=self._queue.url,
            MaxNumberOfMessages=min(most, _MOST_PER_RECEIVE),
            WaitTimeSeconds=wait,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return answer.get("Messages", [])

    async def _process(self, messages: Sequence[MessageTypeDef]) -> None:
        by_id = {message["MessageId"]: message for message in messages}
        event = json.dumps(build_event(messages, self._queue)).encode()
        try:
            answer = await self._pool.invoke(event, patience=_PATIENCE_S)
        except Throttled:
            failed = set(by_id)
        else:
            failed = self._failed(answer, list(by_id))
        if failed:
            self._say(f"{self._queue.name}: {len(failed)} of {len(by_id)} messages failed and return to the queue.")
        done = [message for identifier, message in by_id.items() if identifier not in failed]
        await asyncio.to_thread(self._settle, done, [by_id[identifier] for identifier in failed])

    def _failed(self, answer: FunctionAnswer, sent: Sequence[str]) -> set[str]:
        return failed_ids(answer, sent, partial_failures=self._subscription.partial_failures)

    def _settle(self, done: Sequence[MessageTypeDef], failed: Sequence[MessageTypeDef]) -> None:
        """Delete done messages and return failed ones. If that fails, SQS delivers them again, as on AWS."""
        for some in _in_tens(done):
            with suppress(BotoCoreError, ClientError):
                self._sqs.delete_message_batch(
                    QueueUrl=self._queue.url,
                    Entries=[
                        {"Id": str(place), "ReceiptHandle": message["ReceiptHandle"]}
                        for place, message in enumerate(some)
                    ],
                )
        for some in _in_tens(failed):
            with suppress(BotoCoreError, ClientError):
                self._sqs.change_message_visibility_batch(
                    QueueUrl=self._queue.url,
                    Entries=[
                        {
                            "Id": str(place),
                            "ReceiptHandle": message["ReceiptHandle"],
                            "VisibilityTimeout": self._retry_after_s,
                        }
                        for place, message in enumerate(some)
                    ],
                )


def _in_tens(messages: Sequence[MessageTypeDef]) -> Iterator[Sequence[MessageTypeDef]]:
    """Groups of ten, the maximum per call of SQS."""
    return (messages[start : start + 10] for start in range(0, len(messages), 10))
