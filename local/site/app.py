"""The HTTP server of `make run`: its pages, and the API with readable answers and one printed line per request."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from local.lambda_emulation.gateway import LocalGateway
from local.request_line import readable, request_line
from local.site.pages import LocalPages
from local.terminal import Terminal


class LocalSite:
    """An ASGI application in front of the gateway.

    `indented`: the JSON of answers has one field per line; the deployed API's has not.
    """

    def __init__(
        self,
        gateway: LocalGateway,
        pages: LocalPages,
        terminal: Terminal,
        *,
        indented: bool = True,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._gateway = gateway
        self._pages = pages
        self._terminal = terminal
        self._indented = indented
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        response = self._pages.answer(request)
        if response is None:
            began = self._clock()
            try:
                response = await self._gateway.answer(request)
            except ClientDisconnect:
                return
            self._tell(request, response, 1000 * (self._clock() - began))
        await response(scope, receive, send)

    def _tell(self, request: Request, response: Response, milliseconds: float) -> None:
        body: object = None
        if response.headers.get("content-type", "").startswith("application/json"):
            body, text = readable(bytes(response.body))
            if self._indented:
                response.body = text
                response.headers["content-length"] = str(len(text))
        self._terminal.say(
            request_line(
                request.method,
                request.scope["raw_path"].decode("ascii", "backslashreplace"),
                response.status_code,
                milliseconds,
                trace=response.headers.get("x-trace-id", ""),
                body=body,
                paint=self._terminal.paint,
            )
        )
