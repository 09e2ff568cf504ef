"""The lines by which a list of traces shows one."""

from collections.abc import Callable, Iterator

import pytest

from oo.deadline import Deadline
from oo.telemetry.export.mlflow.experiment import Experiment
from oo.telemetry.export.mlflow.otlp_protocol import OtlpProtocol
from oo.telemetry.export.mlflow.server import Credentials, MlflowServer
from oo.telemetry.spans import Trace
from testing.fake_mlflow import FakeMlflow, fake_mlflow, http_answer
from testing.raw_server import Connection
from tests.unit.telemetry.fixtures import finished_trace


@pytest.fixture
def mlflow() -> Iterator[FakeMlflow]:
    with fake_mlflow() as server:
        yield server


def told(asked: str, answered: str = "") -> Trace:
    trace = finished_trace()
    trace.asked, trace.answered = asked, answered
    return trace


def export(mlflow: FakeMlflow, trace: Trace) -> None:
    server = MlflowServer(mlflow.url, Credentials())
    try:
        OtlpProtocol(server, Experiment(server, "oO/serving"), "tip-service").send(trace, Deadline.after(5))
    finally:
        server.close()


def test_a_trace_comes_with_its_lines(mlflow: FakeMlflow) -> None:
    """Under its own id, with the times and the state of its root, after its spans."""
    trace = told("v1: 3 tasks", "Call Mum.")
    root = trace.spans[0]
    root.start_ns, root.end_ns, root.error_type = 1_773_307_800_123_456_789, 1_773_307_801_623_456_789, "LLMError"
    export(mlflow, trace)

    assert mlflow.infos == [
        {
            "trace_id": f"tr-{trace.trace_id}",
            "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "7"}},
            "request_time": "2026-03-12T09:30:00.123456789Z",
            "execution_duration": "1.500000s",
            "state": "ERROR",
            "request_preview": "v1: 3 tasks",
            "response_preview": "Call Mum.",
            "trace_metadata": {"mlflow.traceInputs": "v1: 3 tasks", "mlflow.traceOutputs": "Call Mum."},
            "tags": {"mlflow.trace.spansLocation": "TRACKING_STORE"},
        }
    ]
    assert mlflow.trace_ids == [trace.trace_id]


def test_a_trace_without_lines_is_one_request(mlflow: FakeMlflow) -> None:
    """Beside the one for the experiment."""
    export(mlflow, finished_trace())

    assert (mlflow.infos, len(mlflow.trace_ids), mlflow.requests) == ([], 1, 2)


@pytest.mark.parametrize(
    ("answered", "preview", "metadata"),
    [
        ("a\nb\u2028 c\t", "a b c", "a b c"),
        ("x" * 1_000, "x" * 1_000, "x" * 249 + "…"),
        ("x" * 1_001, "x" * 999 + "…", "x" * 249 + "…"),
        ("\ud800", "?", "?"),
    ],
)
def test_a_line_is_one_line_and_not_too_long(mlflow: FakeMlflow, answered: str, preview: str, metadata: str) -> None:
    export(mlflow, told("v1", answered))
    (info,) = mlflow.infos

    assert (info["response_preview"], info["trace_metadata"]["mlflow.traceOutputs"]) == (preview, metadata)


@pytest.mark.parametrize(
    "misbehave",
    [lambda connection: connection.send(http_answer(b"{}", "404 Not Found")), Connection.reset, Connection.hang],
    ids=["refuses", "resets", "hangs"],
)
def test_lines_that_a_server_does_not_take_cost_no_trace(
    mlflow: FakeMlflow, misbehave: Callable[[Connection], None]
) -> None:
    """It lists the trace by the root's inputs then; the spans have come before."""
    healthy = mlflow.reply

    def reply(connection: Connection) -> None:
        (misbehave if connection.head.startswith(b"POST /api/3.0/") else healthy)(connection)

    mlflow.reply = reply  # type: ignore[method-assign]  # a server that misbehaves on one path
    export(mlflow, told("v1: 3 tasks"))

    assert len(mlflow.trace_ids) == 1
