"""HTTP to an MLflow server, within a deadline.

It uses the standard library alone, so that exporting needs hardly any imports. No part of a response is quoted in an
error: the server, or a program in its place, may have written any content.
"""

import http.client
import json
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlsplit

from oo.deadline import Deadline
from oo.frozen import frozen
from oo.telemetry.export.causes import cause_of
from oo.telemetry.export.exporter import ExportFailed, Unreachable
from oo.telemetry.export.mlflow import hints

LARGEST_ANSWER_BYTES = 64 * 1024
_HEAD_BYTES = 1024
_UNSENDABLE = (
    "MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN or MLFLOW_EXPERIMENT_NAME holds characters that no request can carry"
)


class SignIn(Protocol):
    """The authentication of each request."""

    def headers(self, *, refresh: bool = False) -> dict[str, str]:
        """The Authorization header, or none; `refresh` reads it again. Raises ExportFailed."""


@frozen
class Credentials:
    """Credentials of the MLflow server; as in MLflow's client, user and password take precedence over a token."""

    token: str = ""
    username: str = ""
    password: str = ""

    @classmethod
    def read(cls, text: str) -> "Credentials":
        """Parse JSON with `token`, or with `username` and `password`. Raises ValueError, without any of the text."""
        fields = _object(text)
        names = sorted(fields)
        if names not in (["token"], ["password", "username"]) or not all(
            isinstance(one, str) and one for one in fields.values()
        ):
            raise ValueError("neither a token, nor a user name and a password")
        return cls(**fields)

    def headers(self, *, refresh: bool = False) -> dict[str, str]:  # noqa: ARG002  # the signature of every sign-in
        """The Authorization header, or none; these credentials cannot change."""
        if self.username and self.password:
            pair = b64encode(f"{self.username}:{self.password}".encode()).decode()
            return {"authorization": f"Basic {pair}"}
        return {"authorization": f"Bearer {self.token}"} if self.token else {}


@frozen
class StoredCredentials:
    """Credentials in a store, which caches them. `read` raises ExportFailed; `refresh` bypasses the cache."""

    read: Callable[..., Credentials]

    def headers(self, *, refresh: bool = False) -> dict[str, str]:
        """The Authorization header."""
        return self.read(refresh=refresh).headers()


@frozen
class ServerAnswer:
    """A response of any status; `fields` is its JSON object, empty if it is not one."""

    status: int
    fields: Mapping[str, Any]
    is_page: bool = False
    is_host_check: bool = False

    @property
    def hint(self) -> str | None:
        """An operator's next step, if the response alone shows it."""
        return hints.hint(self.status, is_host_check=self.is_host_check)

    @property
    def is_success(self) -> bool:
        """Whether the request succeeded. An HTML page, such as a sign-in page, is a failure at any status."""
        return 200 <= self.status < 300 and not self.is_page


