"""HTTP to MLflow, as it goes over the wire."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager

import pytest

from oo.deadline import Deadline
from oo.telemetry.export.exporter import ExportFailed, Unreachable
from oo.telemetry.export.mlflow.server import LARGEST_ANSWER_BYTES, Credentials, MlflowServer, StoredCredentials
from testing.for_each import for_each
from testing.free_port import free_port
from testing.raw_server import Connection, RawServer, Script, response, serving

NOBODY = Credentials()


def soon() -> Deadline:
    return Deadline.after(5)


def saying(*answers: bytes, heads: list[bytes] | None = None) -> Script:
    """One response per request, on one connection; `heads` gets the requests."""

    def script(connection: Connection) -> None:
        for answer in answers:
            if not connection.request():
                return
            if heads is not None:
                heads.append(connection.head)
            connection.send(answer)
        connection.request()

    return script


@contextmanager
def client_of(
    *scripts: Script, credentials: Credentials = NOBODY, path: str = ""
) -> Iterator[tuple[MlflowServer, RawServer]]:
    """A client and its server, which plays one script a connection."""
    with serving(*scripts) as server:
        client = MlflowServer(server.url + path, credentials)
        yield client, server
        client.close()


def test_an_answer_is_its_status_and_its_fields() -> None:
    with client_of(saying(response(b'{"experiment_id": "7"}', "201 Created"))) as (client, _):
        answer = client.request("/x", soon())

    assert (answer.status, answer.fields, answer.is_success) == (201, {"experiment_id": "7"}, True)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'"text"', b"\xff", b"[" * 60_000], ids=lambda body: body[:6])
def test_what_is_no_json_object_has_no_fields(body: bytes) -> None:
    with client_of(saying(response(body))) as (client, _):
        assert client.request("/x", soon()).fields == {}


@for_each("status", ["199 Odd", "302 Found", "401 Unauthorized", "500 Internal Server Error"])
def test_any_other_status_is_an_answer_too(status: str) -> None:
    """A redirect is not followed: it would take the token along."""
    redirect = response(b"", status + "\r\nlocation: http://127.0.0.1:9/")
    with client_of(saying(redirect)) as (client, server):
        answer = client.request("/x", soon())

        assert (answer.status, answer.is_success, server.requests) == (int(status[:3]), False, 1)


@pytest.mark.parametrize(
    ("credentials", "expected"),
    [
        (NOBODY, None),
        (Credentials(token="t"), b"Bearer t"),
        (Credentials(username="me", password="secret"), b"Basic bWU6c2VjcmV0"),
        (Credentials("t", "me", "secret"), b"Basic bWU6c2VjcmV0"),
        (Credentials("t", "me", ""), b"Bearer t"),
        (Credentials("", "", "secret"), None),
    ],
    ids=["nobody", "token", "password", "both", "name alone", "password alone"],
)
def test_it_signs_in_as_mlflows_client_does(credentials: Credentials, expected: bytes | None) -> None:
    heads: list[bytes] = []
    with client_of(saying(response(b"{}"), heads=heads), credentials=credentials) as (client, _):
        client.request("/x", soon())

    lines = dict(line.split(b": ", 1) for line in heads[0].split(b"\r\n")[1:])
    assert lines.get(b"authorization") == expected


@pytest.mark.parametrize("path", ["/mlflow", "/mlflow/"])
def test_a_server_may_live_below_a_path(path: str) -> None:
    heads: list[bytes] = []
    with client_of(saying(response(b"{}"), heads=heads), path=path) as (client, _):
        client.request("/v1/traces", soon(), body=b"body", headers={"x-mlflow-experiment-id": "7"})

    assert heads[0].startswith(b"POST /mlflow/v1/traces HTTP/1.1\r\n")
    assert b"x-mlflow-experiment-id: 7" in heads[0]


def test_one_connection_serves_until_it_is_closed() -> None:
    with client_of(saying(*[response(b"{}")] * 3)) as (client, server):
        for _ in range(2):
            client.request("/x", soon())
        assert server.connections == 1

        client.close()
        client.request("/x", soon())
        assert server.connections == 2


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"], ids=["head", "body"])
def test_closing_from_another_thread_ends_a_request_that_waits(begun: bytes) -> None:
    """For its answer, or for the rest of it; the next request has a connection of its own."""
    asked = threading.Event()

    def hang(connection: Connection) -> None:
        connection.request()
        connection.send(begun)
        asked.set()
        connection.hang(60)

    with client_of(hang, saying(response(b'{"a": 1}'))) as (client, server), ThreadPoolExecutor() as threads:
        waiting = threads.submit(client.request, "/x", Deadline.after(60))
        assert asked.wait(30)
        client.close()

        assert wait([waiting], 30).done == {waiting}
        assert client.request("/x", soon()).fields == {"a": 1}
        assert server.connections == 2


def test_more_of_an_answer_than_is_needed_is_not_read() -> None:
    """The rest of an endless page is left on its connection, and the next request takes another one."""
    endless = response(b"x" * (LARGEST_ANSWER_BYTES + 1))
    with client_of(saying(endless), saying(response(b'{"a": 1}'))) as (client, server):
        assert client.request("/x", soon()).fields == {}
        assert client.request("/x", soon()).fields == {"a": 1}
        assert server.connections == 2


@pytest.mark.parametrize(
    "script",
    [
        Connection.reset,
        saying(b"no HTTP at all\r\n\r\n"),
        saying(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n" + b"x" * 4),
        saying(b"HTTP/1.1 200 OK\r\n" + b"x: 1\r\n" * 200 + b"\r\n"),
    ],
    ids=["resets", "speaks no HTTP", "hangs in its body", "has no end of headers"],
)
def test_an_answer_that_is_none_is_nobody_answering(script: Script) -> None:
    with client_of(script) as (client, _), pytest.raises(Unreachable):
        client.request("/x", Deadline.after(0.1))


def test_nobody_listening_is_nobody_answering() -> None:
    with pytest.raises(Unreachable):
        MlflowServer(f"http://127.0.0.1:{free_port()}", NOBODY).request("/x", soon())


def test_with_no_time_left_nobody_is_asked() -> None:
    with client_of(saying(response(b"{}"))) as (client, server):
        with pytest.raises(Unreachable):
            client.request("/x", Deadline.after(0))

        assert server.connections == 0


@for_each(
    "uri",
    [
        "nowhere",
        "file:///tmp/mlruns",
        "sqlite:///m.db",
        "databricks",
        "http://",
        "https:///x",
        "http://h:99999",
        "http://[",
    ],
)
def test_an_address_of_no_http_server_is_named_as_such(uri: str) -> None:
    """Waiting would not help, so that it is a failure of another kind than an outage."""
    with pytest.raises(ExportFailed) as caught:
        MlflowServer(uri, NOBODY).request("/x", soon())

    assert not isinstance(caught.value, Unreachable)
    assert caught.value.hint == "MLFLOW_TRACKING_URI has to be the address of an HTTP server"


@pytest.mark.parametrize("token", ["two\r\nlines", "käse\u2028"])
def test_a_token_that_no_header_can_hold_fails_the_export_alone(token: str) -> None:
    with (
        client_of(saying(response(b"{}")), credentials=Credentials(token=token)) as (client, _),
        pytest.raises(ExportFailed),
    ):
        client.request("/x", soon())


class Rotated:
    """A store of credentials that were changed after they were read first."""

    def __init__(self, *tokens: str) -> None:
        self._tokens = tokens
        self.refreshed = 0

    def __call__(self, *, refresh: bool = False) -> Credentials:
        self.refreshed += refresh
        return Credentials(token=self._tokens[min(self.refreshed, len(self._tokens) - 1)])


@pytest.mark.parametrize(
    ("tokens", "signed", "status"),
    [
        (("old", "new"), [b"Bearer old", b"Bearer new"], 200),
        (("old",), [b"Bearer old"], 401),
    ],
    ids=["changed", "the same"],
)
def test_credentials_of_a_store_are_read_once_more_after_a_401(
    tokens: tuple[str, ...], signed: list[bytes], status: int
) -> None:
    """The request is repeated only where they have changed."""
    heads: list[bytes] = []
    store = Rotated(*tokens)
    script = saying(response(b"", "401 Unauthorized"), response(b"{}"), heads=heads)
    with serving(script) as listening:
        client = MlflowServer(listening.url, StoredCredentials(store))
        answer = client.request("/x", soon(), body=b"trace")
        client.close()

    assert [head.partition(b"uthorization: ")[2].split(b"\r\n")[0] for head in heads] == signed
    assert (answer.status, store.refreshed) == (status, 1)


def test_a_request_that_is_refused_twice_is_not_sent_a_third_time() -> None:
    refused = response(b"", "401 Unauthorized")
    with serving(saying(refused, refused, response(b"{}"))) as listening:
        client = MlflowServer(listening.url, StoredCredentials(Rotated("old", "new", "newer")))

        assert client.request("/x", soon()).status == 401
        assert listening.requests == 2
        client.close()


def test_fixed_credentials_are_sent_once() -> None:
    with client_of(saying(response(b"", "401 Unauthorized")), credentials=Credentials(token="t")) as (client, server):
        assert (client.request("/x", soon()).status, server.requests) == (401, 1)


@for_each(
    ("text", "expected"),
    [
        ('{"token": "t"}', Credentials(token="t")),
        ('{"username": "me", "password": "p"}', Credentials(username="me", password="p")),
    ],
)
def test_stored_credentials_are_json(text: str, expected: Credentials) -> None:
    assert Credentials.read(text) == expected


@for_each("text", ["", "t", "[]", "{}", '{"token": ""}', '{"token": 1}', '{"username": "me"}', '{"key": "canary"}'])
def test_other_texts_are_no_credentials(text: str) -> None:
    with pytest.raises(ValueError, match="neither a token"):
        Credentials.read(text)
