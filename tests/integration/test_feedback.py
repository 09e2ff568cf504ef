"""Feedback through the local system as `make run` starts it: over HTTP, by the queue, to an MLflow server."""

import json
import random
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.deployment.environment import ROOT, aws_variables
from local.system import LocalSystem
from operations import forget, redrive
from testing.fake_mlflow import FakeMlflow, fake_mlflow
from testing.feedback_scene import messages
from testing.part_of_template import part_of_template
from testing.sample_events import sample_event
from testing.shell_blocks import Terminals, shell_blocks

Eventually = Callable[[Callable[[], object]], None]
SERVED = [f"{number:032x}" for number in range(1, 41)]


@pytest.fixture(scope="module")
def mlflow() -> Iterator[FakeMlflow]:
    with fake_mlflow() as server:
        yield server


@pytest.fixture(scope="module")
def service(mlflow: FakeMlflow, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    """The two functions of feedback."""
    functions = ["FeedbackFunction", "FeedbackWorkerFunction"]
    template = part_of_template(tmp_path_factory.mktemp("feedback"), functions=functions)
    with LocalSystem(environment={"MLFLOW_TRACKING_URI": mlflow.url}, template=template) as system:
        yield system


def post(system: LocalSystem, **fields: Any) -> httpx.Response:
    return system.http.post("/feedback", json={"user_id": "user-7", "action": "helpful", **fields})


def test_feedback_that_is_sent_before_its_traces_land_is_kept_once_each(
    service: LocalSystem, mlflow: FakeMlflow, eventually: Eventually
) -> None:
    """Three answers for each of 40 tips, in any order: 40 assessments, of which the newest counts."""
    said = [("not_helpful", "12:00"), ("helpful", "12:02"), ("not_helpful", "12:01")]
    sent = [(serve_id, action, time) for serve_id in SERVED for action, time in said]
    random.Random(1).shuffle(sent)  # noqa: S311  # an order, no secret
    for serve_id, action, time in sent:
        answer = post(service, serve_id=serve_id, action=action, created_at=f"2026-03-12T{time}:00Z")
        assert (answer.status_code, answer.json()) == (202, {"accepted": True})
        assert len(answer.headers["x-trace-id"]) == 32
    eventually(lambda: len(mlflow.assessments.asked) > len(SERVED) / 2)
    mlflow.landed.update(SERVED)

    eventually(lambda: not messages(service, "FeedbackQueue"))

    rows = mlflow.assessments.rows.values()
    assert sorted(row["trace_id"] for row in rows) == [f"tr-{serve_id}" for serve_id in SERVED]
    assert {row["feedback"]["value"] for row in rows} == {1.0}
    assert messages(service, "FeedbackDeadLetterQueue") == 0


def test_a_message_that_cannot_be_read_lies_in_the_dead_letters(service: LocalSystem, eventually: Eventually) -> None:
    """One, at its first delivery; the worker has moved it itself."""
    service.aws.sqs.send_message(QueueUrl=service.queue_url("FeedbackQueue"), MessageBody="{}", DelaySeconds=0)

    eventually(lambda: messages(service, "FeedbackDeadLetterQueue"))
    eventually(lambda: not messages(service, "FeedbackQueue"))
    assert messages(service, "FeedbackDeadLetterQueue") == 1


def test_a_dead_letter_can_be_sent_again_and_forgotten(
    service: LocalSystem,
    mlflow: FakeMlflow,
    eventually: Eventually,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The operators' programs redrive a message that was moved by mistake, and delete a user's messages."""
    for name, value in aws_variables(service.aws_endpoint).items():
        monkeypatch.setenv(name, value)
    letters = service.queue_url("FeedbackDeadLetterQueue")
    service.aws.sqs.purge_queue(QueueUrl=letters)
    wrongly = {"user_id": "user-8", "serve_id": SERVED[0], "action": "done", "created_at": "2026-03-12T12:00:00Z"}
    mlflow.landed.add(SERVED[0])
    service.aws.sqs.send_message(QueueUrl=letters, MessageBody=json.dumps(wrongly))

    redrive.main(["FeedbackQueue"])
    eventually(lambda: any(row["assessment_name"] == "done" for row in mlflow.assessments.rows.values()))
    eventually(lambda: not messages(service, "FeedbackQueue"))

    service.aws.sqs.send_message(QueueUrl=letters, MessageBody=json.dumps(wrongly))
    forget.main(["user-8"], long_poll_s=0)
    assert "1 dead letters of user-8 are deleted." in capsys.readouterr().out
    assert messages(service, "FeedbackDeadLetterQueue") == 0


def test_the_pages_request_has_the_pages_answer(
    service: LocalSystem, mlflow: FakeMlflow, eventually: Eventually, tmp_path: Path
) -> None:
    """As it is pasted out of docs/feedback.md."""
    mlflow.landed.add(json.loads(sample_event("feedback")["body"])["serve_id"])
    page = ROOT / "docs" / "feedback.md"
    (request,) = shell_blocks(page, "## Send it")
    port = service.base_url.rpartition(":")[2]
    with Terminals(tmp_path, {"PORT": port}).another() as terminal:
        assert terminal.paste(request).strip() == '{"accepted":true}'

    assert '\n{"accepted":true}\n' in page.read_text(encoding="utf-8")
    eventually(lambda: not messages(service, "FeedbackQueue"))


def test_the_log_joins_answer_and_worker(service: LocalSystem, mlflow: FakeMlflow, eventually: Eventually) -> None:
    """Both sides have the caller's trace id, and no user's id or words."""
    caller, serve_id = secrets.token_hex(16), secrets.token_hex(16)
    service.http.post(
        "/feedback",
        json={"user_id": "jo@example.com", "serve_id": serve_id, "action": "done", "comment": "my secret words"},
        headers={"traceparent": f"00-{caller}-00f067aa0ba902b7-01"},
    )

    def lines() -> list[dict[str, Any]]:
        found = (line.partition("{") for line in service.log.read_text().splitlines() if caller in line)
        return [json.loads(brace + rest) for _, brace, rest in found]

    eventually(lambda: {line["message"] for line in lines()} >= {"feedback_received", "record_failed"})
    mlflow.landed.add(serve_id)
    eventually(lambda: not messages(service, "FeedbackQueue"))
    text = service.log.read_text()
    assert "jo@example.com" not in text
    assert "my secret words" not in text
