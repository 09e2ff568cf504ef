"""The product on this machine: the template's routes, queues and table joined to the functions' own code."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from local import example
from local.model import MODEL
from local.system import LocalSystem

Eventually = Callable[[Callable[[], object]], None]


def test_health_names_the_queue_and_the_table_that_exist(system: LocalSystem) -> None:
    """A producer can send to the one and a reader can read the other as they stand there."""
    health = system.http.get("/health").json()

    queue = system.aws.sqs.get_queue_attributes(QueueUrl=health["precompute"]["queue_url"], AttributeNames=["QueueArn"])
    table = system.aws.dynamodb.describe_table(TableName=health["precompute"]["table"])
    assert health["ok"]
    assert queue["Attributes"]["QueueArn"].endswith(":PrecomputeQueue")
    assert table["Table"]["TableName"] == "AgentOutputsTable"


def test_the_registry_has_the_agents_of_health_in_their_order(system: LocalSystem) -> None:
    """Two functions, two processes, one layer."""
    manifests = system.http.get("/agents/registry").json()["agents"]

    assert [manifest["agent_id"] for manifest in manifests] == system.http.get("/health").json()["agents"]


def test_a_path_that_no_route_has_is_the_services_own_404(system: LocalSystem) -> None:
    """The catch-all route leads to it."""
    response = system.http.get("/nowhere")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert response.headers["x-trace-id"]


def test_a_snapshot_on_the_queue_becomes_a_tip(system: LocalSystem, eventually: Eventually) -> None:
    """Workers store the agents' outputs, and a request with only the user is answered from them."""
    user = "user-of-the-queue"
    snapshot = {**example.snapshot(datetime.now(UTC)), "user_id": user}
    system.aws.sqs.send_message(QueueUrl=system.queue_url("PrecomputeQueue"), MessageBody=json.dumps(snapshot))

    def outputs() -> list[dict[str, Any]]:
        found = system.aws.dynamodb.query(
            TableName="AgentOutputsTable",
            KeyConditionExpression="user_id = :user",
            ExpressionAttributeValues={":user": {"S": user}},
        )
        return found["Items"]

    eventually(lambda: any(item["agent_id"]["S"] == "deadline-pressure" for item in outputs()))
    answer = system.http.post("/recommend", json={"user_id": user}).json()

    assert "deadline-pressure" in [snippet["agent_id"] for snippet in answer["receipt"]["snippets"] if snippet["used"]]
    assert any(f"«{task['title']}»" in answer["tip"]["content"] for task in snapshot["tasks"])


def test_candidates_are_as_many_as_asked_for(system: LocalSystem) -> None:
    """The stand-in answers `/generate`, too."""
    body = {"user_id": "u", "n": 2, "context": {"tasks": example.tasks(datetime.now(UTC))}}

    answer = system.http.post("/generate", json=body).json()

    assert len(answer["candidates"]) == 2
    assert answer["model"] == MODEL
