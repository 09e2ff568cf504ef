"""Both entries of feedback as their environment composes them, before a queue and an MLflow of their own."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from oo.contract.shown_ids import hashed
from testing.entries import invoke, load_handler
from testing.fake_mlflow import FakeMlflow, fake_mlflow
from testing.fake_queue import FakeQueue, fake_queue
from testing.feedback_scene import COMMENT, SERVED, queued, said
from testing.http_events import http_event
from testing.raw_server import Connection
from testing.sqs_events import sqs_event, sqs_record


@pytest.fixture
def queue() -> Iterator[FakeQueue]:
    with fake_queue() as running:
        yield running


@pytest.fixture
def mlflow() -> Iterator[FakeMlflow]:
    with fake_mlflow() as running:
        running.landed.add(SERVED)
        # Each sandbox here is gone after its batch.
        running.closes = True
        yield running


@pytest.fixture(autouse=True)
def _environment(queue: FakeQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in queue.variables.items():
        monkeypatch.setenv(name, value)


def post(**fields: Any) -> tuple[int, str]:
    """Status and code, or the accepted body, of the endpoint's answer."""
    answer = invoke(load_handler("feedback"), http_event("POST", "/feedback", said(**fields)))
    body = json.loads(answer["body"])
    return answer["statusCode"], body.get("code", "")


def deliver(*bodies: Any, monkeypatch: pytest.MonkeyPatch, variables: Mapping[str, str]) -> int:
    """How many records of a batch come again."""
    with monkeypatch.context() as environment:
        for name, value in variables.items():
            environment.setenv(name, value)
        handler = load_handler("feedback", "worker")
        records = [sqs_record(body, str(place)) for place, body in enumerate(bodies)]
        return len(invoke(handler, sqs_event(*records), remaining_ms=60_000)["batchItemFailures"])


def test_feedback_is_sent_to_the_queue(queue: FakeQueue) -> None:
    """Words of every script and control characters as well."""
    assert post(comment="\x00 \ufffe 👍 é") == (202, "")

    (body,) = queue.bodies
    assert (body.isascii(), json.loads(body)["comment"]) == (True, "\x00 \ufffe 👍 é")


@pytest.mark.parametrize(
    ("content", "has_comment"), [("full", True), ("", True), ("redacted", False), ("redactd", False)]
)
def test_a_comment_is_queued_where_contents_may_be_kept(
    queue: FakeQueue, monkeypatch: pytest.MonkeyPatch, content: str, *, has_comment: bool
) -> None:
    """A setting that cannot be read has allowed nothing."""
    monkeypatch.setenv("TRACE_CONTENT", content)

    assert post(comment=COMMENT)[0] == 202
    assert (COMMENT in queue.bodies[0]) is has_comment


def test_a_queue_that_refuses_is_told(queue: FakeQueue) -> None:
    queue.status = 403

    assert post() == (503, "feedback_unavailable")


def test_without_a_queue_every_caller_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDBACK_QUEUE_URL", "")

    assert post() == (503, "config_error")


@pytest.mark.parametrize(
    ("variables", "header"),
    [
        ({"MLFLOW_TRACKING_TOKEN": "t"}, b"authorization: Bearer t"),
        ({"MLFLOW_TRACKING_USERNAME": "u", "MLFLOW_TRACKING_PASSWORD": "p"}, b"authorization: Basic dTpw"),
    ],
    ids=["token", "password"],
)
def test_the_worker_signs_in_as_the_exporter_does(
    mlflow: FakeMlflow, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], header: bytes
) -> None:
    """The assessment comes first: the batch's own traces follow when it is done."""
    heads: list[bytes] = []

    def note(connection: Connection) -> None:
        heads.append(connection.head)
        mlflow.answer = None
        mlflow.reply(connection)

    mlflow.answer = note
    address = {"MLFLOW_TRACKING_URI": mlflow.url, "MLFLOW_TRACE_SAMPLING_RATIO": "1"}
    assert deliver(queued(), monkeypatch=monkeypatch, variables=address | variables) == 0
    assert b"/assessments" in heads[0]
    assert header in heads[0]
    assert len(mlflow.assessments.rows) == 1


def test_the_worker_names_users_under_their_key(mlflow: FakeMlflow, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {"MLFLOW_TRACKING_URI": mlflow.url, "PSEUDONYM_KEY": "k1"}
    deliver(queued(user_id="u1"), monkeypatch=monkeypatch, variables=variables)

    (row,) = mlflow.assessments.rows.values()
    assert row["source"]["source_id"] == hashed("u1", "k1")


@pytest.mark.parametrize(
    "variables",
    [
        {"MLFLOW_TRACKING_URI": "https://svc:pw@mlflow.example"},
        {"MLFLOW_TRACE_SAMPLING_RATIO": "often"},
        {"FEEDBACK_DEAD_LETTER_QUEUE_URL": ""},
    ],
    ids=lambda variables: next(iter(variables)),
)
def test_under_an_unusable_setting_nothing_is_done_or_given_up(
    queue: FakeQueue, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    """Every record comes back until it is mended, one that cannot be read among them."""
    assert deliver(queued(), queued(), "{", monkeypatch=monkeypatch, variables=variables) == 3
    assert queue.bodies == []


def test_what_cannot_be_read_is_moved(queue: FakeQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    assert deliver("{", monkeypatch=monkeypatch, variables={}) == 0
    assert queue.bodies == ["{"]
