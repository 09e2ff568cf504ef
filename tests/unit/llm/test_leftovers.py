"""Bytes that belong to another question: no text of another user's answer gets any further."""

import json
from collections.abc import Iterator
from typing import Protocol

import httpx
import pytest

from oo.errors import LLMUpstreamError
from oo.llm.client import LiteLLMClient
from oo.llm.transport import KeptTransport
from testing.raw_server import Connection, RawServer, Script, response, serving
from testing.wire import KEY, ask_once, client_of, completion


def answer(text: str, call_id: str = "") -> bytes:
    """A whole answer with that text, and with that id where one is given."""
    whole = response(json.dumps(completion(text)).encode())
    return whole.replace(b"\r\n", f"\r\nx-litellm-call-id: {call_id}\r\n".encode(), 1) if call_id else whole


def chunked(text: str) -> bytes:
    body = json.dumps(completion(text)).encode()
    return b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
FIRST, SECOND, LEFT = "the first user's", "the second user's", "somebody else's"
SURPLUSES = {
    "a second answer": answer(FIRST) + answer(LEFT),
    "a second answer in chunks": chunked(FIRST) + chunked(LEFT),
    "a bad request": answer(FIRST) + BAD_REQUEST,
    "the beginning of an answer": answer(FIRST) + answer(LEFT)[:20],
    "an interim answer": answer(FIRST) + b"HTTP/1.1 103 Early Hints\r\n\r\n",
    "a line break": answer(FIRST) + b"\r\n",
    "an answer without a body": answer(FIRST) + b"HTTP/1.1 204 No Content\r\n\r\n",
}


class ClientFor(Protocol):
    def __call__(self, server: RawServer) -> LiteLLMClient: ...


@pytest.fixture
def client_for() -> Iterator[ClientFor]:
    """Clients that share one transport, until the test ends."""
    with KeptTransport(httpx.create_ssl_context()) as transport:
        yield lambda server: LiteLLMClient(base_url=server.url, key=lambda **_: KEY, transport=transport)


def sends(*pieces: bytes) -> Script:
    """Answer each request with the next piece."""

    def script(connection: Connection) -> None:
        for piece in pieces:
            if connection.request():
                connection.send(piece)
        connection.hang()

    return script


def test_a_surplus_is_nobodys_answer(client_for: ClientFor) -> None:
    """Its connection is not used again, and the next question gets its own answer."""
    for name, bytes_sent in SURPLUSES.items():
        with serving(sends(bytes_sent, answer(LEFT)), sends(answer(SECOND))) as server:
            client = client_for(server)
            texts = [ask_once(client).text for _ in range(2)]

            assert texts == [FIRST, SECOND], name
            assert (server.connections, server.requests) == (2, 2), name


def test_an_answer_that_ends_cleanly_leaves_its_connection_open(client_for: ClientFor) -> None:
    """Interim answers and chunks are no surplus."""
    interim = b"HTTP/1.1 103 Early Hints\r\n\r\n" + answer(FIRST)
    with serving(sends(interim, chunked(SECOND))) as server:
        client = client_for(server)

        assert [ask_once(client).text for _ in range(2)] == [FIRST, SECOND]
        assert server.connections == 1


@pytest.mark.parametrize(
    ("status", "named"), [("200 OK", "call-1"), ("200 OK", "CALL-1"), ("400 No", "call-1, call-1")]
)
def test_an_answer_with_another_calls_id_is_refused(status: str, named: str, client_for: ClientFor) -> None:
    """Its connection is closed, and asking again may bring the own answer; the id's case is no matter."""
    late = answer(LEFT, named).replace(b"200 OK", status.encode(), 1)
    with serving(sends(answer(FIRST, "call-1"), late), sends(answer(SECOND, "call-3"))) as server:
        client = client_for(server)
        ask_once(client, call_id="call-1")

        with pytest.raises(LLMUpstreamError) as caught:
            ask_once(client, call_id="call-2")
        assert (caught.value.reason, caught.value.passes, caught.value.call_id) == ("another call's id", True, "call-2")
        assert ask_once(client, call_id="call-3").text == SECOND
        assert server.connections == 2


def test_an_id_that_was_never_sent_is_the_proxys_own() -> None:
    """The proxy may name calls by itself."""
    headers = {"x-litellm-call-id": "proxy-1"}

    assert ask_once(client_of(lambda _: httpx.Response(200, json=completion("hi"), headers=headers))).text == "hi"


def test_the_last_thousand_ids_are_remembered() -> None:
    """An answer that is later than a thousand calls is as good as never."""
    given = {"x-litellm-call-id": "call-0"}
    client = client_of(lambda _: httpx.Response(200, json=completion(), headers=given))
    ask_once(client, call_id="call-0")
    refused = 0
    for number in range(1, 1_002):
        try:
            ask_once(client, call_id=f"call-{number}")
        except LLMUpstreamError:
            refused += 1

    assert refused == 999
