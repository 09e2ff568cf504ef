"""A model that answers from a script, and everything around it that a tip needs."""

import io
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from oo.contract.shown_ids import hashed
from oo.contract.tips import GenerateRequest, GenerateResponse, RecommendRequest, RecommendResponse
from oo.deadline import Deadline
from oo.llm.client import LiteLLMClient
from oo.llm.conversation import ModelConversation
from oo.llm.parameters import Parameters
from oo.request_context import RequestContext
from oo.telemetry.logs import make_logger, make_metrics
from oo.telemetry.spans import Span, Trace, recording
from oo.tips.experiment import TipExperiment
from oo.tips.generate import Generate
from oo.tips.recommend import OutputReader, Recommend
from testing.wire import choice, completion

NOW = datetime(2026, 7, 14, 9, 0, tzinfo=UTC)
"""A Tuesday."""

TIP = {"id": "t-1", "content": "Open the draft and write one line.", "rationale": "It has waited.", "kind": "advice"}
"""Of a kind that names no task."""

USER = "user-7-long"

HIDDEN = "canary-7f3a"
"""Stands in texts that no log line may hold."""

Reply = httpx.Response | Exception


def replied(content: object, finish_reason: str = "stop", headers: dict[str, str] | None = None) -> httpx.Response:
    """An answer whose reply is a text, or the JSON of an object."""
    text = content if isinstance(content, str) or content is None else json.dumps(content)
    return httpx.Response(200, json=choice({"content": text}, finish_reason) | _usage(), headers=headers)


def _usage() -> dict[str, Any]:
    return {"usage": completion()["usage"]}


def failed(status: int, headers: dict[str, str] | None = None) -> httpx.Response:
    """An error of the proxy whose text must not get anywhere."""
    return httpx.Response(
        status, json={"error": {"message": HIDDEN, "type": None, "code": str(status)}}, headers=headers
    )


@dataclass
class Clock:
    """A clock that moves only with `sleep`."""

    now: float = 100.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Scene:
    """`replies` are given one a call; the last one goes on."""

    def __init__(self, *replies: Reply, keys: Sequence[str] = ("sk-1",), parameters: Parameters | None = None) -> None:
        self._replies = replies
        self._keys = keys
        self.requests: list[httpx.Request] = []
        self.clock = Clock()
        self.trace = Trace.begin()
        self.log = io.StringIO()
        self.logger = make_logger(service=secrets.token_hex(4), stream=self.log)
        self.metrics = make_metrics()
        self._refreshes = 0
        self.client = LiteLLMClient(
            base_url="https://proxy.test",
            key=self._key,
            transport=httpx.MockTransport(self._answer),
            parameters=parameters,
        )

    def ask(self) -> ModelConversation:
        """The model behind a client, which is the same for every request."""
        return ModelConversation(self.client, self.logger, self.metrics, sleep=self.clock.sleep, chance=lambda: 0.5)

    def call(self, seconds: float = 25.0) -> RequestContext:
        """One request's limits."""
        return RequestContext(now=NOW, deadline=Deadline.after(seconds, self.clock), trace=self.trace)

    def recommend(
        self,
        outputs: OutputReader | None = None,
        *,
        template_fallback: bool = False,
        experiment: TipExperiment | None = None,
        seconds: float = 25.0,
        **body: Any,
    ) -> RecommendResponse:
        """Answer one body of `/recommend`."""
        operation = Recommend(
            ask=self.ask(),
            outputs=outputs,
            template_fallback=template_fallback,
            experiment=experiment,
            logger=self.logger,
            metrics=self.metrics,
            pseudonym=hashed,
        )
        request = RecommendRequest.model_validate({"user_id": USER} | body)
        with recording(self.trace):
            return operation(request, self.call(seconds))

    def generate(self, **body: Any) -> GenerateResponse:
        """Answer one body of `/generate`."""
        operation = Generate(
            ask=self.ask(), default_prompt_version="v2-grounded", logger=self.logger, metrics=self.metrics
        )
        request = GenerateRequest.model_validate({"user_id": USER} | body)
        with recording(self.trace):
            return operation(request, self.call())

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The bodies of every call."""
        return [json.loads(request.content) for request in self.requests]

    @property
    def conversations(self) -> list[list[dict[str, str]]]:
        """The messages of every call."""
        return [body["messages"] for body in self.bodies]

    @property
    def events(self) -> list[dict[str, Any]]:
        """The lines of the log."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]

    def event(self, name: str) -> dict[str, Any]:
        """The one line of that name."""
        (line,) = [line for line in self.events if line["message"] == name]
        return line

    def spans(self, name: str) -> list[Span]:
        """The spans of that name."""
        return [record for record in self.trace.spans if record.name == name]

    def _key(self, *, refresh: bool = False) -> str:
        self._refreshes += refresh
        return self._keys[min(self._refreshes, len(self._keys) - 1)]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        reply = self._replies[min(len(self.requests), len(self._replies) - 1)]
        self.requests.append(request)
        if isinstance(reply, Exception):
            raise reply
        return httpx.Response(reply.status_code, headers=reply.headers, content=reply.content)
