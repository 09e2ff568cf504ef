"""One call leaves nothing for the next: the memory of a function that refuses every call stays as it was."""

import gc
import importlib.util
import json
import tracemalloc
from collections.abc import Callable
from typing import Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from local.deployment.environment import ROOT
from testing.http_events import http_event
from testing.lambda_context import FakeContext
from testing.sqs_events import sqs_event, sqs_record

REQUESTS = 25
MOST_KEPT_BYTES = 8 * 1024 * 1024
USER = {"user_id": "u", "tasks": [{"title": "x" * 900_000}]}
JOB = USER | {"agent_id": "quick-win", "agent_version": "1.0.0", "snapshot_version": 1_773_307_800_000}


def handler(function: str, entry: str) -> Callable[[Any, LambdaContext], dict[str, Any]]:
    """A function's handler, started without any setting."""
    spec = importlib.util.spec_from_file_location(f"{function}_{entry}", ROOT / "functions" / function / f"{entry}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("Callable[[Any, LambdaContext], dict[str, Any]]", module.handler)


def kept_bytes(call: Callable[[], object]) -> int:
    """By how much memory grows over the calls that follow the first ones."""
    for _ in range(3):
        call()
    gc.collect()
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
    """25 bodies of 0.9 MB that a missing setting refuses keep less than 8 MB."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", f"kept-{function}-{entry}")
    handle, fields = handler(function, entry), JOB if entry == "worker" else USER

    def call() -> None:
        answer = handle(event(json.dumps(fields)), cast("LambdaContext", FakeContext()))
        assert answer.get("statusCode") == 503 or len(answer["batchItemFailures"]) == 1

    assert kept_bytes(call) < MOST_KEPT_BYTES
