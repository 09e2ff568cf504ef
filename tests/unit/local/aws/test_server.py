"""Requests to the local AWS run one at a time, and a long poll keeps none of the others out."""

import io
import json
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from moto.sqs import models

from local.aws.server import OneAtATime, count_no_more_than_asked_for


def _ask(app: OneAtATime, action: str, **body: Any) -> dict[str, Any]:
    """The application's answer to one call of SQS."""
    content = json.dumps(body).encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "HTTP_X_AMZ_TARGET": f"AmazonSQS.{action}",
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": io.BytesIO(content),
    }
    answer = json.loads(b"".join(app(environ, lambda *_: None)))
    assert isinstance(answer, dict)
    return answer


def test_two_requests_never_meet_inside() -> None:
    """A request that waits for another one to join it waits in vain."""
    meeting = threading.Barrier(2)

    def meet(_: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        try:
            meeting.wait(0.2)
        except threading.BrokenBarrierError:
            return [b'{"met": false}']
        return [b'{"met": true}']

    app = OneAtATime(meet)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: _ask(app, "SendMessage"), range(2)))

    assert answers == [{"met": False}] * 2


def test_a_poll_is_answered_by_what_is_sent_meanwhile() -> None:
    """The sender gets in while the poll waits, and the poll is asked again."""
    sent, polled = threading.Event(), threading.Event()

    def queue(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        if environ["HTTP_X_AMZ_TARGET"].endswith("SendMessage"):
            sent.set()
            return [b"{}"]
        polled.set()
        assert json.load(environ["wsgi.input"]) == {"QueueUrl": "q", "WaitTimeSeconds": 0}
        return [b'{"Messages": ["x"]}' if sent.is_set() else b"{}"]

    app = OneAtATime(queue)
    with ThreadPoolExecutor(1) as pool:
        polling = pool.submit(_ask, app, "ReceiveMessage", QueueUrl="q", WaitTimeSeconds=20)
        assert polled.wait(30)
        _ask(app, "SendMessage")

        assert polling.result(30) == {"Messages": ["x"]}


def test_a_poll_without_a_wait_is_answered_at_once() -> None:
    """So is one whose time is over."""

    def empty(_: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"{}"]

    assert _ask(OneAtATime(empty), "ReceiveMessage") == {}
    assert _ask(OneAtATime(empty), "ReceiveMessage", WaitTimeSeconds=0.1) == {}


def test_only_what_may_bring_a_message_wakes_a_poll() -> None:
    """A write to a table does not have every waiting poll look through its queue again."""
    looks = 0

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        nonlocal looks
        looks += environ["HTTP_X_AMZ_TARGET"].endswith("ReceiveMessage")
        start_response("200 OK", [])
        return [b"{}"]

    app = OneAtATime(answer)
    with ThreadPoolExecutor(1) as pool:
        polling = pool.submit(_ask, app, "ReceiveMessage", WaitTimeSeconds=0.1)
        while not polling.done():
            _ask(app, "PutItem")
        polling.result()

    assert looks == 2


@pytest.mark.parametrize(("age_s", "kept"), [(59, [True]), (61, [False])])
def test_a_message_is_kept_for_its_queues_period(monkeypatch: pytest.MonkeyPatch, age_s: int, kept: list[bool]) -> None:
    """The faster look-up of the period has the same result."""
    for name in ("unix_time", "unix_time_millis"):
        monkeypatch.setattr(models, name, getattr(models, name))
    lookup = "is_message_valid_based_on_retention_period"
    monkeypatch.setattr(models.SQSBackend, lookup, getattr(models.SQSBackend, lookup))
    count_no_more_than_asked_for()
    backend = models.SQSBackend("us-east-1", "123456789012")
    backend.create_queue("Jobs", None, MessageRetentionPeriod="60")
    message: Any = backend.send_message("Jobs", "body")
    message.sent_timestamp = int((time.time() - age_s) * 1000)

    assert [backend.is_message_valid_based_on_retention_period("Jobs", message)] == kept
