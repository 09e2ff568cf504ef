"""The Extensions API as the extension speaks it."""

import json
import threading

import pytest

from oo.telemetry.export.after_response import AfterResponse
from oo.telemetry.export.invocations import InvokeEvent, PollFailed
from oo.telemetry.export.lambda_extension import Extension, ExtensionRefused
from testing.free_port import free_port
from testing.raw_server import STOP_S, Connection, RawServer, Script, response, serving
from tests.unit.telemetry.fixtures import Kept, Log, worker_of

REGISTERED = response(b"{}", "200 OK\r\nLambda-Extension-Identifier: e-1")
EVENT = {"eventType": "INVOKE", "requestId": "r-1", "deadlineMs": 1_700_000_000_123, "invokedFunctionArn": "arn"}


def saying(answer: bytes, heads: list[bytes] | None = None, bodies: list[bytes] | None = None) -> Script:
    """One response; `heads` and `bodies` get the request."""

    def script(connection: Connection) -> None:
        if connection.request():
            (heads if heads is not None else []).append(connection.head)
            (bodies if bodies is not None else []).append(connection.body)
            connection.send(answer)

    return script


def api(server: RawServer) -> str:
    """Host and port, as Lambda tells them."""
    return server.url.removeprefix("http://")


def test_it_registers_for_calls_and_nothing_else() -> None:
    """Inside of a function's process no other event may be asked for."""
    heads: list[bytes] = []
    bodies: list[bytes] = []
    with serving(saying(REGISTERED, heads, bodies)) as server:
        Extension.register(api(server))

    assert heads[0].startswith(b"POST /2020-01-01/extension/register HTTP/1.0\r\n")
    assert b"Lambda-Extension-Name: tip-service-traces" in heads[0]
    assert json.loads(bodies[0]) == {"events": ["INVOKE"]}


@pytest.mark.parametrize(
    "script",
    [
        saying(response(b"{}", "403 Forbidden\r\nLambda-Extension-Identifier: e-1")),
        saying(response(b"{}")),
        saying(b"no HTTP\r\n\r\n"),
        Connection.reset,
    ],
    ids=["forbids", "names none", "speaks no HTTP", "resets"],
)
def test_what_does_not_register_it_refuses_it(script: Script) -> None:
    with serving(script) as server, pytest.raises(ExtensionRefused):
        Extension.register(api(server))


def test_where_nobody_listens_it_is_refused() -> None:
    with pytest.raises(ExtensionRefused):
        Extension.register(f"127.0.0.1:{free_port()}")


def test_asking_for_the_next_call_names_the_extension_and_brings_the_call() -> None:
    heads: list[bytes] = []
    with serving(saying(response(json.dumps(EVENT).encode()), heads)) as server:
        call = Extension(api(server), "e-1").next_call()

    assert call == InvokeEvent("r-1", 1_700_000_000_123)
    assert heads[0].startswith(b"GET /2020-01-01/extension/event/next HTTP/1.0\r\n")
    assert b"Lambda-Extension-Identifier: e-1" in heads[0]


def test_an_event_is_read_as_far_as_its_length_says() -> None:
    """The API may keep the connection."""

    def keeps_the_connection(connection: Connection) -> None:
        connection.request()
        connection.send(response(json.dumps(EVENT).encode()))
        connection.hang()

    def closes_the_connection(connection: Connection) -> None:
        connection.request()
        connection.send(b"HTTP/1.0 200 OK\r\n\r\n" + json.dumps(EVENT).encode())

    for script in (keeps_the_connection, closes_the_connection):
        with serving(script) as server:
            call = Extension(api(server), "e-1").next_call()

        assert call.request_id == "r-1"


@pytest.mark.parametrize(
    "script",
    [
        saying(response(b'{"errorType": "Extension.UnknownExtensionIdentifier"}', "403 Forbidden")),
        saying(response(b'{"eventType": "SHUTDOWN", "deadlineMs": 1}')),
        saying(response(b"[]")),
        saying(response(b"")),
        saying(response(b"\xff")),
        Connection.reset,
    ],
    ids=["forbids", "shuts down", "sends a list", "sends nothing", "sends no text", "resets"],
)
def test_an_answer_without_a_call_is_a_failed_poll(script: Script) -> None:
    """The caller decides when to poll again."""
    with serving(script) as server, pytest.raises(PollFailed):
        Extension(api(server), "e-1").next_call()


def test_a_failed_poll_names_the_status() -> None:
    """An event in the body of an error is none."""
    failing = saying(response(json.dumps(EVENT).encode(), "500 Internal Server Error"))
    with serving(failing) as server, pytest.raises(PollFailed) as caught:
        Extension(api(server), "e-1").next_call()

    assert caught.value.reason == 500


POLLS = 9
"""More than fit into three seconds at the pauses of an outage that lasts."""


def cut(connection: Connection) -> None:
    """The question is read, and the connection reset."""
    connection.request()
    connection.reset()


def forbids(connection: Connection) -> None:
    saying(response(b"{}", "403 Forbidden"))(connection)


@pytest.mark.parametrize(
    ("lost", "pauses"),
    [
        ([saying(response(b"{}", "500 Internal Server Error"))], [0.1]),
        ([cut], [0.1]),
        ([forbids] * POLLS, [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0, 2.0, 2.0]),
    ],
    ids=["500 once", "cut once", "403 for long"],
)
def test_a_lost_poll_is_made_again_over_real_connections(lost: list[Script], pauses: list[float]) -> None:
    """The next call is asked for after each pause; one line tells of all of it."""
    log, paused, heard = Log(), list[float](), threading.Event()

    def pause(seconds: float) -> None:
        paused.append(seconds)
        if heard.is_set():
            # The server is gone: without an end here, the thread would poll it for the rest of the run.
            threading.Event().wait()

    def tells_a_call(connection: Connection) -> None:
        connection.request()
        heard.set()
        connection.wait(STOP_S)

    first = saying(response(json.dumps(EVENT | {"deadlineMs": 1}).encode()))
    with serving(first, *lost, tells_a_call) as server:
        AfterResponse(
            worker_of(Kept(), logger=log.logger),
            log.logger,
            calls=Extension(api(server), "e-1"),
            not_begun_s=0.01,
            pause=pause,
        )
        assert heard.wait(30)

    assert (paused[: len(pauses)], [line["message"] for line in log.lines]) == (pauses, ["extension_poll_failed"])
