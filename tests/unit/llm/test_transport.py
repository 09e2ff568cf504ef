import gc
import json
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any, Protocol

import httpx
import pytest

from oo.deadline import Deadline
from oo.errors import LLMError, LLMOversize, LLMTimeout, LLMUnreachable
from oo.llm.client import LiteLLMClient
from oo.llm.transport import KEPT_S, KeptTransport
from testing.raw_server import STOP_S, Connection, RawServer, response, serving
from testing.wire import KEY, ask_once, completion

ANSWER = response(json.dumps(completion("hi")).encode())
BUDGET_S = 0.3


class WallClock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


trust = cache(httpx.create_ssl_context)


class ClientFor(Protocol):
    def __call__(self, server: RawServer, wall_clock: Callable[[], float] = ...) -> LiteLLMClient: ...


@pytest.fixture
def client_for() -> Iterator[ClientFor]:
    """Clients that keep their connections, until the test ends."""
    with ExitStack() as kept:

        def make(server: RawServer, wall_clock: Callable[[], float] = time.time) -> LiteLLMClient:
            transport = kept.enter_context(KeptTransport(trust(), wall_clock))
            return LiteLLMClient(base_url=server.url, key=lambda **_: KEY, transport=transport)

        yield make


def answers(connection: Connection) -> None:
    """Answer every request."""
    while connection.request():
        connection.send(ANSWER)


def answers_once_then_dies(connection: Connection) -> None:
    """Answer one request, and close on the next one as a proxy does whose idle limit has just passed."""
    connection.request()
    connection.send(ANSWER)
    connection.request()


def hangs(connection: Connection) -> None:
    connection.request()
    connection.hang()


def drips_its_body(connection: Connection) -> None:
    connection.request()
    connection.send(b"HTTP/1.1 200 OK\r\ncontent-length: 4000\r\n\r\n")
    connection.drip(b"x" * 4000)


def drips_its_headers(connection: Connection) -> None:
    connection.request()
    connection.drip(b"HTTP/1.1 200 OK\r\n" + b"x-filler: 1\r\n" * 400)


def drips_interim_answers(connection: Connection) -> None:
    connection.request()
    connection.drip(b"HTTP/1.1 102 Processing\r\n\r\n" * 200)


def closes(connection: Connection) -> None:
    connection.request()


def cuts_its_body(connection: Connection) -> None:
    connection.request()
    connection.send(b"HTTP/1.1 200 OK\r\ncontent-length: 4000\r\n\r\n{")


def speaks_no_http(connection: Connection) -> None:
    connection.request()
    connection.send(b"220 mail.test ESMTP\r\n")


