"""Exports to a server that fails, in each way, over real connections: their cost, and their end."""

import threading
from dataclasses import dataclass, field

import pytest

from oo.bootstrap.exporters import mlflow_exporter
from oo.bootstrap.settings import TraceSettings
from oo.telemetry.export.after_response import AfterResponse
from oo.telemetry.export.exporter import ExporterFactory
from oo.telemetry.export.worker import ExportWorker
from oo.telemetry.spans import Trace
from testing.fake_mlflow import Answer, fake_mlflow, http_answer
from testing.free_port import free_port
from testing.raw_server import Connection
from tests.unit.telemetry.fixtures import Clock, Log, dropped, finished_trace

CEILING_S = 0.15
LONGER_S = 0.5
"""Enough for a request to arrive on a busy machine."""
PATIENCE_S = 30.0
CANARY = "canary-of-the-server"
PAGE = f"<html>{CANARY}</html>".encode()
ON_FULL_HEADERS = b"HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n"
SLOWLY_S = 1.0


def says(status: str, body: bytes = PAGE) -> Answer:
    return lambda connection: connection.send(
        http_answer(body, status, content_type="text/html", location="http://[::1]/")
    )


def drips_its_headers(connection: Connection) -> None:
    connection.drip(b"HTTP/1.1 200 OK\r\n" + b"x: 1\r\n" * 90, SLOWLY_S)


def drips_its_body(connection: Connection) -> None:
    connection.send(ON_FULL_HEADERS)
    connection.drip(b" " * 9000, SLOWLY_S)


def drips_faster_than_anybody_waits(connection: Connection) -> None:
    """Each read ends in time, and none is the last."""
    connection.send(ON_FULL_HEADERS)
    connection.drip(b" " * 9000, CEILING_S / 10)


SILENT: dict[str, Answer] = {
    "says nothing": lambda connection: connection.hang(PATIENCE_S),
    "drips its headers": drips_its_headers,
    "drips its body": drips_its_body,
    "drips faster": drips_faster_than_anybody_waits,
    "resets": Connection.reset,
    "speaks no HTTP": lambda connection: connection.send(b"hello\r\n\r\n"),
}
"""No server answers in time."""

ANSWERING: dict[str, Answer] = {
    "fails with a page": says("500 Internal Server Error"),
    "redirects": says("302 Found"),
    "wants a sign-in": says("401 Unauthorized"),
    "shows a page": says("200 OK"),
    "answers nothing": says("204 No Content", b""),
}


@dataclass
class Exports:
    """Everything behind an answer, with a wall clock that stands still."""

    address: str
    ceiling_s: float = CEILING_S
    clock: Clock = field(default_factory=Clock)
    log: Log = field(default_factory=Log)

    def __post_init__(self) -> None:
        settings = TraceSettings(mlflow_tracking_uri=self.address)
        factory = ExporterFactory("mlflow", lambda loading: mlflow_exporter(settings, "tip-service", loading=loading))
        self.worker = ExportWorker([factory], self.log.logger, self.clock)

    def one(self, *others: Trace) -> None:
        """Export a trace behind others, until each was taken or lost."""
        after_response = AfterResponse(self.worker, self.log.logger, ceiling_s=self.ceiling_s, wall_clock=self.clock)
        for trace in (*others, finished_trace()):
            after_response.hand_over(trace)
        after_response.drain()


def until_no_export_runs() -> None:
    """Exports that were abandoned end by themselves, soon."""
    for thread in threading.enumerate():
        if thread.name == "trace-export":
            thread.join(PATIENCE_S)
            assert not thread.is_alive()


@pytest.mark.parametrize("fault", SILENT.values(), ids=SILENT.keys())
def test_a_server_that_does_not_answer_costs_one_ceiling(fault: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    """After the first trace the breaker is open: the next ones are lost at once, untried, with one log line."""
    with fake_mlflow(fault) as server:
        exports = Exports(server.url)
        for _ in range(4):
            exports.one()
        until_no_export_runs()

        assert server.requests <= 1
    assert dropped(capsys.readouterr().out) == 4
    (line,) = exports.log.lines
    assert (line["message"], line["level"], line["error_type"]) == ("trace_export_failed", "WARNING", "Unreachable")


@pytest.mark.parametrize("fault", ANSWERING.values(), ids=ANSWERING.keys())
def test_a_server_that_answers_anything_else_is_asked_again(fault: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    """The breaker stays closed; the log has one line per minute, without the server's text."""
    with fake_mlflow(fault) as server:
        exports = Exports(server.url, ceiling_s=PATIENCE_S)
        for _ in range(4):
            exports.one()
        exports.clock.now += 60
        exports.one()

        assert server.requests >= 5
    written = capsys.readouterr().out
    assert dropped(written) == 5
    assert [line["dropped"] for line in exports.log.lines] == [1, 4]
    assert CANARY not in written + str(exports.log.lines)


def test_a_port_that_nobody_listens_on_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    exports = Exports(f"http://127.0.0.1:{free_port()}")

    for _ in range(3):
        exports.one()

    assert dropped(capsys.readouterr().out) == 3
    assert [(line["message"], line["cause"]) for line in exports.log.lines] == [("trace_export_failed", "refused")]


@pytest.mark.parametrize("fault", [*SILENT.values(), *ANSWERING.values()], ids=[*SILENT, *ANSWERING])
def test_a_server_that_heals_gets_every_trace_again(fault: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    """A minute after the failure at the latest; of the healthy time nothing is lost."""
    with fake_mlflow(fault) as server:
        exports = Exports(server.url)
        exports.one()
        until_no_export_runs()
        server.answer = None
        exports.clock.now += 60
        exports.ceiling_s = PATIENCE_S
        for _ in range(3):
            exports.one()

        assert len(server.exports) == 3
    assert dropped(capsys.readouterr().out) == 1


def test_within_the_minute_nothing_is_asked_of_a_server_that_was_silent() -> None:
    """Not even a recovered server gets a request, so that calls do not wait one after the other."""
    with fake_mlflow(Connection.reset) as server:
        exports = Exports(server.url, ceiling_s=PATIENCE_S)
        exports.one()
        server.answer = None
        exports.clock.now += 59.9
        exports.one()

        assert (server.requests, server.exports) == (1, [])


def test_an_abandoned_export_leaves_no_thread_behind() -> None:
    """The number of threads is the same after any number of hanging requests."""
    with fake_mlflow(lambda connection: connection.hang(PATIENCE_S)) as server:
        exports = Exports(server.url, ceiling_s=LONGER_S)
        for _ in range(5):
            exports.one()
            until_no_export_runs()
            exports.clock.now += 60

        assert server.requests == 5


def test_a_trace_that_cannot_be_written_is_lost_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """A span's values are only read here, after the answer."""

    class Hostile:
        def __str__(self) -> str:
            raise ZeroDivisionError(CANARY)

    with fake_mlflow() as server:
        exports = Exports(server.url, ceiling_s=PATIENCE_S)
        spoilt = finished_trace()
        spoilt.spans[0].outputs["content"] = Hostile()
        exports.one(spoilt)

        assert len(server.exports) == 1
    assert dropped(capsys.readouterr().out) == 1
    assert [(line["level"], line["error_type"]) for line in exports.log.lines] == [("WARNING", "ZeroDivisionError")]
    assert CANARY not in str(exports.log.lines)
