"""An operator's next move, by the answer that took no trace, with each protocol."""

import pytest

from oo.bootstrap.exporters import mlflow_exporter
from oo.bootstrap.settings import TraceSettings
from oo.deadline import Deadline
from oo.telemetry.export.exporter import ExportFailed
from oo.telemetry.export.mlflow import hints
from oo.telemetry.export.mlflow.server import Credentials, MlflowServer
from testing.fake_mlflow import FakeMlflow, fake_mlflow, http_answer
from testing.raw_server import Connection, serving
from tests.unit.telemetry.fixtures import finished_trace

ANSWERS = (
    ("403 Forbidden", b"Invalid Host header - possible DNS rebinding attack detected", "--allowed-hosts"),
    ("403 Forbidden", b"Permission denied", "EDIT"),
    ("401 Unauthorized", b"You are not authenticated", "MLFLOW_TRACKING_TOKEN"),
    ("413 Request Entity Too Large", b"<html>canary</html>", "TRACE_CONTENT=redacted"),
)
JSON_403 = b'{"error_code": "PERMISSION_DENIED", "message": "canary"}'


def refusing(server: FakeMlflow, status: str, body: bytes, *, lookup: bool) -> None:
    """The server refuses traces, and the look-up of the experiment before them where `lookup` says so."""

    def answer(connection: Connection) -> None:
        if connection.head.startswith(b"POST ") or lookup:
            connection.send(http_answer(body, status, content_type="text/plain"))
            return
        server.answer = None
        server.reply(connection)
        server.answer = answer

    server.answer = answer


def failure(protocol: str, status: str, body: bytes, *, lookup: bool) -> ExportFailed:
    """How an export ends at such a server."""
    with fake_mlflow() as server:
        refusing(server, status, body, lookup=lookup)
        settings = TraceSettings.from_environment(
            {"MLFLOW_TRACKING_URI": server.url, "MLFLOW_TRACE_PROTOCOL": protocol}
        )
        exporter = mlflow_exporter(settings, "tip-service")
        with pytest.raises(ExportFailed) as caught:
            exporter.export(finished_trace(), Deadline.after(30))
        exporter.close()
    return caught.value


@pytest.mark.parametrize("protocol", ["otlp", "client"])
@pytest.mark.parametrize("lookup", [True, False], ids=["look-up", "trace"])
def test_a_refusal_says_what_to_do(protocol: str, lookup: bool) -> None:  # noqa: FBT001  # one fact of the case
    """By the status, and by the text of the host check; nothing of an answer is in the failure."""
    for status, body, wanted in (*ANSWERS, ("403 Forbidden", JSON_403, "EDIT")):
        failed = failure(protocol, status, body, lookup=lookup)

        assert failed.status == int(status[:3]), status
        assert wanted in (failed.hint or ""), status
        assert "canary" not in str(failed)


def test_a_server_that_fails_is_no_matter_of_its_address() -> None:
    """A hint at the settings would mislead."""
    failed = failure("otlp", "503 Service Unavailable", b"", lookup=True)

    assert (failed.status, failed.hint) == (503, None)


def test_an_answer_before_the_end_of_the_body_is_read() -> None:
    """An ingress refuses a large trace by its length, and closes the connection."""

    def refuse_early(connection: Connection) -> None:
        connection.send(http_answer(b"", "413 Request Entity Too Large"))
        connection.hang()

    with serving(refuse_early) as server:
        answer = MlflowServer(server.url, Credentials()).request("/x", Deadline.after(30), body=b"x" * 20_000_000)

    assert (answer.status, answer.hint) == (413, hints.TOO_LARGE)
