"""The process as an extension of its own function, which Lambda does not freeze before the extension is done.

The protocol is that of "Lambda Extensions API" in the AWS Lambda developer guide; an extension inside the function's
process may register for INVOKE only, and only during init. It is spoken as HTTP/1.0 over a plain socket, one connection
per request: importing `http.client` takes a tenth of a cold start.
"""

import json
import socket
from http import HTTPStatus
from typing import NamedTuple

from oo.telemetry.export.invocations import InvokeEvent, PollFailed

_PATH = "/2020-01-01/extension"
_REGISTER_TIMEOUT_S = 1.0
_NAME = "tip-service-traces"
_IDENTIFIER = "Lambda-Extension-Identifier"


class ExtensionRefused(Exception):
    """The Extensions API rejected the registration."""


class _Answer(NamedTuple):
    """An answer of the API; the names of `headers` are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Extension:
    """A registered extension, which one thread uses."""

    def __init__(self, runtime_api: str, identifier: str) -> None:
        self._runtime_api = runtime_api
        self._identifier = identifier

    @classmethod
    def register(cls, runtime_api: str) -> "Extension":
        """Register with the API at `runtime_api` (host and port). Raises ExtensionRefused."""
        head = f"POST {_PATH}/register HTTP/1.0\r\nLambda-Extension-Name: {_NAME}"
        try:
            answer = _ask(runtime_api, head, json.dumps({"events": ["INVOKE"]}), _REGISTER_TIMEOUT_S)
        except (OSError, ValueError, IndexError) as error:
            raise ExtensionRefused from error
        identifier = answer.headers.get(_IDENTIFIER.lower())
        if answer.status != HTTPStatus.OK or not identifier:
            raise ExtensionRefused(answer.status)
        return cls(runtime_api, identifier)

    def next_call(self) -> InvokeEvent:
        """Report that the work after the last call is done, and wait for the next one. Raises PollFailed."""
        head = f"GET {_PATH}/event/next HTTP/1.0\r\n{_IDENTIFIER}: {self._identifier}"
        try:
            # No time limit: the wait spans the pause between two calls, however long the sandbox is frozen.
            answer = _ask(self._runtime_api, head, "", None)
            if answer.status != HTTPStatus.OK:
                raise PollFailed(answer.status)
            event = json.loads(answer.body)
            return InvokeEvent(event["requestId"], event["deadlineMs"])
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise PollFailed(type(error).__name__) from error


def _ask(runtime_api: str, head: str, body: str, timeout_s: float | None) -> _Answer:
    """Send one request. Raises OSError, and ValueError and IndexError for an unreadable response."""
    host, _, port = runtime_api.rpartition(":")
    lines = (head, f"Host: {runtime_api}", "Content-Type: application/json", f"Content-Length: {len(body)}", "", body)
    with socket.create_connection((host, int(port)), timeout_s) as connection:
        connection.sendall("\r\n".join(lines).encode())
        with connection.makefile("rb") as answer:
            status = int(answer.readline().split()[1])
            headers = {}
            while line := answer.readline().strip():
                name, _, value = line.decode("latin-1").partition(":")
                headers[name.lower()] = value.strip()
            # A response to HTTP/1.0 ends with its connection, unless the server keeps it open and sends a length.
            return _Answer(status, headers, answer.read(int(headers.get("content-length", -1))))
