"""A planted key and a planted task title go through everything, and show nowhere but where they belong."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from local.system import LocalSystem
from tests.contract_cases import CASES
from tests.fake_llm import Act, Asked, FakeModel, answers, fake_model, hangs, obeys, replies, resets, says
from tests.unit.llm.raw_server import Connection

KEY = "sk-planted-key-7f3a9c"
TITLE = "Planted title about the divorce lawyer"
TASK = {"id": "t1", "title": TITLE, "due_at": "2026-03-12T17:00:00Z", "priority": 4}
BODY = {"tasks": [TASK], "now_iso": "2026-03-12T09:00:00Z"}
SETTLE_S = 40
UNUSABLE = 4
"""Messages that no worker can use, two a queue."""


def fails_telling_all(status: int, **fields: str) -> Act:
    """An error whose text, headers and type repeat what was sent, the key included."""

    def act(connection: Connection, asked: Asked) -> None:
        said = f"{asked.headers['authorization']} {json.dumps(asked.body)}"
        body = json.dumps({"error": {"message": said, **fields}}).encode()
        answers(body, status, {"x-echo": asked.headers["authorization"]})(connection, asked)

    return act


MODELS: dict[str, Act] = {
    "llm_upstream_error": fails_telling_all(500),
    "llm_rate_limited": fails_telling_all(429),
    "llm_context_length": fails_telling_all(400, code="context_length_exceeded"),
    "llm_auth": fails_telling_all(401),
    "llm_refused": replies({"content": None, "refusal": f"{KEY} {TITLE}"}),
    "llm_unreachable": resets,
    "llm_timeout": hangs,
    "llm_bad_output": obeys(lambda asked: f"not JSON: {asked.headers['authorization']} {TITLE}"),
    "llm_oversize": says("x" * 400_000 + KEY),
    "llm_prompt_leak": obeys(lambda asked: json.dumps({"content": asked.messages[0]["content"][:400]})),
}
"""What the model does for each error of the contract that comes of it."""


@dataclass
class Seen:
    """Everything that the service let out."""

    answers: list[httpx.Response] = field(default_factory=list)
    log: str = ""
    items: str = ""
    jobs: str = ""

    def errors(self) -> list[httpx.Response]:
        return [answer for answer in self.answers if answer.status_code >= 400]


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    """One run through all endpoints, both workers and every error that can be provoked from outside."""
    variables = {"LITELLM_API_KEY": KEY, "LLM_BUDGET_S": "2", "POWERTOOLS_LOG_LEVEL": "DEBUG"}
    with fake_model() as model, LocalSystem(environment={**variables, "LITELLM_URL": model.url}) as system:
        seen = Seen()
        seen.answers += [*endpoints(system), *mistakes(system), *model_errors(system, model)]
        work_through_queues(system)
        seen.jobs = dead_letters(system)
        seen.items = json.dumps(system.aws.dynamodb.scan(TableName="AgentOutputsTable")["Items"])
        seen.log = system.log.read_text(errors="replace")
        yield seen


def endpoints(system: LocalSystem) -> Iterator[httpx.Response]:
    """Each endpoint once, as it is meant to be used."""
    yield from (system.http.get("/health"), system.http.get("/agents/registry"))
    yield system.http.post("/agents/deadline-pressure/compute", json={"user_id": "u", **BODY})
    yield system.http.post("/agents/peak-hours/infer", json={"user_id": "u"})
    yield system.http.post("/recommend", json={"user_id": "u", "agent_outputs": [], **BODY})
    yield system.http.post("/generate", json={"user_id": "u", "context": {"tasks": [TASK]}})


def mistakes(system: LocalSystem) -> Iterator[httpx.Response]:
    """Every bad request of the contract, and some that hold the title and the key where they are wrong."""
    for case in CASES:
        yield system.http.request(case.method, case.path, content=case.body or None, headers=case.headers)
    wrong: list[Any] = [
        {"user_id": [TITLE, KEY]},
        {"user_id": "u", "tasks": TITLE},
        {"user_id": "u", "hour_of_day": KEY},
    ]
    for body in wrong:
        yield system.http.post("/recommend", json=body, headers={"authorization": f"Bearer {KEY}"})
    yield system.http.post("/recommend", content=f'{{"user_id": "{TITLE}', headers={"content-type": "application/json"})
    yield system.http.post("/agents/nobody/compute", json={"user_id": "u", **BODY})
    yield system.http.post("/generate", json={"user_id": "u", "prompt_version": "v0", "context": {"tasks": [TASK]}})


def model_errors(system: LocalSystem, model: FakeModel) -> Iterator[httpx.Response]:
    """A request for each way in which the model fails, by a user named like the error."""
    for code, act in MODELS.items():
        model.plan(code, act)
        yield system.http.post("/recommend", json={"user_id": code, "agent_outputs": [], **BODY})
        model.plan(code, act)
        yield system.http.post("/generate", json={"user_id": code, "context": {"tasks": [TASK]}})


def work_through_queues(system: LocalSystem) -> None:
    """A good snapshot, and messages that neither worker can use."""
    good = json.dumps({"user_id": "of-the-queue", **BODY})
    bad = [f'{{"title": "{TITLE}', json.dumps({"user_id": "u", "agent_ids": ["nobody"], "tasks": [TASK]})]
    for body in (good, *bad):
        system.aws.sqs.send_message(QueueUrl=system.queue_url("PrecomputeQueue"), MessageBody=body)
    for body in bad:
        system.aws.sqs.send_message(QueueUrl=system.queue_url("ComputeQueue"), MessageBody=body)


def dead_letters(system: LocalSystem) -> str:
    """The messages that were given up, as text, once all four are there."""
    queues = [system.queue_url("PrecomputeDeadLetterQueue"), system.queue_url("ComputeDeadLetterQueue")]
    found: list[Any] = []
    end = time.monotonic() + SETTLE_S
    while len(found) < UNUSABLE and time.monotonic() < end:
        for url in queues:
            found += system.aws.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages", [])
    return json.dumps(found)


def test_every_error_that_comes_of_the_model_was_seen(seen: Seen) -> None:
    """The run proves something: each model failed as planned, and the rest was answered."""
    codes = {answer.json()["code"] for answer in seen.errors()}
    others = {"invalid_request", "payload_too_large", "not_found", "method_not_allowed", "unsupported_media_type"}

    assert codes >= set(MODELS) | others | {"unknown_agent", "unknown_prompt_version"}
    assert [answer.status_code for answer in seen.answers[:6]] == [200] * 6


def test_both_workers_stored_and_failed(seen: Seen) -> None:
    assert "of-the-queue" in seen.items
    assert seen.log.count('"record_failed"') >= 4
    assert len(json.loads(seen.jobs)) == UNUSABLE


def test_the_key_shows_nowhere(seen: Seen) -> None:
    """No answer, header, log line, metric, stored item or message holds it; metrics are lines of the log."""
    assert KEY not in seen.log
    assert KEY not in seen.items + seen.jobs
    assert [answer.request.url for answer in seen.answers if KEY in answer.text + str(answer.headers)] == []


def test_a_title_is_in_no_line_of_the_log(seen: Seen) -> None:
    """Nor in a metric, at any level of logging."""
    lines = seen.log.splitlines()

    assert any('"level":"DEBUG"' in line or '"CloudWatchMetrics"' in line for line in lines)
    assert [line for line in lines if TITLE in line] == []


def test_a_title_is_in_no_error(seen: Seen) -> None:
    assert [answer.text for answer in seen.errors() if TITLE in answer.text + str(answer.headers)] == []
