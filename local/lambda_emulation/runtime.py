"""The Runtime API (2018-06-01) and the Extensions API (2020-01-01) of one sandbox.

Behaviour as in "Lambda runtime API" and "Lambda Extensions API" of the AWS Lambda developer guide, for one runtime and
the extensions inside its process.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeVar
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.deployment.template import Function

# A synchronous answer may have 6 MB and as many bytes as AWS adds for its own envelope.
LARGEST_PAYLOAD = 6 * 1024 * 1024 + 100
Item = TypeVar("Item")


class Failure(Enum):
    """The reason for which an invocation has no response of the function's own."""

    HANDLER = "the handler raised"
    CRASHED = "the process died"
    TIMED_OUT = "the function's timeout passed"
    INIT = "the function did not start"
    TOO_LARGE = "the answer was over 6 MB"


@dataclass(frozen=True)
class FunctionAnswer:
    """The result of an invocation: the function's bytes, or an error document and its `failure`."""

    payload: bytes
    failure: Failure | None = None


@dataclass(frozen=True)
class Invocation:
    """One event for the function; the deadline is in milliseconds since 1970."""

    payload: bytes
    deadline_ms: int
    request_id: str = field(default_factory=lambda: str(uuid4()))
    trace: str = field(default_factory=lambda: f"Root=1-{uuid4().hex[:8]}-{uuid4().hex[:24]};Sampled=0")


class _Seat(Generic[Item]):
    """A queue in which the runtime or an extension waits for its next event."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._events: asyncio.Queue[Item | None] = asyncio.Queue()
        self._changed = changed
        self.waiting = False

    async def take(self) -> Item | None:
        """The next event; None if the sandbox is ending."""
        self.waiting = True
        self._changed()
        return await self._events.get()

    def give(self, event: Item | None) -> None:
        self.waiting = False
        self._events.put_nowait(event)


@dataclass
class _Extension:
    name: str
    invoked: bool
    seat: _Seat[Invocation]


class RuntimeApi:
    """Lambda's Runtime API for one sandbox's process. `app` serves it, one invocation at a time."""

    def __init__(self, function: Function) -> None:
        self._function = function
        self._extensions: dict[str, _Extension] = {}
        self._settled = asyncio.Event()
        self._init_is_over = False
        self._runtime: _Seat[Invocation] = _Seat(self._note_change)
        self._current: tuple[Invocation, asyncio.Future[FunctionAnswer]] | None = None
        self.init_failed: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.app = Starlette(
            routes=[
                Route("/2018-06-01/runtime/invocation/next", self._next),
                Route("/2018-06-01/runtime/invocation/{id}/response", self._response, methods=["POST"]),
                Route("/2018-06-01/runtime/invocation/{id}/error", self._error, methods=["POST"]),
                Route("/2018-06-01/runtime/init/error", self._init_error, methods=["POST"]),
                Route("/2020-01-01/extension/register", self._register, methods=["POST"]),
                Route("/2020-01-01/extension/event/next", self._extension_next),
                Route("/2020-01-01/extension/init/error", self._init_error, methods=["POST"]),
                Route("/2020-01-01/extension/exit/error", self._init_error, methods=["POST"]),
            ]
        )

    async def settled(self) -> None:
        """Wait until the runtime and every extension have requested their next event."""
        await self._settled.wait()

    def invoke(self, invocation: Invocation) -> asyncio.Future[FunctionAnswer]:
        """Pass one event to the runtime and to the extensions registered for it."""
        answer: asyncio.Future[FunctionAnswer] = asyncio.get_running_loop().create_future()
        self._current = (invocation, answer)
        for extension in self._extensions.values():
            if extension.invoked:
                extension.seat.give(invocation)
        self._runtime.give(invocation)
        self._note_change()
        return answer

    def close(self) -> None:
        """Release the requests that are waiting for an event."""
        self._runtime.give(None)
        for extension in self._extensions.values():
            extension.seat.give(None)

    def _note_change(self) -> None:
        seats = [self._runtime, *(extension.seat for extension in self._extensions.values())]
        if all(seat.waiting for seat in seats):
            self._init_is_over = True
            self._settled.set()
        else:
            self._settled.clear()

    async def _next(self, _: Request) -> Response:
        invocation = await self._runtime.take()
        if invocation is None:
            return _refusal(410, "Sandbox.Ended")
        return Response(
            invocation.payload,
            media_type="application/json",
            headers={
                "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
                "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
                "Lambda-Runtime-Invoked-Function-Arn": self._function.arn,
                "Lambda-Runtime-Trace-Id": invocation.trace,
            },
        )

    async def _response(self, request: Request) -> Response:
        payload = await request.body()
        if len(payload) > LARGEST_PAYLOAD:
            refused = json.dumps({"errorType": "Function.ResponseSizeTooLarge"}).encode()
            self._resolve(request, FunctionAnswer(refused, Failure.TOO_LARGE))
            return _refusal(413, "RequestEntityTooLarge")
        return self._resolve(request, FunctionAnswer(payload))

    async def _error(self, request: Request) -> Response:
        return self._resolve(request, FunctionAnswer(await request.body(), Failure.HANDLER))

    def _resolve(self, request: Request, answer: FunctionAnswer) -> Response:
        if self._current is None or self._current[0].request_id != request.path_params["id"]:
            return _refusal(400, "InvalidRequestID")
        future = self._current[1]
        self._current = None
        if not future.done():
            future.set_result(answer)
        return JSONResponse({"status": "OK"}, 202)

    async def _init_error(self, request: Request) -> Response:
        body = await request.body()
        if not self.init_failed.done():
            self.init_failed.set_result(body)
        return JSONResponse({"status": "OK"}, 202)

    async def _register(self, request: Request) -> Response:
        name = request.headers.get("Lambda-Extension-Name")
        body = await request.body()
        events = json.loads(body)["events"] if body else []
        if self._init_is_over:
            return _refusal(403, "Extension.RegistrationClosed")
        if not name or any(event != "INVOKE" for event in events):
            # Extensions inside the runtime's process receive INVOKE only.
            return _refusal(400, "Extension.InvalidEventType")
        identifier = str(uuid4())
        self._extensions[identifier] = _Extension(name, bool(events), _Seat(self._note_change))
        self._note_change()
        return JSONResponse(
            {
                "functionName": self._function.name,
                "functionVersion": "$LATEST",
                "handler": self._function.handler,
            },
            headers={"Lambda-Extension-Identifier": identifier},
        )

    async def _extension_next(self, request: Request) -> Response:
        extension = self._extensions.get(request.headers.get("Lambda-Extension-Identifier", ""))
        if extension is None:
            return _refusal(403, "Extension.UnknownExtensionIdentifier")
        invocation = await extension.seat.take()
        if invocation is None:
            return _refusal(410, "Sandbox.Ended")
        return JSONResponse(
            {
                "eventType": "INVOKE",
                "deadlineMs": invocation.deadline_ms,
                "requestId": invocation.request_id,
                "invokedFunctionArn": self._function.arn,
                "tracing": {"type": "X-Amzn-Trace-Id", "value": invocation.trace},
            },
            headers={"Lambda-Extension-Event-Identifier": str(uuid4())},
        )


def _refusal(status: int, kind: str) -> Response:
    return JSONResponse({"errorType": kind, "errorMessage": kind}, status)
