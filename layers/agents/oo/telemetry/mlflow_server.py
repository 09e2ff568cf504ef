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
from oo.telemetry.exporter import ExportFailed, Unreachable

LARGEST_ANSWER_BYTES = 64 * 1024


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

    @property
    def is_success(self) -> bool:
        """Whether the server did what it was asked to. What shows a page, a sign-in for one, stands in its place."""
        return 200 <= self.status < 300 and not self.is_page


class MlflowServer:
    """The server at `uri`. Raises Unreachable; ExportFailed at once for a URI that names no HTTP server."""

    def __init__(self, uri: str, credentials: Credentials) -> None:
        self._uri = uri
        self._credentials = credentials
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
            connection.request(method, prefix + path, body, {**self._credentials.headers(), **headers})
            response = connection.getresponse()
            content = response.read(LARGEST_ANSWER_BYTES)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise Unreachable from error
        if not response.isclosed():
            self.close()
        is_page = response.headers.get_content_type() == "text/html"
        return ServerAnswer(response.status, _object(content), is_page)

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


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
