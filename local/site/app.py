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

    With `for_a_person` the JSON of answers has one field per line, and each request leaves a line on the terminal.
    Without it answers are the functions' own, as those of the deployed API.
    """

    def __init__(
        self,
        gateway: LocalGateway,
        pages: LocalPages,
        terminal: Terminal,
        *,
        for_a_person: bool = True,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._gateway = gateway
        self._pages = pages
        self._terminal = terminal
        self._for_a_person = for_a_person
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
            if self._for_a_person:
                self._tell(request, response, 1000 * (self._clock() - began))
        await response(scope, receive, send)

    def _tell(self, request: Request, response: Response, milliseconds: float) -> None:
        body: object = None
        if response.headers.get("content-type", "").startswith("application/json"):
            body, response.body = readable(bytes(response.body))
            response.headers["content-length"] = str(len(response.body))
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
