"""Every function, as built, under the real runtime interface."""

import json
import os
import signal
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import pytest

from testing.emulator import Emulator
from testing.http_events import http_event
from testing.sample_events import sample_event

Sandbox = Callable[..., Emulator]


@pytest.mark.parametrize(
    ("function", "name", "key"),
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
def test_an_http_function_answers_its_event(sandbox: Sandbox, function: str, name: str, key: str) -> None:
    answer = sandbox(function).invoke(sample_event(name))

    assert (answer["statusCode"], key in json.loads(answer["body"])) == (202 if name == "feedback" else 200, True)


@pytest.mark.parametrize(
    ("function", "name"),
    [
        ("PrecomputeFunction", "precompute"),
        ("ComputeWorkerFunction", "compute-worker"),
        ("FeedbackWorkerFunction", "feedback-worker"),
    ],
)
def test_a_worker_finishes_its_event(sandbox: Sandbox, function: str, name: str) -> None:
    """A batch of good records leaves none to deliver again."""
    assert sandbox(function).invoke(sample_event(name)) == {"batchItemFailures": []}


def test_a_function_that_dies_in_a_call_costs_that_call_only(sandbox: Sandbox) -> None:
    """While the model is being asked the process is killed: that call fails, the next gets a fresh runtime."""
    with HangingModel() as model:
        emulator = sandbox("RecommendFunction", {"LITELLM_URL": model.url})
        answers: list[Any] = []
        call = threading.Thread(target=lambda: answers.append(emulator.invoke(sample_event("recommend"))))
        call.start()
        assert model.asked.wait(timeout=20)
        os.kill(emulator.runtime_pid(), signal.SIGKILL)
        call.join(timeout=20)

        assert "errorType" in answers[0]
        model.release.set()
        assert emulator.invoke(http_event("POST", "/recommend", {}))["statusCode"] == 422


def test_calls_in_one_sandbox_keep_their_logs_apart(sandbox: Sandbox) -> None:
    """Each line of the second call has the second call's trace and request, and the sandbox is no longer cold."""
    emulator = sandbox("ComputeFunction")
    ids = [f"{number:032x}" for number in (1, 2)]
    for trace_id in ids:
        emulator.invoke({**sample_event("compute"), "headers": {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}})

    first, second = emulator.log_lines("agent_computed")
    assert [first["trace_id"], second["trace_id"]] == ids
    assert first["function_request_id"] != second["function_request_id"]
    assert [first["cold_start"], second["cold_start"]] == [True, False]


def test_a_lone_surrogate_does_not_end_the_runtime(sandbox: Sandbox) -> None:
    """The real runtime writes UTF-8: text that cannot be written is refused on its way in."""
    emulator = sandbox("ComputeFunction")
    body = '{"user_id":"u","tasks":[{"id":"1","title":"\\ud800","due_at":"2026-03-12"}]}'
    given = {**sample_event("compute"), "body": body}

    answer = emulator.invoke(given)

    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (422, "invalid_request")
    assert emulator.invoke(sample_event("compute"))["statusCode"] == 200
    assert "Runtime.ExitError" not in emulator.log


class HangingModel:
    """A server that takes a request and says nothing until it is released."""

    def __init__(self) -> None:
        self.asked, self.release = threading.Event(), threading.Event()
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                model.asked.set()
                model.release.wait(timeout=30)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()
