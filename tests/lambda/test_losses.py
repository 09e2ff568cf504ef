"""A sandbox loses its process, its disk, its log or its daemon: the cost, and its duration."""

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from testing.emulator import Emulator
from testing.fake_mlflow import FakeMlflow, fake_mlflow
from testing.free_port import free_port
from testing.http_events import http_event

Sandbox = Callable[..., Emulator]


def tip_event(user_id: str = "user") -> dict[str, Any]:
    return http_event("POST", "/recommend", {"user_id": user_id, "agent_outputs": []})


@pytest.fixture
def mlflow() -> Iterator[FakeMlflow]:
    with fake_mlflow() as server:
        yield server


@pytest.mark.parametrize("way", ["ends-at-once", "aborts", "exits", "is-interrupted"])
def test_a_call_that_ends_the_process_costs_itself_only(sandbox: Sandbox, mlflow: FakeMlflow, way: str) -> None:
    """Lambda reports an error; the next call gets a new runtime, whose traces arrive like those of the first."""
    emulator = sandbox("RecommendFunction", {"MLFLOW_TRACKING_URI": mlflow.url}, hooked=True, handler="ending.handler")
    answers = [emulator.invoke(tip_event())]
    first_runtime = emulator.runtime_pid()

    assert "errorType" in emulator.invoke(tip_event(way))

    answers.append(emulator.invoke(tip_event()))
    assert [answer["statusCode"] for answer in answers] == [200, 200]
    assert emulator.runtime_pid() != first_runtime
    assert {answer["headers"]["x-trace-id"] for answer in answers} <= set(mlflow.trace_ids)


def test_a_call_that_runs_out_of_memory_is_answered(sandbox: Sandbox) -> None:
    """If Python still runs, it is an unexpected error, and the runtime survives."""
    emulator = sandbox("RecommendFunction", hooked=True, handler="ending.handler")
    emulator.invoke(tip_event())
    first_runtime = emulator.runtime_pid()

    answer = emulator.invoke(tip_event("runs-out-of-memory"))

    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (500, "internal_error")
    assert (emulator.invoke(tip_event())["statusCode"], emulator.runtime_pid()) == (200, first_runtime)


def test_nothing_needs_a_disk_that_can_be_written(sandbox: Sandbox, mlflow: FakeMlflow) -> None:
    """From the start on no file is opened for writing, on the way to the answer and on the way to MLflow."""
    emulator = sandbox("RecommendFunction", {"MLFLOW_TRACKING_URI": mlflow.url, "READ_ONLY_DISK": "1"}, hooked=True)

    answers = [emulator.invoke(tip_event()) for _ in range(2)]

    assert [answer["statusCode"] for answer in answers] == [200, 200]
    assert len(mlflow.exports) == 2


@pytest.mark.parametrize("is_up", [True, False])
def test_a_log_that_nobody_reads_costs_no_answer(sandbox: Sandbox, mlflow: FakeMlflow, *, is_up: bool) -> None:
    """Lines and metrics are lost, those about lost traces as well; answers and traces are not."""
    address = mlflow.url if is_up else f"http://127.0.0.1:{free_port()}"
    emulator = sandbox("RecommendFunction", {"MLFLOW_TRACKING_URI": address, "CLOSED_STDOUT": "1"}, hooked=True)

    answers = [emulator.invoke(tip_event()) for _ in range(3)]

    assert [answer["statusCode"] for answer in answers] == [200, 200, 200]
    assert len(mlflow.exports) == (3 if is_up else 0)
    assert emulator.log_lines() == []


def test_an_x_ray_daemon_is_told_of_the_calls_that_x_ray_wants(sandbox: Sandbox) -> None:
    """Under the segment that Lambda opened for the call."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(20)
        settings = {"AWS_XRAY_DAEMON_ADDRESS": f"127.0.0.1:{daemon.getsockname()[1]}"}
        sandbox("RecommendFunction", settings, hooked=True, handler="sampled.handler").invoke(tip_event())
        sent = iter(lambda: json.loads(daemon.recv(65_536).partition(b"\n")[2]), None)
        root = next(subsegment for subsegment in sent if subsegment["parent_id"] == "53995c3f42cd8ad8")

    assert (root["name"], root["trace_id"]) == ("recommend", "1-5759e988-bd862e3fe1be46a994272793")


def test_an_x_ray_daemon_that_is_not_there_is_not_missed(sandbox: Sandbox, mlflow: FakeMlflow) -> None:
    """Datagrams go nowhere: answers come, and the other exporter gets its traces."""
    settings = {"AWS_XRAY_DAEMON_ADDRESS": f"127.0.0.1:{free_port()}", "MLFLOW_TRACKING_URI": mlflow.url}
    emulator = sandbox("RecommendFunction", settings, hooked=True, handler="sampled.handler")

    answers = [emulator.invoke(tip_event()) for _ in range(3)]

    assert [answer["statusCode"] for answer in answers] == [200, 200, 200]
    assert mlflow.trace_ids == [answer["headers"]["x-trace-id"] for answer in answers]
    assert "Traceback" not in emulator.log
    assert emulator.log_lines("trace_export_failed") == []
