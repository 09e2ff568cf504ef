"""One call leaves nothing for the next: the memory of a function that refuses every call stays as it was."""

import gc
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from testing.entries import invoke, load_handler
from testing.http_events import http_event
from testing.sqs_events import sqs_event, sqs_record

REQUESTS = 10
MOST_KEPT_BYTES = 3 * 1024 * 1024
USER = {"user_id": "u", "tasks": [{"title": "x" * 900_000}]}
JOB = USER | {"agent_id": "quick-win", "agent_version": "1.0.0", "snapshot_version": 1_773_307_800_000}


def kept_bytes(call: Callable[[], object]) -> int:
    """By how much memory grows over the calls that follow the first ones."""
    for _ in range(3):
        call()
    gc.freeze()  # the collection at the end need not look at other tests' objects
    tracemalloc.start()
    try:
        for _ in range(REQUESTS):
            call()
        gc.collect()
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("function", "entry", "event"),
    [
        ("recommend", "app", lambda body: http_event("POST", "/recommend", raw_body=body)),
        ("generate", "app", lambda body: http_event("POST", "/generate", raw_body=body)),
        ("precompute", "worker", lambda body: sqs_event(sqs_record(body))),
        ("compute", "worker", lambda body: sqs_event(sqs_record(body))),
    ],
)
def test_refused_calls_leave_nothing(
    function: str, entry: str, event: Callable[[str], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """10 bodies of 0.9 MB that a missing setting refuses keep less than 3 MB."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", f"kept-{function}-{entry}")
    handler, fields = load_handler(function, entry), JOB if entry == "worker" else USER

    def call() -> None:
        answer = invoke(handler, event(json.dumps(fields)))
        assert answer.get("statusCode") == 503 or len(answer["batchItemFailures"]) == 1

    assert kept_bytes(call) < MOST_KEPT_BYTES
