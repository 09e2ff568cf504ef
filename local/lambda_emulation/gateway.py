"""The HTTP API in front of the functions: routes, limits and the responses if a function fails."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from local.deployment.template import TemplateRoute
from local.lambda_emulation.event import MalformedAnswer, build_event, build_response
from local.lambda_emulation.pool import Throttled
from local.lambda_emulation.runtime import LARGEST_PAYLOAD, Failure, FunctionAnswer

# "Quotas for configuring and running an HTTP API" of the API Gateway developer guide.
LARGEST_HEADERS = 10_240
INTEGRATION_TIMEOUT_S = 30.0
# Lambda's limit for the event of a synchronous call, which comes before API Gateway's 10 MB.
LARGEST_BODY = 6 * 1024 * 1024
# How much of a refused body is read, so that a caller who is still sending gets to read the answer.
_READ_OF_REFUSED_BODY = 64 * 1024 * 1024

Invoke = Callable[[str, bytes], Awaitable[FunctionAnswer]]


@dataclass(frozen=True)
class _Pattern:
    """A route's path as a pattern for raw paths, with the number of its literal segments."""

    route: TemplateRoute
    expression: re.Pattern[str]
    literals: int


class LocalGateway:
    """An ASGI application that runs a function of `routes` for each request through `invoke(function, event)`."""

    def __init__(
        self, routes: Iterable[TemplateRoute], invoke: Invoke, *, timeout: float = INTEGRATION_TIMEOUT_S
    ) -> None:
        self._catch_all = next((route for route in routes if route.path == "$default"), None)
        self._patterns = sorted(
            (_compile(route) for route in routes if route.path != "$default"),
            key=lambda pattern: (-pattern.literals, pattern.route.method == "ANY", "+" in pattern.route.path),
        )
        self._invoke = invoke
        self._timeout = timeout
        self._calls: set[asyncio.Future[FunctionAnswer]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            response = await self.answer(Request(scope, receive))
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """The answer to one request. Raises ClientDisconnect."""
        if _size_of_headers(request) > LARGEST_HEADERS:
            return _refusal(431, "headers_too_large", f"The headers are over {LARGEST_HEADERS} bytes")
        body = await _read(request)
        route, parameters = self._match(request)
        if route is None:
            return JSONResponse({"message": "Not Found"}, 404)
        if body is not None:
            document = build_event(request, body, route, parameters)
            event = json.dumps(document, ensure_ascii=False).encode()
            if len(event) <= LARGEST_PAYLOAD:
                return await self._run(route.function, event)
        return _refusal(413, "payload_too_large", f"The body is over {LARGEST_BODY} bytes")

    async def _run(self, function: str, event: bytes) -> Response:
        call = asyncio.ensure_future(self._invoke(function, event))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        await asyncio.wait({call}, timeout=self._timeout)
        if not call.done():
            call.add_done_callback(lambda late: late.cancelled() or late.exception())
            return _unavailable()
        try:
            return _response(call.result())
        except Throttled:
            return _unavailable(retry_after="1")

    def _match(self, request: Request) -> tuple[TemplateRoute | None, dict[str, str]]:
        path = request.scope["raw_path"].decode("ascii")
        for pattern in self._patterns:
            match = pattern.expression.fullmatch(path)
            if match and pattern.route.method in {"ANY", request.method}:
                found = match.groupdict().items()
                return pattern.route, {name: unquote(text, errors="replace") for name, text in found}
        return self._catch_all, {}


def _compile(route: TemplateRoute) -> _Pattern:
    expression = "".join(
        f"/(?P<{segment[1:-2]}>.+)"
        if segment.endswith("+}")
        else f"/(?P<{segment[1:-1]}>[^/]+)"
        if segment.startswith("{")
        else "/" + re.escape(segment)
        for segment in route.path.strip("/").split("/")
    )
    literals = sum(not segment.startswith("{") for segment in route.path.strip("/").split("/"))
    return _Pattern(route, re.compile(expression), literals)


def _size_of_headers(request: Request) -> int:
    line = len(request.method) + len(request.scope["raw_path"]) + len(request.scope["query_string"]) + 12
    return line + sum(len(name) + len(value) + 4 for name, value in request.headers.raw)


async def _read(request: Request) -> bytes | None:
    """The body, or None if it is larger than a function's event may be."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size <= LARGEST_BODY:
            parts.append(part)
        elif size > _READ_OF_REFUSED_BODY:
            break
    return b"".join(parts) if size <= LARGEST_BODY else None


def _response(answer: FunctionAnswer) -> Response:
    if answer.failure is Failure.TIMED_OUT:
        return _unavailable()
    if answer.failure is Failure.CRASHED:
        return JSONResponse({"message": "Internal Server Error"}, 502)
    if answer.failure is None:
        try:
            return build_response(answer.payload)
        except MalformedAnswer:
            pass
    return JSONResponse({"message": "Internal Server Error"}, 500)


def _unavailable(retry_after: str | None = None) -> Response:
    headers = {"Retry-After": retry_after} if retry_after else None
    return JSONResponse({"message": "Service Unavailable"}, 503, headers)


def _refusal(status: int, code: str, detail: str) -> Response:
    return JSONResponse({"detail": detail, "code": code}, status)
