"""The commands of CONTRIBUTING.md: every function by `sam local invoke`, the API by `sam local start-api`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.deployment.environment import ROOT

EVENTS = ROOT / "events"
Invoke = Callable[[str, Path], Any]


@pytest.mark.parametrize(
    ("function", "event", "key"),
    [
        ("HealthFunction", "health", "ok"),
        ("RegistryFunction", "registry", "agents"),
        ("ComputeFunction", "compute", "prompt_text"),
        ("InferFunction", "infer", "inferred_prefs"),
        ("RecommendFunction", "recommend", "tip"),
        ("GenerateFunction", "generate", "candidates"),
        ("FeedbackFunction", "feedback", "accepted"),
    ],
)
def test_a_function_answers_its_event(invoke: Invoke, function: str, event: str, key: str) -> None:
    answer = invoke(function, EVENTS / f"{event}.json")

    assert (answer["statusCode"], key in json.loads(answer["body"])) == (202 if event == "feedback" else 200, True)


@pytest.mark.parametrize(
    ("function", "event"),
    [
        ("PrecomputeFunction", "precompute"),
        ("ComputeWorkerFunction", "compute-worker"),
        ("FeedbackWorkerFunction", "feedback-worker"),
    ],
)
def test_a_worker_finishes_its_event(invoke: Invoke, function: str, event: str) -> None:
    assert invoke(function, EVENTS / f"{event}.json") == {"batchItemFailures": []}


def test_the_api_serves_the_contract(api: str) -> None:
    """The routes answer over HTTP, errors in the service's own body."""
    task = {"id": "t1", "title": "Send the invoice", "due_at": "2026-03-12T17:00:00Z"}
    body = {"user_id": "u", "tasks": [task], "now_iso": "2026-03-12T09:00:00Z"}

    assert httpx.get(f"{api}/health", timeout=60).json()["ok"] is True
    assert len(httpx.get(f"{api}/agents/registry", timeout=60).json()["agents"]) > 0
    tip = httpx.post(f"{api}/recommend", json={**body, "agent_outputs": []}, timeout=60)
    assert (tip.status_code, "Send the invoice" in tip.json()["tip"]["content"]) == (200, True)
    assert "x-trace-id" in tip.headers
    snippet = httpx.post(f"{api}/agents/deadline-pressure/compute", json=body, timeout=60)
    assert snippet.json()["prompt_text"].startswith("[start|3] Fact: «Send the invoice»")
    assert httpx.post(f"{api}/agents/deadline-pressure/infer", json={"user_id": "u"}, timeout=60).status_code == 200
    assert len(httpx.post(f"{api}/generate", json={"user_id": "u"}, timeout=60).json()["candidates"]) > 0
    assert httpx.post(f"{api}/recommend", json={}, timeout=60).json()["code"] == "invalid_request"
