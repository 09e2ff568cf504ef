"""The look-up of an experiment's id, by the possible responses of a server."""

import json

import pytest

from oo.deadline import Deadline
from oo.telemetry.export.exporter import ExportFailed
from oo.telemetry.export.mlflow.experiment import Experiment
from oo.telemetry.export.mlflow.otlp_protocol import NO_OTLP, OtlpProtocol
from oo.telemetry.export.mlflow.server import Credentials, MlflowServer
from oo.telemetry.spans import Trace
from testing.for_each import for_each
from testing.raw_server import Connection, response, serving
from tests.unit.telemetry.fixtures import finished_trace

FOUND = response(b'{"experiment": {"experiment_id": "7", "lifecycle_stage": "active"}}')
OTHER = response(b'{"experiment": {"experiment_id": "8"}}')
DELETED = response(b'{"experiment": {"experiment_id": "7", "lifecycle_stage": "deleted"}}')
MADE = response(b'{"experiment_id": "9"}')
MISSING = response(b'{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "canary"}', "404 Not Found")
EXISTS = response(b'{"error_code": "RESOURCE_ALREADY_EXISTS"}', "400 Bad Request")
PAGE = response(b"<html>canary</html>")
TAKEN = response(b"")
NO_ROUTE = response(b"<html>canary</html>", "404 Not Found")


class Server:
    """Gives one response per request and records the requests; any further request gets no response."""

    def __init__(self, *answers: bytes) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, bytes]] = []

    def __call__(self, connection: Connection) -> None:
        while connection.request() and self._answers:
            self.asked.append((connection.head.decode().partition(" HTTP/")[0], connection.body))
            connection.send(self._answers.pop(0))

    def experiment_ids(self, times: int = 1, name: str = "oO/serving") -> list[str]:
        """The experiment's ids, one time after the other."""
        with serving(self) as listening:
            server = MlflowServer(listening.url, Credentials())
            experiment = Experiment(server, name)
            try:
                return [experiment.id(Deadline.after(5)) for _ in range(times)]
            finally:
                server.close()

    def export(self, *traces: Trace) -> list[ExportFailed | None]:
        """The outcome of each trace's export over OTLP."""
        outcomes: list[ExportFailed | None] = []
        with serving(self) as listening:
            server = MlflowServer(listening.url, Credentials())
            protocol = OtlpProtocol(server, Experiment(server, "oO/serving"), "tip-service")
            for trace in traces:
                try:
                    protocol.send(trace, Deadline.after(5))
                    outcomes.append(None)
                except ExportFailed as error:
                    outcomes.append(error)
            server.close()
        return outcomes


def test_an_experiment_is_looked_up_once_by_its_name() -> None:
    server = Server(FOUND)

    assert server.experiment_ids(times=3, name="oO/für alle & jeden") == ["7"] * 3
    assert server.asked == [
        ("GET /api/2.0/mlflow/experiments/get-by-name?experiment_name=oO%2Ff%C3%BCr%20alle%20%26%20jeden", b"")
    ]


def test_one_that_does_not_exist_is_made() -> None:
    server = Server(MISSING, MADE)

    assert server.experiment_ids() == ["9"]
    assert server.asked[1][0] == "POST /api/2.0/mlflow/experiments/create"
    assert json.loads(server.asked[1][1]) == {"name": "oO/serving"}


def test_one_that_another_sandbox_makes_meanwhile_is_looked_up_again() -> None:
    assert Server(MISSING, EXISTS, OTHER).experiment_ids() == ["8"]


@for_each(
    ("answers", "status", "hint"),
    [
        ([DELETED], 410, "restore it"),
        ([MISSING, EXISTS, DELETED], 410, "restore it"),
        ([MISSING, response(b"{}", "403 Forbidden")], 403, "sign-in"),
        ([response(b"", "401 Unauthorized")], 401, "sign-in"),
        ([PAGE], 200, "MLFLOW_TRACKING_URI"),
        ([NO_ROUTE], 404, "MLFLOW_TRACKING_URI"),
        ([response(b'{"experiment": "seven"}')], 200, "MLFLOW_TRACKING_URI"),
        ([response(b'{"experiment": {"experiment_id": 7}}')], 200, "MLFLOW_TRACKING_URI"),
    ],
)
def test_a_server_that_names_none_tells_an_operator_what_to_do(answers: list[bytes], status: int, hint: str) -> None:
    """The hint quotes no text of the server."""
    with pytest.raises(ExportFailed) as caught:
        Server(*answers).experiment_ids()

    assert (caught.value.status, hint in (caught.value.hint or "")) == (status, True)
    assert "canary" not in str(caught.value)


def test_a_trace_is_one_message_to_its_experiment() -> None:
    server = Server(FOUND, TAKEN, TAKEN)

    assert server.export(finished_trace(), finished_trace()) == [None, None]
    assert [path for path, _ in server.asked[1:]] == ["POST /v1/traces"] * 2


def test_after_a_trace_that_was_not_taken_the_experiment_is_looked_up_anew() -> None:
    """It may have been deleted and made again under another id."""
    server = Server(FOUND, MISSING, OTHER, TAKEN)

    first, second = server.export(finished_trace(), finished_trace())

    assert (first.status if first else None, second) == (404, None)
    assert [path.partition("?")[0].rpartition("/")[2] for path, _ in server.asked] == [
        "get-by-name",
        "traces",
        "get-by-name",
        "traces",
    ]


@for_each(
    ("answer", "hint"),
    [
        (NO_ROUTE, NO_OTLP),
        (response(b"", "405 Method Not Allowed"), NO_OTLP),
        (response(b'{"detail": "canary"}', "501 Not Implemented"), NO_OTLP),
        (MISSING, None),
        (response(b"<html>canary</html>", "500 Internal Server Error"), None),
        (response(b"", "302 Found"), None),
    ],
)
def test_a_server_without_otlp_is_told_from_one_that_fails(answer: bytes, hint: str | None) -> None:
    """Only the first can be helped by a setting."""
    (failure,) = Server(FOUND, answer).export(finished_trace())

    assert failure is not None
    assert (failure.hint, "canary" in str(failure)) == (hint, False)
