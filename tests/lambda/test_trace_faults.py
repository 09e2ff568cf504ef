"""With every fault of MLflow: the answers, the time they take, the sandbox, the log and the metric."""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from statistics import median
from typing import Any

import pytest

from testing.emulator import Emulator, Invoked
from testing.fake_mlflow import EXPERIMENT, VERSION, Answer, fake_mlflow, http_answer
from testing.free_port import free_port
from testing.raw_server import Connection, serving
from testing.sample_events import sample_event

Sandbox = Callable[..., Emulator]

CALLS = 8
CEILING_S = 3.0
EMULATORS_OWN_S = 0.5
"""The emulator looks only now and then whether a sandbox is at rest."""

CANARY = "canary-of-the-server"
TOKEN = "planted-token"
HTML = f"<html><body>Sign in, please: {CANARY}</body></html>".encode()
FULL_HEADERS = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n"


def drips_headers(connection: Connection) -> None:
    connection.drip(b"HTTP/1.1 200 OK\r\n" + b"x-filler: 1\r\n" * 100, every_s=1.0)


def drips_its_body(connection: Connection) -> None:
    connection.send(FULL_HEADERS)
    connection.drip(b" " * 9000, every_s=1.0)


def takes_no_trace(connection: Connection) -> None:
    """Answer every GET, and hang on every POST."""
    if connection.head.startswith(b"GET /version "):
        connection.send(http_answer(VERSION, content_type="text/plain"))
    elif connection.head.startswith(b"GET "):
        connection.send(http_answer(EXPERIMENT))
    else:
        connection.hang(60)


def answers_late(connection: Connection) -> None:
    with suppress(TimeoutError):
        connection.hang(5.0)
    says(HTML)(connection)


def says(body: bytes, status: str = "200 OK", location: str = "") -> Answer:
    """The page that stands where MLflow should."""
    return lambda connection: connection.send(http_answer(body, status, content_type="text/html", location=location))


@contextmanager
def mlflow(answer: Answer) -> Iterator[str]:
    with fake_mlflow(answer) as server:
        yield server.url


@contextmanager
def redirected() -> Iterator[str]:
    """To a server that would take the traces."""
    with fake_mlflow() as other, mlflow(says(HTML, "302 Found", other.url)) as address:
        yield address
        assert other.requests == 0