class MlflowServer:
    """The server at `uri`. Raises Unreachable; ExportFailed at once for a URI that is not HTTP.

    At most `largest_answer_bytes` of a response are read; a longer one has no fields. `tls` makes the context that
    verifies the server, before the first connection; it raises ExportFailed.
    """

    def __init__(
        self,
        uri: str,
        credentials: SignIn,
        *,
        largest_answer_bytes: int = LARGEST_ANSWER_BYTES,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self._make_tls = tls
        self._uri = uri
        self._credentials = credentials
        self._largest_answer_bytes = largest_answer_bytes
        self._kept: http.client.HTTPConnection | None = None
        self._in_use: http.client.HTTPConnection | None = None
        self._tls: ssl.SSLContext | None = None

    @property
    def stored_credentials(self) -> Callable[[], Credentials] | None:
        """The current credentials, for another client of the server; None if they are not from a store."""
        return self._credentials.read if isinstance(self._credentials, StoredCredentials) else None

    def request(
        self,
        path: str,
        deadline: Deadline,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        method: str = "",
    ) -> ServerAnswer:
        """POST the body, or GET without one, unless `method` is another verb. Redirects are not followed.

        After a 401 the request is sent once more, if the credentials have changed meanwhile.
        """
        verb = method or ("GET" if body is None else "POST")
        sign_in = self._credentials.headers()
        answer = self._exchange(verb, path, deadline, body, {**sign_in, **(headers or {})})
        if answer.status != HTTPStatus.UNAUTHORIZED:
            return answer
        with suppress(ExportFailed):
            renewed = self._credentials.headers(refresh=True)
            if renewed != sign_in:
                return self._exchange(verb, path, deadline, body, {**renewed, **(headers or {})})
        return answer

    def _exchange(
        self, verb: str, path: str, deadline: Deadline, body: bytes | None, signed: Mapping[str, str]
    ) -> ServerAnswer:
        with self._connection(deadline) as connection:
            target = urlsplit(self._uri).path.rstrip("/") + path
            response = _answered(connection, verb, target, body, signed)
            content = response.read(self._largest_answer_bytes)
            if response.isclosed() and not response.will_close and self._in_use is connection:
                self._kept = connection
        is_page = response.headers.get_content_type() == "text/html"
        is_host_check = hints.is_host_check(content[:_HEAD_BYTES].decode("latin-1"))
        return ServerAnswer(response.status, _object(content), is_page, is_host_check)

    def close(self) -> None:
        """Close the idle connection, and shut down that of another thread's request.

        That request fails, and its own thread closes the connection: a descriptor closed by this thread may be reused.
        """
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()
        in_use, self._in_use = self._in_use, None
        waiting: socket.socket | None = in_use.sock if in_use is not None else None
        if waiting is not None:
            with suppress(OSError):
                waiting.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def _connection(self, deadline: Deadline) -> Iterator[http.client.HTTPConnection]:
        """A connection whose operations end by the deadline; it is closed unless the block marks it for reuse."""
        left = deadline.remaining()
        if not left:
            raise Unreachable
        connection, self._kept = self._kept or self._new_connection(), None
        connection.timeout = left
        if connection.sock is not None:
            connection.sock.settimeout(left)
        self._in_use = connection
        try:
            yield connection
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _failure(error, connection) from error
        finally:
            self._in_use = None
            if self._kept is not connection:
                connection.close()

    def _new_connection(self) -> http.client.HTTPConnection:
        with suppress(ValueError):
            parts = urlsplit(self._uri)
            host, port = parts.hostname, parts.port
            if parts.scheme == "http" and host:
                return http.client.HTTPConnection(host, port)
            if parts.scheme == "https" and host:
                self._tls = self._tls or self._make_tls()
                return http.client.HTTPSConnection(host, port, context=self._tls)
        raise ExportFailed(hint="MLFLOW_TRACKING_URI has to be the address of an HTTP server")


def _answered(
    connection: http.client.HTTPConnection, verb: str, target: str, body: bytes | None, headers: Mapping[str, str]
) -> http.client.HTTPResponse:
    """The response, even of a server that rejects a body before it has read all of it."""
    try:
        connection.request(verb, target, body, headers)
    except (BrokenPipeError, ConnectionResetError) as error:
        if connection.sock is None:
            raise
        try:
            response = connection.getresponse()
        except (OSError, http.client.HTTPException):
            raise error from None
        # The rest of the body is still to be sent, so nothing else can follow.
        response.will_close = True
        return response
    return connection.getresponse()


def _failure(error: Exception, connection: http.client.HTTPConnection) -> ExportFailed:
    """The error for a missing response, or for a request that could not be written."""
    cause = cause_of(error, had_tls=isinstance(connection.sock, ssl.SSLSocket))
    if cause is None or isinstance(error, http.client.InvalidURL):
        return ExportFailed(hint=_UNSENDABLE)
    return Unreachable(cause)


def _object(content: bytes | str) -> Mapping[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
