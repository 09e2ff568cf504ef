"""`python -m local.demo`: the whole flow once, from a user's snapshot on the queue to a tip."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from typing import Any

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from commands.program import program
from local import example
from local.deployment.environment import PASSED_VARIABLES
from local.story import Unfinished, precomputed, say
from local.system import LocalSystem, NotStarted


@program("demo")
def main() -> None:
    """Run the demo; exit code 1 and one sentence if a step fails."""
    settings = {name: os.environ[name] for name in PASSED_VARIABLES if os.environ.get(name)}
    try:
        with LocalSystem(environment=settings) as system:
            say("1. The service runs", f"{system.base_url}; AWS is {system.aws_endpoint}.")
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
    say("2. A snapshot goes to PrecomputeQueue", f"{snapshot['user_id']} has these open tasks:\n{open_tasks}")
    precomputed(system)
    outputs = _outputs(system, snapshot["user_id"])
    said = [f"- {output['agent_id']}: {output['prompt_text']}" for output in outputs if output["prompt_text"]]
    if not said:
        raise Unfinished("No agent made a statement about the snapshot.")
    say(f"3. {len(outputs)} agents ran, {len(said)} made a statement", "\n".join(said))
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
    say("5. The user likes it: POST /feedback", f"It is queued for MLflow's trace tr-{serve_id}.")


def _say_tip(answer: dict[str, Any]) -> None:
    tip, receipt = answer["tip"], answer["receipt"]
    used = [snippet["agent_id"] for snippet in receipt["snippets"] if snippet["used"]]
    lines = [
        tip["content"],
        "",
        f"Why: {tip['rationale']}",
        f"Kind: {tip['kind']}. Model: {answer['model']}. In the prompt: {', '.join(used) or 'the tasks alone'}.",
        f"Trace: {receipt['trace_id']}",
    ]
    say("4. POST /recommend makes one tip of it", "\n".join(lines))


def _outputs(system: LocalSystem, user_id: str) -> list[dict[str, str]]:
    """The text attributes of the user's stored outputs, without withdrawals."""
    found = system.aws.dynamodb.query(
        TableName="AgentOutputsTable",
        KeyConditionExpression="user_id = :user",
        ExpressionAttributeValues={":user": {"S": user_id}},
    )
    items = [{name: value["S"] for name, value in item.items() if "S" in value} for item in found["Items"]]
    return [item for item in items if "prompt_text" in item]


if __name__ == "__main__":
    main()
