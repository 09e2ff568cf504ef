"""Requests to the playground as the page sends them, with a service that answers as a test says."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from local.playground.app import Playground
from local.playground.request_sets import RequestSets
from local.playground.service_client import ServiceClient
from local.playground.trace_links import TraceLinks
from oo.bootstrap.settings import TraceSettings
from testing.sample_events import sample_event

ADDRESS = "http://127.0.0.1:3004"
SERVICE = "http://service.test"
SERVE_ID = "0123456789abcdef0123456789abcdef"
TIP: dict[str, Any] = {
    "tip": {
        "id": "tip-1",
        "content": "Before lunch, open «Renew the passport» and fill in one line.",
        "source": "llm",
        "kind": "start",
        "rationale": "«Renew the passport» is past its date.",
    },
    "model": "planted",
    "prompt_tokens": 300,
    "completion_tokens": 40,
    "receipt": {
        "serve_id": SERVE_ID,
        "trace_id": SERVE_ID,
        "prompt_version": "orchestrator-2",
        "task_id": "t-103",
        "experiment": None,
        "attempts": 1,
        "cost_usd": 0.0002,
        "degraded_reason": None,
        "snippets": [],
    },
}
"""An answer to the example event of `/recommend`."""

Answer = Callable[[httpx.Request], httpx.Response]


def body_of(event: str) -> dict[str, Any]:
    """The body of an example event."""
    body: dict[str, Any] = json.loads(sample_event(event)["body"])
    return body


def served(status: int = 200, **fields: Any) -> Answer:
    """A service that answers each request alike, by default with a tip."""
    return lambda _: httpx.Response(status, json=fields or TIP)


def question(body: Mapping[str, Any] | str, **fields: Any) -> dict[str, Any]:
    """The question of the page about a body, or the text of one."""
    text = body if isinstance(body, str) else json.dumps(body)
    return {"path": "/recommend", "text": text, "version": "orchestrator-2", "slider": 35, **fields}


def page_request(
    method: str,
    path: str,
    answer: Answer | None = None,
    *,
    sets: RequestSets | None = None,
    settings: TraceSettings | None = None,
    **request: Any,
) -> httpx.Response:
    """The playground's answer to one request."""

    async def send() -> httpx.Response:
        async with ServiceClient(SERVICE, httpx.MockTransport(answer or served())) as service:
            app = Playground(service, sets or RequestSets(), TraceLinks(settings or TraceSettings())).app()
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as page:
                return await page.request(method, path, **request)

    return asyncio.run(send())


def asked(answer: Answer, **fields: Any) -> dict[str, Any]:
    """The playground's answer to a question about the example event."""
    told: dict[str, Any] = (
        page_request("POST", "/ask", answer, json=question(body_of("recommend")) | fields).raise_for_status().json()
    )
    return told
