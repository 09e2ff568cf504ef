"""`python -m local.demo`: the whole story once, from a user's snapshot on the queue to a tip."""

from __future__ import annotations

import json
import os
import sys
import textwrap
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from local import example
from local.deployment.environment import PASSED_VARIABLES
from local.system import LocalSystem, NotStarted

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

_PRECOMPUTE_TIMEOUT_S = 60.0
_POLL_S = 0.1
_QUEUES = ("PrecomputeQueue", "ComputeQueue")
_DEAD_LETTER_QUEUES = ("PrecomputeDeadLetterQueue", "ComputeDeadLetterQueue")
_COUNTS: tuple[QueueAttributeNameType, ...] = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


class Unfinished(Exception):
    """The story did not come to its end; the text says where it stopped."""


def main() -> None:
    """Tell the story; exit code 1 and one sentence where it stops."""
    settings = {name: os.environ[name] for name in PASSED_VARIABLES if os.environ.get(name)}
    try:
        with LocalSystem(environment=settings) as system:
            _say("1. The service runs", f"{system.base_url}; AWS is {system.aws_endpoint}.")
            _tell(system, datetime.now(UTC))
    except NotStarted as problem:
        sys.exit(f"The service did not start: {problem}")
    except Unfinished as problem:
        sys.exit(str(problem))
    except (httpx.HTTPError, BotoCoreError, ClientError) as problem:
        sys.exit(f"A part of the service does not answer: {type(problem).__name__}")


def _tell(system: LocalSystem, now: datetime) -> None:
    snapshot = example.snapshot(now)
    system.aws.sqs.send_message(QueueUrl=system.queue_url("PrecomputeQueue"), MessageBody=json.dumps(snapshot))
    open_tasks = "\n".join(f"- {task['title']}" for task in snapshot["tasks"])
    _say("2. A snapshot goes to PrecomputeQueue", f"{snapshot['user_id']} has these open tasks:\n{open_tasks}")
    _wait(lambda: _messages(system, _QUEUES) == 0, "the queues are not empty")
    if _messages(system, _DEAD_LETTER_QUEUES):
        raise Unfinished("A worker gave up on a message: it is in a dead-letter queue.")
    outputs = _outputs(system, snapshot["user_id"])
    said = [f"- {output['agent_id']}: {output['prompt_text']}" for output in outputs if output["prompt_text"]]
    if not said:
        raise Unfinished("No agent had anything to say about the snapshot.")
    _say(f"3. {len(outputs)} agents were asked, {len(said)} have something to say", "\n".join(said))
    body = {"user_id": snapshot["user_id"], "tasks": snapshot["tasks"], "timezone": snapshot["timezone"]}
    answer = system.http.post("/recommend", json=body)
    if not answer.is_success:
        raise Unfinished(f"POST /recommend answered {answer.status_code}: {answer.text}")
    _say_tip(answer.json())
    _send_feedback(system, snapshot["user_id"], answer.json()["receipt"]["serve_id"])


def _send_feedback(system: LocalSystem, user_id: str, serve_id: str) -> None:
    answer = system.http.post("/feedback", json={"user_id": user_id, "serve_id": serve_id, "action": "helpful"})
    if not answer.is_success:
        raise Unfinished(f"POST /feedback answered {answer.status_code}: {answer.text}")
    _say("5. The user likes it: POST /feedback", f"It is queued for MLflow's trace tr-{serve_id}.")


def _say_tip(answer: dict[str, Any]) -> None:
    tip, receipt = answer["tip"], answer["receipt"]
    used = [snippet["agent_id"] for snippet in receipt["snippets"] if snippet["used"]]
    lines = [
        tip["content"],
        "",
        f"Why: {tip['rationale']}",
        f"Kind: {tip['kind']}. Model: {answer['model']}. Rests on: {', '.join(used) or 'the tasks alone'}.",
        f"Trace: {receipt['trace_id']}",
    ]
    _say("4. POST /recommend makes one tip of it", "\n".join(lines))


def _outputs(system: LocalSystem, user_id: str) -> list[dict[str, str]]:
    """The user's stored outputs, as far as they are text."""
    found = system.aws.dynamodb.query(
        TableName="AgentOutputsTable",
        KeyConditionExpression="user_id = :user",
        ExpressionAttributeValues={":user": {"S": user_id}},
    )
    items = [{name: value["S"] for name, value in item.items() if "S" in value} for item in found["Items"]]
    return [item for item in items if "prompt_text" in item]


def _messages(system: LocalSystem, queues: tuple[str, ...]) -> int:
    """Messages that wait, or that a worker has in hand."""
    count = 0
    for queue in queues:
        answer = system.aws.sqs.get_queue_attributes(
            QueueUrl=system.queue_url(queue),
            AttributeNames=_COUNTS,
        )
        count += sum(int(answer["Attributes"][name]) for name in _COUNTS)
    return count


def _wait(holds: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + _PRECOMPUTE_TIMEOUT_S
    while not holds():
        if time.monotonic() > end:
            raise Unfinished(f"After {_PRECOMPUTE_TIMEOUT_S:g} s {otherwise}.")
        time.sleep(_POLL_S)


def _say(title: str, text: str) -> None:
    print(f"\n{title}\n{textwrap.indent(text, '   ')}", flush=True)


if __name__ == "__main__":
    main()