def never_ends(connection: Connection) -> None:
    connection.request()
    connection.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        connection.send(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_of_the_environment_is_not_used(
    name: str, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No variable sends the key elsewhere."""
    with serving(answers) as server, serving(speaks_no_http) as elsewhere:
        monkeypatch.setenv(name, elsewhere.url)

        assert ask_once(client_for(server)).text == "hi"


@pytest.mark.parametrize("script", [hangs, drips_its_body, drips_its_headers, drips_interim_answers])
def test_the_limit_is_one_of_the_wall_clock(script: Callable[[Connection], None], client_for: ClientFor) -> None:
    """A server that drips bytes for most of a minute ends as one that is silent; waited out, it is another error."""
    with serving(script) as server, pytest.raises(LLMTimeout):
        ask_once(client_for(server), BUDGET_S)


def floods_with_interim_answers(connection: Connection) -> None:
    connection.request()
    while True:
        connection.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000)


def floods_with_tiny_chunks(connection: Connection) -> None:
    connection.request()
    connection.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        connection.send(b"1\r\n \r\n" * 1_000)


@pytest.mark.parametrize("flood", [floods_with_interim_answers, floods_with_tiny_chunks])
def test_a_flood_ends_at_the_deadline(flood: Callable[[Connection], None], client_for: ClientFor) -> None:
    """Bytes that arrive without a pause meet no timeout of the socket's own; the deadline's clock is looked at."""
    looks = iter(range(10**9))
    with serving(flood) as server, pytest.raises(LLMTimeout):
        ask_once(client_for(server), deadline=Deadline.after(40, lambda: float(next(looks))))

    assert next(looks) < 60


def test_an_answer_that_is_given_up_is_let_go(client_for: ClientFor) -> None:
    """Neither its received bytes nor its connection are kept."""
    left = threading.Event()

    def drips_after_much(connection: Connection) -> None:
        connection.request()
        connection.send(b"HTTP/1.1 200 OK\r\ncontent-length: 900000\r\n\r\n" + b"x" * 200_000)
        try:
            connection.drip(b"x" * 4000)
        finally:
            left.set()

    with serving(drips_after_much) as server:
        client = client_for(server)
        tracemalloc.start()
        with pytest.raises(LLMTimeout):
            ask_once(client, BUDGET_S)
        gc.collect()
        kept_bytes, most_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert left.wait(STOP_S)
    assert kept_bytes < 100_000 < most_bytes


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (closes, LLMUnreachable),
        (cuts_its_body, LLMUnreachable),
        (speaks_no_http, LLMUnreachable),
        (never_ends, LLMOversize),
    ],
)
def test_a_broken_answer_is_one_of_our_errors(
    script: Callable[[Connection], None], error: type[LLMError], client_for: ClientFor
) -> None:
    """On a new connection each of them is one failed call."""
    with serving(script) as server:
        with pytest.raises(error):
            ask_once(client_for(server))

        assert server.requests == 1


def test_nobody_listening_is_unreachable(client_for: ClientFor) -> None:
    """A refused connection is an error of its own, and no limit that was waited for."""
    with serving(closes) as server:
        client = client_for(server)

    with pytest.raises(LLMUnreachable) as caught:
        ask_once(client)
    assert type(caught.value.__context__) is httpx.ConnectError


def test_a_name_may_not_take_for_ever_to_look_up(client_for: ClientFor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's resolver has no timeout; the waiting thread has one. A late connection is closed."""
    looked_up, resolve = threading.Event(), socket.getaddrinfo

    def resolve_late(*arguments: Any, **options: Any) -> Any:
        looked_up.wait(30)
        return resolve(*arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_late)
    with serving(hangs) as server:
        with pytest.raises(LLMUnreachable) as caught:
            ask_once(client_for(server), BUDGET_S)
        looked_up.set()
        for thread in [thread for thread in threading.enumerate() if thread.name == "connect"]:
            thread.join(30)

        assert type(caught.value.__context__) is httpx.ConnectTimeout
        assert server.requests == 0


def test_a_connection_is_kept(client_for: ClientFor) -> None:
    """Calls that follow each other pay for one connection."""
    clock = WallClock()
    with serving(answers) as server:
        client = client_for(server, clock)
        texts = [ask_once(client).text, ask_once(client).text]

        assert (texts, server.connections, server.requests) == (["hi", "hi"], 1, 2)


@pytest.mark.parametrize(("pause_s", "connections"), [(KEPT_S, 1), (KEPT_S + 0.1, 2), (3_600.0, 2), (-1.0, 2)])
def test_a_connection_is_not_trusted_after_a_freeze(pause_s: float, connections: int, client_for: ClientFor) -> None:
    """The wall clock tells, in both directions: it may have been set back meanwhile."""
    clock = WallClock()
    with serving(answers) as server:
        client = client_for(server, clock)
        ask_once(client)
        clock.now += pause_s
        ask_once(client)

        assert server.connections == connections


def test_a_kept_connection_that_died_is_replaced(client_for: ClientFor) -> None:
    """As a rule the proxy never saw the question; the caller hears of it all the same."""
    resent: list[int] = []
    with serving(answers_once_then_dies, answers) as server:
        client = client_for(server)

        texts = [ask_once(client, on_resent=lambda: resent.append(1)).text for _ in range(2)]
        assert texts == ["hi", "hi"]
        assert server.connections == 2
        assert resent == [1]


def test_only_one_dead_connection_is_replaced(client_for: ClientFor) -> None:
    """A server that always closes is unreachable, not asked for ever."""
    with serving(answers_once_then_dies, closes) as server:
        client = client_for(server)
        ask_once(client)

        with pytest.raises(LLMUnreachable):
            ask_once(client)
        assert server.requests == 3


def test_a_connection_that_said_something_is_not_replaced(client_for: ClientFor) -> None:
    """Half an answer proves that the question arrived."""

    def answers_then_cuts(connection: Connection) -> None:
        connection.request()
        connection.send(ANSWER)
        cuts_its_body(connection)

    with serving(answers_then_cuts, answers) as server:
        client = client_for(server)
        ask_once(client)

        with pytest.raises(LLMUnreachable):
            ask_once(client)
        assert server.connections == 1
