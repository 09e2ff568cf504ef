"""HTTP to an MLflow server, within a deadline.

It stands on the standard library alone, so that exporting costs next to no imports. Nothing of an answer gets into an
error: what a server, or whatever stands in its place, writes may hold anything.
"""

import http.client
import json
import socket
import ssl
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from oo.deadline import Deadline
from oo.telemetry.export.causes import cause_of
from oo.telemetry.export.exporter import ExportFailed, Unreachable
from oo.telemetry.export.mlflow import hints

LARGEST_ANSWER_BYTES = 64 * 1024
_HEAD_BYTES = 1024
_UNSENDABLE = (
    "MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN or MLFLOW_EXPERIMENT_NAME holds characters that no request can carry"
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the server asks for, as MLflow's own client sends it: a name and a password come before a token."""

    token: str = ""
    username: str = ""
    password: str = ""

    def headers(self) -> dict[str, str]:
        """The header, or none."""
        if self.username and self.password:
            pair = b64encode(f"{self.username}:{self.password}".encode()).decode()
            return {"authorization": f"Basic {pair}"}
        return {"authorization": f"Bearer {self.token}"} if self.token else {}


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """An answer of whatever status; `fields` is its JSON object, empty where it is none."""

    status: int
    fields: Mapping[str, Any]
    is_page: bool = False
    is_host_check: bool = False

    @property
    def hint(self) -> str | None:
        """An operator's next move, where the answer alone says it."""
        return hints.hint(self.status, is_host_check=self.is_host_check)

    @property
    def is_success(self) -> bool:
        """Whether the server did what it was asked to. What shows a page, a sign-in for one, stands in its place."""
        return 200 <= self.status < 300 and not self.is_page


class MlflowServer:
    """The server at `uri`. Raises Unreachable; ExportFailed at once for a URI that names no HTTP server.

    Of an answer no more than `largest_answer_bytes` are read; a longer one has no fields.
    """

    def __init__(self, uri: str, credentials: Credentials, *, largest_answer_bytes: int = LARGEST_ANSWER_BYTES) -> None:
        self._uri = uri
        self._credentials = credentials
        self._largest_answer_bytes = largest_answer_bytes
        self._connection: http.client.HTTPConnection | None = None
        self._tls: ssl.SSLContext | None = None

    def get(self, path: str, deadline: Deadline) -> ServerAnswer:
        """Ask for a resource; redirects are not followed."""
        return self._exchange("GET", path, None, {}, deadline)

    def post(self, path: str, body: bytes, headers: Mapping[str, str], deadline: Deadline) -> ServerAnswer:
        """Send a body; redirects are not followed."""
        return self._exchange("POST", path, body, headers, deadline)

    def close(self) -> None:
        """Close the connection, which otherwise serves the next request too."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def abandon(self) -> None:
        """End the connection from another thread, so that whoever waits on it wakes up."""
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], deadline: Deadline
    ) -> ServerAnswer:
        connection, prefix = self._connected(deadline)
        try:
            response = _answered(connection, method, prefix + path, body, {**self._credentials.headers(), **headers})
            content = response.read(self._largest_answer_bytes)
        except (OSError, http.client.HTTPException, ValueError) as error:
            failure = _failure(error, connection)
            self.close()
            raise failure from error
        if response.will_close or not response.isclosed():
            self.close()
        is_page = response.headers.get_content_type() == "text/html"
        is_host_check = hints.is_host_check(content[:_HEAD_BYTES].decode("latin-1"))
        return ServerAnswer(response.status, _object(content), is_page, is_host_check)

    def _connected(self, deadline: Deadline) -> tuple[http.client.HTTPConnection, str]:
        """A connection whose operations end by the deadline, and the path below which the server lives."""
        left = deadline.remaining()
        if not left:
            raise Unreachable
        if self._connection is None:
            self._connection = self._new_connection()
        self._connection.timeout = left
        if self._connection.sock is not None:
            self._connection.sock.settimeout(left)
        return self._connection, urlsplit(self._uri).path.rstrip("/")

    def _new_connection(self) -> http.client.HTTPConnection:
        with suppress(ValueError):
            parts = urlsplit(self._uri)
            host, port = parts.hostname, parts.port
            if parts.scheme == "http" and host:
                return http.client.HTTPConnection(host, port)
            if parts.scheme == "https" and host:
                self._tls = self._tls or ssl.create_default_context()
                return http.client.HTTPSConnection(host, port, context=self._tls)
        raise ExportFailed(hint="MLFLOW_TRACKING_URI has to be the address of an HTTP server")


def _answered(
    connection: http.client.HTTPConnection, method: str, target: str, body: bytes | None, headers: Mapping[str, str]
) -> http.client.HTTPResponse:
    """The answer, also of a server that refuses a body before it has read all of it."""
    try:
        connection.request(method, target, body, dict(headers))
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
    """No answer, or a request that could not even be written."""
    cause = cause_of(error, had_tls=isinstance(connection.sock, ssl.SSLSocket))
    if cause is None or isinstance(error, http.client.InvalidURL):
        return ExportFailed(hint=_UNSENDABLE)
    return Unreachable(cause)


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
