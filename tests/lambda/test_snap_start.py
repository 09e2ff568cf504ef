"""A function under SnapStart: the runtime's hooks run between its init and its first call."""

import json
from collections.abc import Callable

from testing.emulator import Emulator
from testing.fake_mlflow import fake_mlflow
from testing.http_events import http_event

Sandbox = Callable[..., Emulator]

RESTORED = {"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start", "RESTORED": "1"}


def test_the_extension_exports_traces_after_a_restore(sandbox: Sandbox) -> None:
    """It was registered before the snapshot, and its poll for the next call goes on."""
    with fake_mlflow() as mlflow:
        emulator = sandbox("RecommendFunction", {"MLFLOW_TRACKING_URI": mlflow.url, **RESTORED}, hooked=True)
        event = http_event("POST", "/recommend", {"user_id": "user", "agent_outputs": []})

        answers = [emulator.invoke(event) for _ in range(2)]

    served = [json.loads(answer["body"])["receipt"]["serve_id"] for answer in answers]
    assert [answer["statusCode"] for answer in answers] == [200, 200]
    assert mlflow.trace_ids == served
    assert len(set(served)) == 2


def test_every_function_starts_with_its_hooks(sandbox: Sandbox) -> None:
    """A hook that fails would end the sandbox before its first call."""
    emulator = sandbox("HealthFunction", RESTORED, hooked=True)

    assert emulator.invoke(http_event("GET", "/health"))["statusCode"] == 200
