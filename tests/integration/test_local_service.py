"""The product on this machine: the template's routes, queues and table joined to the functions' own code."""

import json
import re
import shlex
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from local import example
from local.deployment.environment import LOGS, ROOT
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


def test_the_first_tip_rests_on_agents(eventually: Eventually) -> None:
    """The printed request can be pasted as it is: its answer is readable, and its line says how many snippets count."""
    with LocalSystem(for_a_person=True) as system:
        command = system.output.read_text().rpartition("\ncurl ")[2].replace("\\\n", "")
        _, url, _, header, _, file = shlex.split(command)
        body = (ROOT / file.removeprefix("@")).read_bytes()
        answer = httpx.post(url, content=body, headers=dict([header.split(": ")]), timeout=40).text
        eventually(lambda: "used=" in system.output.read_text())
        line = system.output.read_text().splitlines()[-1]
        log = LOGS / f"run-{system.http.base_url.port}.jsonl"
        eventually(lambda: '"recommend_served"' in log.read_text())
        log.unlink()
        on_terminal = system.log.read_text()

    receipt = json.loads(answer)["receipt"]
    used = sum(snippet["used"] for snippet in receipt["snippets"])
    assert answer.startswith('{\n  "tip": {\n    "id": "')
    assert used > 0 == sum(snippet["state"] != "fresh" for snippet in receipt["snippets"])
    assert re.sub(r"\d+ ms", "N ms", line) == (
        f"POST /recommend 200 N ms trace={receipt['trace_id']} fresh={len(receipt['snippets'])} used={used}"
    )
    assert on_terminal == ""


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
