"""The example user's snapshot, precomputed before the first request, so that a first tip rests on agents."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from local import example
from local.aws.resources import Clients, messages_in
from local.deployment.template import Template

_QUEUES = ("PrecomputeQueue", "ComputeQueue")
_POLL_S = 0.1
_POLLS = 150
"""The maximum number of checks of the queues, after which the start continues without the outputs."""


async def precompute_example(
    clients: Clients,
    plan: Template,
    now: datetime,
    wait: Callable[[], Awaitable[None]] = lambda: asyncio.sleep(_POLL_S),
) -> bool:
    """Send the snapshot and wait for the workers; False if they did not finish or there are no queues."""
    if not plan.queues.keys() >= set(_QUEUES):
        return False
    urls = [plan.queues[name].url for name in _QUEUES]
    body = json.dumps(example.snapshot(now))
    try:
        await asyncio.to_thread(clients.sqs.send_message, QueueUrl=urls[0], MessageBody=body)
        for _ in range(_POLLS):
            if not await asyncio.to_thread(messages_in, clients.sqs, urls):
                return True
            await wait()
    except (BotoCoreError, ClientError):
        pass
    return False
