"""Protection of the playground from other pages in the same browser."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NAMES = ("127.0.0.1", "localhost")
HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


class LoopbackGuard:
    """ASGI middleware that accepts only requests to its own address, and of POSTs only JSON.

    `Host` rejects an attacker's name that resolves to 127.0.0.1. A page can send JSON to another origin only after a
    preflight request, which is answered here without permission.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        answer = _refusal(scope) if scope["type"] == "http" else None
        await (answer or self._app)(scope, receive, send_with_headers)


def _refusal(scope: Scope) -> PlainTextResponse | None:
    headers = Headers(scope=scope)
    port = scope["server"][1]
    allowed = {*NAMES, *(f"{name}:{port}" for name in NAMES)}
    if [host.lower() for host in headers.getlist("host")] not in [[host] for host in allowed]:
        return PlainTextResponse("The playground accepts only the host names 127.0.0.1 and localhost.", 403)
    if scope["method"] == "POST" and headers.get("content-type", "").partition(";")[0].strip().lower() != (
        "application/json"
    ):
        return PlainTextResponse("The playground accepts only JSON.", 415)
    return None