@contextmanager
def full() -> Iterator[str]:
    """Connections to it are neither taken nor refused: its queue is full, so that nothing answers the first packet."""
    with socket.socket() as listener, socket.socket() as first:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        first.connect(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def silent_before_tls() -> Iterator[str]:
    def take_the_greeting(connection: Connection) -> None:
        connection.hang(60)
        connection.hang(60)

    with serving(take_the_greeting) as server:
        yield server.url.replace("http:", "https:")


AT_ONCE = (0.0, 0.0)
AT_THE_CEILING = (2.5, CEILING_S)
BY_THE_CEILING = (0.0, CEILING_S)


@dataclass(frozen=True)
class Fault:
    """`ends` is when the first export is over, at the earliest and at the latest, in seconds."""

    mlflow: Callable[[], AbstractContextManager[str]]
    ends: tuple[float, float] = AT_ONCE
    protocol: str = "otlp"


FAULTS = {
    "refuses": Fault(lambda: nullcontext(f"http://127.0.0.1:{free_port()}")),
    "has no address": Fault(lambda: nullcontext("https://mlflow.invalid"), BY_THE_CEILING),
    "takes no connection": Fault(full, AT_THE_CEILING),
    "says nothing to TLS": Fault(silent_before_tls, AT_THE_CEILING),
    "says nothing": Fault(lambda: mlflow(lambda connection: connection.hang(60)), AT_THE_CEILING),
    "answers late": Fault(lambda: mlflow(answers_late), AT_THE_CEILING),
    "drips its headers": Fault(lambda: mlflow(drips_headers), AT_THE_CEILING),
    "drips its body": Fault(lambda: mlflow(drips_its_body), AT_THE_CEILING),
    "takes no trace": Fault(lambda: mlflow(takes_no_trace), AT_THE_CEILING),
    "takes none from its client": Fault(lambda: mlflow(takes_no_trace), AT_THE_CEILING, "client"),
    "breaks the connection": Fault(lambda: mlflow(Connection.reset)),
    "fails with a page": Fault(lambda: mlflow(says(HTML, "500 Internal Server Error"))),
    "shows a page": Fault(lambda: mlflow(says(HTML))),
    "redirects": Fault(redirected),
    "knows nobody": Fault(lambda: mlflow(says(HTML, "401 Unauthorized"))),
}


@dataclass(frozen=True)
class Run:
    """The same calls in a sandbox with a fault and in one without MLflow, in turns."""

    fault: Fault
    sandbox: Emulator
    calls: list[Invoked]
    plain_calls: list[Invoked]


@pytest.fixture(scope="module")
def plain_sandbox(lasting_sandbox: Sandbox) -> Emulator:
    """One without MLflow that has been called before."""
    sandbox = lasting_sandbox("RecommendFunction")
    sandbox.invoke(sample_event("recommend"))
    return sandbox


@pytest.fixture(scope="module", params=FAULTS)
def run(request: pytest.FixtureRequest, lasting_sandbox: Sandbox, plain_sandbox: Emulator) -> Iterator[Run]:
    """The course of one fault."""
    fault = FAULTS[request.param]
    with fault.mlflow() as address:
        settings = {
            "MLFLOW_TRACKING_URI": address,
            "MLFLOW_TRACKING_TOKEN": TOKEN,
            "MLFLOW_TRACE_PROTOCOL": fault.protocol,
        }
        sandbox = lasting_sandbox("RecommendFunction", settings)
        event = sample_event("recommend")
        pairs = [(sandbox.timed(event), plain_sandbox.timed(event)) for _ in range(CALLS)]
        yield Run(fault, sandbox, [call for call, _ in pairs], [call for _, call in pairs])


def test_answers_are_those_without_mlflow(run: Run) -> None:
    """Byte for byte, but for the id that is every answer's own."""
    assert {shown(call.answer) for call in run.calls} == {shown(run.plain_calls[0].answer)}
    assert run.calls[0].answer["statusCode"] == 200


def test_answers_take_no_longer(run: Run) -> None:
    """The emulator's own figure, from handing the event over until the answer is posted."""
    plain_s = median(call.took_s for call in run.plain_calls)

    assert median(call.took_s for call in run.calls[1:]) <= 1.5 * plain_s + 0.010


def test_the_sandbox_is_kept_awake_up_to_the_ceiling_and_once(run: Run) -> None:
    """A silent server is waited for once; one that refuses or answers is not waited for at all."""
    first, *later = [call.held_s for call in run.calls]

    least, most = run.fault.ends
    assert least <= first <= most + EMULATORS_OWN_S
    assert max(later) <= EMULATORS_OWN_S


def test_every_lost_trace_is_counted_and_the_log_is_told_once(run: Run) -> None:
    lines = run.sandbox.log_lines("trace_export_failed")

    assert run.sandbox.counted("TraceDropped") == CALLS
    assert [(line["level"], line["exporter"], line["dropped"]) for line in lines] == [("WARNING", "mlflow", 1)]


def test_nothing_of_the_server_or_its_token_gets_into_the_log(run: Run) -> None:
    assert not [secret for secret in (CANARY, TOKEN, "<html", "Traceback") if secret in run.sandbox.log]


def test_without_the_layer_of_mlflows_client_answers_are_as_without_mlflow(
    lasting_sandbox: Sandbox, plain_sandbox: Emulator
) -> None:
    """One line at the start names the setting; no trace is sent, so none is lost."""
    event = sample_event("recommend")
    with fake_mlflow() as server:
        settings = {"MLFLOW_TRACKING_URI": server.url, "MLFLOW_TRACE_PROTOCOL": "client"}
        sandbox = lasting_sandbox("RecommendFunction", settings, layers=("AgentsLayer",))
        answers = {shown(sandbox.invoke(event)) for _ in range(2)}

    [line] = sandbox.log_lines("tracing_off")
    assert {shown(plain_sandbox.invoke(event))} == answers
    assert (line["level"], line["setting"]) == ("ERROR", "MLFLOW_TRACE_PROTOCOL")
    assert (server.requests, sandbox.counted("TraceDropped")) == (0, 0)


def shown(answer: dict[str, Any]) -> str:
    """An answer as a caller sees it, without its own id."""
    return re.sub(r'"serve_id":"[0-9a-f]{32}"', '"serve_id":""', str(answer).replace('\\"', '"'))
