"""A worker with a slow table loses no record, and reports the unfinished ones to Lambda."""

import json
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from local.system import LocalSystem
from oo.agents.registry import all_manifests
from testing.emulator import Emulator
from testing.held_aws import held_aws
from testing.sample_events import sample_event

Sandbox = Callable[..., Emulator]

RECORDS = 4


def test_a_worker_that_dies_after_its_write_changes_nothing_when_it_comes_again(
    sandbox: Sandbox, system: LocalSystem
) -> None:
    """Its write has been done, its answer never came: the second delivery counts as done and writes nothing."""
    record = job("user-of-the-dead-worker")
    with held_aws(system.aws_endpoint, released=False) as aws, ThreadPoolExecutor() as pool:
        emulator = sandbox("ComputeWorkerFunction", {"AWS_ENDPOINT_URL": aws.url})
        first = pool.submit(emulator.invoke, {"Records": [record]})
        assert aws.answered.wait(20)
        stored = outputs(system, "user-of-the-dead-worker")
        os.kill(emulator.runtime_pid(), signal.SIGKILL)
        assert "errorType" in first.result()
        aws.released.set()

        assert emulator.invoke({"Records": [record]}) == {"batchItemFailures": []}

    assert [line["message_id"] for line in emulator.log_lines("record_stale")] == [record["messageId"]]
    assert stored == outputs(system, "user-of-the-dead-worker") != []


def test_a_worker_that_runs_out_of_time_gives_the_rest_back(sandbox: Sandbox, system: LocalSystem) -> None:
    """A slow table uses up the time of a batch: unprocessed records are reported before Lambda ends the sandbox."""
    agents = all_manifests()[:RECORDS]
    batch = [job("user-of-the-slow-table", agent_id=one.agent_id, agent_version=one.version) for one in agents]
    with held_aws(system.aws_endpoint, released=True, delay_s=1.2) as aws:
        emulator = sandbox("ComputeWorkerFunction", {"AWS_ENDPOINT_URL": aws.url}, timeout=7)
        answer = emulator.invoke({"Records": batch})

    returned = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
    assert 0 < len(returned) < RECORDS
    assert returned == [record["messageId"] for record in batch][-len(returned) :]
    assert {line["error_type"] for line in emulator.log_lines("record_failed")} == {"RecordPostponed"}
    assert len(outputs(system, "user-of-the-slow-table")) == RECORDS - len(returned)
    assert "Task timed out" not in emulator.log


def job(user_id: str, **fields: str) -> dict[str, Any]:
    """The sample event's computation, for that user."""
    sample = sample_event("compute-worker")["Records"][0]
    body = json.loads(sample["body"]) | {"user_id": user_id} | fields
    return {**sample, "messageId": f"message-of-{body['agent_id']}", "body": json.dumps(body)}


def outputs(system: LocalSystem, user_id: str) -> list[dict[str, Any]]:
    """The user's rows in the table."""
    found = system.aws.dynamodb.query(
        TableName="AgentOutputsTable",
        KeyConditionExpression="user_id = :user",
        ExpressionAttributeValues={":user": {"S": user_id}},
        ConsistentRead=True,
    )
    rows: list[dict[str, Any]] = found["Items"]
    return rows
