"""An endpoint in this process that counts its requests."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from evals.bench import Bench
from evals.replies import Endpoint, Replies
from testing.wire import completion

URL = "http://127.0.0.1:1/v1"
TIP = {
    "content": "«Draft the agenda» is due soon; begin with its first lines before lunch.",
    "rationale": "It is due in about 8 h.",
    "kind": "start",
    "task_ref": "T1",
}


class CountingEndpoint:
    """Answers with the result of `write` for the messages, and counts."""

    def __init__(self, write: Callable[[list[dict[str, str]]], str] = lambda _: json.dumps(TIP)) -> None:
        self.write = write
        self.bodies: list[dict[str, Any]] = []
        self.keys: set[str] = set()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.bodies.append(body)
        self.keys.add(request.headers["authorization"])
        return httpx.Response(200, json=completion(self.write(body["messages"])))

    def bench(self, folder: Path | None = None, key: str = "") -> Bench:
        return Bench(Replies(Endpoint(URL, httpx.MockTransport(self)), folder), key)
