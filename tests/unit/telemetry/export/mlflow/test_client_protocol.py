"""When MLflow's client is loaded."""

from collections.abc import Iterator

import pytest

from oo.deadline import Deadline
from oo.telemetry.export.exporter import Unreachable
from oo.telemetry.export.mlflow.client_protocol import ClientProtocol, SendRebuilt
from oo.telemetry.export.mlflow.experiment import Experiment
from oo.telemetry.export.mlflow.server import Credentials, MlflowServer
from oo.telemetry.spans import Trace
from testing.fake_mlflow import FakeMlflow, fake_mlflow
from testing.free_port import free_port
from tests.unit.telemetry.fixtures import finished_trace


class Client:
    """Counts its loads, and records its input."""

    def __init__(self) -> None:
        self.loaded = 0
        self.sent: list[tuple[Trace, str]] = []

    def load(self) -> SendRebuilt:
        self.loaded += 1
        return lambda trace, experiment_id: self.sent.append((trace, experiment_id))


@pytest.fixture
def mlflow() -> Iterator[FakeMlflow]:
    with fake_mlflow() as server:
        yield server


def export(url: str, client: Client, *traces: Trace) -> None:
    server = MlflowServer(url, Credentials())
    protocol = ClientProtocol(server, Experiment(server, "oO/serving"), client.load)
    try:
        for trace in traces:
            protocol.send(trace, Deadline.after(5))
    finally:
        server.close()


def test_the_client_is_loaded_once_and_gets_every_trace(mlflow: FakeMlflow) -> None:
    """The server is asked for the experiment before each of them."""
    client, traces = Client(), [finished_trace(), finished_trace()]

    export(mlflow.url, client, *traces)

    assert (client.loaded, client.sent) == (1, [(trace, "7") for trace in traces])
    assert mlflow.requests == 2


def test_the_lines_of_a_trace_follow_its_spans(mlflow: FakeMlflow) -> None:
    """The client has written lines of its own."""
    client, trace = Client(), finished_trace()
    trace.asked = "orchestrator-2: 5 tasks, 3 snippets"

    export(mlflow.url, client, trace)

    assert client.sent == [(trace, "7")]
    assert [info["request_preview"] for info in mlflow.infos] == [trace.asked]


def test_a_server_that_does_not_answer_is_found_out_before_the_client_is_loaded() -> None:
    """The client would wait on it, a request a span, without an end."""
    client = Client()

    with pytest.raises(Unreachable):
        export(f"http://127.0.0.1:{free_port()}", client, finished_trace())

    assert client.loaded == 0
