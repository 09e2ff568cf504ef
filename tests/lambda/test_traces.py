"""All traces leave a real sandbox after the answer, through freezes, crashes and shutdowns."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from testing.emulator import Emulator
from testing.fake_mlflow import FakeMlflow, fake_mlflow, http_answer
from testing.http_events import http_event
from testing.moved_clock import MovedClock
from testing.raw_server import Connection

Sandbox = Callable[..., Emulator]

CALLS = 200
SLOWLY_S = 0.3


def tip_event(user_id: str) -> dict[str, Any]:
    return http_event("POST", "/recommend", {"user_id": user_id, "agent_outputs": []})


@pytest.fixture
def mlflow() -> Iterator[FakeMlflow]:
    """A healthy server, until a test spoils it."""
    with fake_mlflow() as server:
        yield server


def test_every_call_leaves_its_trace_after_its_answer_and_before_the_next_call(
    sandbox: Sandbox, mlflow: FakeMlflow
) -> None:
    """200 answers name the ids of 200 traces, which reach MLflow one by one, none before its answer is out."""
    emulator = sandbox("RecommendFunction", {"MLFLOW_TRACKING_URI": mlflow.url})

    answers = [emulator.invoke(tip_event(f"user-{number}")) for number in range(CALLS)]

    assert [answer["headers"]["x-trace-id"] for answer in answers] == mlflow.trace_ids
    assert [receipt(answer)["serve_id"] for answer in answers] == [
        export.texts["mlflow.traceTag.serve_id"] for export in mlflow.exports
    ]
    assert len(set(mlflow.trace_ids)) == CALLS
    gaps = zip(mlflow.exports, emulator.answered_at, strict=True)
    assert median(export.arrived_at - answered_at for export, answered_at in gaps) > 0
    following = zip(mlflow.exports, emulator.begun_at[1:], strict=False)
    assert all(export.answered_at < begun_at + 0.001 for export, begun_at in following)


def test_a_page_in_the_servers_place_is_no_delivery(sandbox: Sandbox, mlflow: FakeMlflow) -> None:
    """The server accepted traces until a sign-in was put in front of it, which answers every request with a 200."""
    emulator = sandbox("RecommendFunction", {"MLFLOW_TRACKING_URI": mlflow.url})
    emulator.invoke(tip_event("user"))
    mlflow.answer = lambda connection: connection.send(http_answer(b"<html>", content_type="text/html; charset=utf-8"))
    emulator.invoke(tip_event("user"))

    assert len(mlflow.exports) == 1
    assert [line["status"] for line in emulator.log_lines("trace_export_failed")] == [200]
    assert emulator.counted("TraceDropped") == 1


def receipt(answer: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer["body"])["receipt"]
    return found


def test_a_server_that_takes_its_time_keeps_the_sandbox_and_nobody_else(sandbox: Sandbox, mlflow: FakeMlflow) -> None:
    """The answer is out long before the server has spoken, and the trace is not lost."""
    mlflow.delay_s = SLOWLY_S
    emulator = sandbox("RecommendFunction", {"MLFLOW_TRACKING_URI": mlflow.url})

    calls = [emulator.timed(tip_event("user")) for _ in range(5)]

    assert max(call.took_s for call in calls) < SLOWLY_S <= min(call.held_s for call in calls)
    assert len(mlflow.exports) == len(calls)


def test_an_export_ends_before_lambda_would_end_the_sandbox(sandbox: Sandbox, mlflow: FakeMlflow) -> None:
    """With 3 s for a call, a server that says nothing is waited for half a second less than that."""
    mlflow.answer = lambda connection: connection.hang(60)
    emulator = sandbox("RecommendFunction", {"MLFLOW_TRACKING_URI": mlflow.url}, timeout=3)

    call = emulator.timed(tip_event("user"))
    runtime = emulator.runtime_pid()

    assert 1 < call.held_s < 3
    assert (emulator.invoke(tip_event("user"))["statusCode"], emulator.runtime_pid()) == (200, runtime)
    assert "timed out" not in emulator.log


def test_a_server_that_heals_gets_traces_again(sandbox: Sandbox, mlflow: FakeMlflow, tmp_path: Path) -> None:
    """A minute after its last failure it is tried again; only the traces in between are lost."""
    clock = MovedClock(tmp_path)
    emulator = sandbox(
        "RecommendFunction", {"MLFLOW_TRACKING_URI": mlflow.url, **clock.settings}, hooked=True, timeout=900
    )
    healthy = [emulator.invoke(tip_event("user")) for _ in range(3)]
    mlflow.answer = Connection.reset
    for _ in range(4):
        emulator.invoke(tip_event("user"))

    mlflow.answer = None
    clock.move(59)
    emulator.invoke(tip_event("user"))
    clock.move(61)
    healthy += [emulator.invoke(tip_event("user")) for _ in range(3)]

    assert mlflow.trace_ids == [answer["headers"]["x-trace-id"] for answer in healthy]
    assert emulator.counted("TraceDropped") == 5
