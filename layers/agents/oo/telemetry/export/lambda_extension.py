"""The process as an extension of its own function, which Lambda does not freeze before the extension is done.

The protocol is that of "Lambda Extensions API" in the AWS Lambda developer guide; an extension inside the function's
process may register for INVOKE only, and only during init.
"""

import http.client
import json
import select
from collections.abc import Callable
from http import HTTPStatus

from oo.telemetry.export.invocations import InvokeEvent, PollFailed

_VERSION = "2020-01-01"
_REGISTER_TIMEOUT_S = 1.0
_NAME = "tip-service-traces"


class ExtensionRefused(Exception):
    """The Extensions API rejected the registration."""


class Extension:
    """A registered extension, which one thread uses."""

    def __init__(self, runtime_api: str, identifier: str) -> None:
        self._runtime_api = runtime_api
        self._headers = {"Lambda-Extension-Identifier": identifier}

    @classmethod
    def register(cls, runtime_api: str) -> "Extension":
        """Register with the API at `runtime_api` (host and port). Raises ExtensionRefused."""
        connection = http.client.HTTPConnection(runtime_api, timeout=_REGISTER_TIMEOUT_S)
        try:
            connection.request(
                "POST",
                f"/{_VERSION}/extension/register",
                body=json.dumps({"events": ["INVOKE"]}),
                headers={"Lambda-Extension-Name": _NAME, "Content-Type": "application/json"},
            )
            answer = connection.getresponse()
            answer.read()
            identifier = answer.headers["Lambda-Extension-Identifier"]
        except (OSError, http.client.HTTPException) as error:
            raise ExtensionRefused from error
        finally:
            connection.close()
        if answer.status != HTTPStatus.OK or not identifier:
            raise ExtensionRefused(answer.status)
        return cls(runtime_api, identifier)

    def next_call(self, is_quiet: Callable[[], bool]) -> InvokeEvent:
        """Report that the work after the last call is done, and wait for the next one. Raises PollFailed.

        The event is not read on arrival: that would resume this thread at the moment at which the handler needs the
        GIL. It is read once `is_quiet`, or if it is there although it is not.
        """
        # No time limit: the wait spans the pause between two calls, however long the sandbox is frozen.
        connection = http.client.HTTPConnection(self._runtime_api)
        try:
            connection.request("GET", f"/{_VERSION}/extension/event/next", headers=self._headers)
            while not (is_quiet() or _can_be_read(connection)):
                pass
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != HTTPStatus.OK:
                raise PollFailed(answer.status)
            event = json.loads(content)
            return InvokeEvent(event["requestId"], event["deadlineMs"])
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as error:
            raise PollFailed(type(error).__name__) from error
        finally:
            connection.close()


def _can_be_read(connection: http.client.HTTPConnection) -> bool:
    readable, _, _ = select.select([connection.sock], [], [], 0)
    return bool(readable)
