"""Every code that the document lists of an endpoint is one of its answers, and every answer is in the document."""

import io
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from types import ModuleType
from typing import Any, NoReturn

import httpx
import pytest

from oo.agent_runs import AgentRuns
from oo.bootstrap import compute, feedback, generate, health, infer, recommend, registry
from oo.bootstrap.settings import Config
from oo.contract.limits import MAX_BODY_BYTES
from oo.contract.routes import COMPUTE, FEEDBACK, GENERATE, HEALTH, INFER, RECOMMEND, REGISTRY, Route
from oo.contract.shown_ids import hashed
from oo.errors import AgentFailed, CircuitOpen, FeedbackUnavailable
from oo.llm.client import LiteLLMClient
from oo.llm.conversation import ModelConversation, unguarded
from oo.runtime.http_gateway import HttpGateway
from oo.telemetry.export.after_response import AfterResponse
from oo.telemetry.export.worker import ExportWorker
from oo.telemetry.instrumentation import Shim
from oo.telemetry.logs import make_logger, make_metrics
from oo.tips.generate import Generate
from oo.tips.recommend import Recommend
from testing.documented import OPENAPI, assert_documented
from testing.entries import invoke
from testing.http_events import http_event
from testing.wire import completion, problem
from tools.documents.error_codes import answered

MODULES: Mapping[Route, ModuleType] = {
    HEALTH: health,
    REGISTRY: registry,
    COMPUTE: compute,
    INFER: infer,
    RECOMMEND: recommend,
    GENERATE: generate,
    FEEDBACK: feedback,
}
TIP = {"content": "Take a break.", "kind": "rest"}
USABLE = json.dumps({**TIP, "candidates": [TIP]})
SERVED = "bff8def915684475846643a4708a1c39"
WRONG = {"DEFAULT_TIMEZONE": "Nowhere/Town", "LLM_BUDGET_S": "no number"}


def replied(content: object) -> httpx.Response:
    return httpx.Response(200, json=completion(content))


def failed(status: int, **fields: str) -> httpx.Response:
    return httpx.Response(status, content=problem(**fields), headers={"content-type": "application/json"})


def says_its_rules(request: httpx.Request) -> httpx.Response:
    rules = json.loads(request.content)["messages"][0]["content"]
    return replied(json.dumps({"content": rules[:200], "candidates": [{"content": rules[:200]}]}))


def raises(error: Exception) -> Callable[..., NoReturn]:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise error

    return refuse


@dataclass(frozen=True)
class Cause:
    """The part of a request, of the environment or of the model that makes the service answer with a code."""

    body: Mapping[str, Any] | None = None
    raw_body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    agent_id: str = "quick-win"
    event: Any = None
    environment: Mapping[str, str] = field(default_factory=dict)
    raised: Exception | None = None
    model: Callable[[httpx.Request], httpx.Response] | None = None
    guard: Any = unguarded
    seconds: float = 25.0


CAUSES: Mapping[str, Cause] = {
    "invalid_event": Cause(event={"Records": []}),
    "forbidden": Cause(environment={"JWT_USER_CLAIM": "sub"}),
    "not_found": Cause(agent_id="a/b"),
    "unknown_agent": Cause(agent_id="nobody"),
    "payload_too_large": Cause(raw_body=" " * (MAX_BODY_BYTES + 1)),
    "unsupported_media_type": Cause(headers={"content-type": "text/plain"}),
    "invalid_request": Cause(raw_body="[]"),
    "unknown_prompt_version": Cause(body={"prompt_version": "v0"}),
    "agent_failed": Cause(raised=AgentFailed(ValueError())),
    "internal_error": Cause(raised=ValueError()),
    "llm_upstream_error": Cause(model=lambda _: failed(500)),
    "llm_rate_limited": Cause(model=lambda _: failed(429)),
    "llm_context_length": Cause(model=lambda _: failed(400, code="context_length_exceeded")),
    "llm_auth": Cause(model=lambda _: failed(401)),
    "llm_refused": Cause(model=lambda _: failed(400, code="content_policy_violation")),
    "llm_bad_output": Cause(model=lambda _: replied("no JSON")),
    "llm_oversize": Cause(model=lambda _: replied("x" * 2_000_000)),
    "llm_prompt_leak": Cause(model=says_its_rules),
    "llm_unreachable": Cause(model=raises(httpx.ConnectError("refused"))),
    "llm_timeout": Cause(model=raises(httpx.ReadTimeout("late"))),
    "circuit_open": Cause(guard=raises(CircuitOpen(20))),
    "deadline": Cause(seconds=0.01),
    "config_error": Cause(environment=WRONG),
    "feedback_unavailable": Cause(raised=FeedbackUnavailable("Throttling")),
}
"""By code."""


def shim() -> Shim:
    logger = make_logger(io.StringIO(), secrets.token_hex(4))
    return Shim(logger=logger, metrics=make_metrics(), after_response=AfterResponse(ExportWorker([], logger), logger))


def conversation(cause: Cause) -> ModelConversation:
    client = LiteLLMClient(
        base_url="https://proxy.test",
        key=lambda **_: "sk-1",
        transport=httpx.MockTransport(cause.model or (lambda _: replied(USABLE))),
    )
    return ModelConversation(client, shim().logger, make_metrics(), guard=cause.guard, sleep=lambda _: None)


def operation(route: Route, cause: Cause) -> Any:
    """The endpoint's operation, with the parts of it that need a network replaced."""
    logger, metrics = shim().logger, make_metrics()
    if cause.raised is not None:
        return raises(cause.raised)
    if route is RECOMMEND:
        return Recommend(
            ask=conversation(cause),
            outputs=None,
            template_fallback=False,
            logger=logger,
            metrics=metrics,
            pseudonym=hashed,
        )
    if route is GENERATE:
        return Generate(ask=conversation(cause), default_prompt_version="v2-grounded", logger=logger, metrics=metrics)
    runs = AgentRuns(logger, metrics)
    return {COMPUTE: runs.compute, INFER: runs.infer}[route]


def gateway(route: Route, cause: Cause) -> HttpGateway:
    """As bootstrap composes it; where a model or a fault is planned, with that operation."""
    module = MODULES[route]
    if cause.environment or (cause.raised is None and route in (HEALTH, REGISTRY, FEEDBACK)):
        composed: HttpGateway = module.compose(Config.read(cause.environment), shim())
        return composed
    return HttpGateway(shim(), module.ENDPOINT, operation(route, cause), llm_budget_s=cause.seconds, default_zone=UTC)


def ask(route: Route, cause: Cause) -> dict[str, Any]:
    """The answer, which the document has."""
    parameters = {"agent_id": cause.agent_id} if "{agent_id}" in route.path else {}
    path = route.path.format(**parameters)
    body = {"user_id": "u", "serve_id": SERVED, "action": "done", **(cause.body or {})}
    event = http_event(route.method, path, body, raw_body=cause.raw_body, headers=dict(cause.headers))
    if route.method == "GET":
        del event["body"]
    event |= {"routeKey": f"{route.method} {route.path}", "pathParameters": parameters}
    event["requestContext"].pop("timeEpoch")
    return invoke(gateway(route, cause).handler, event if cause.event is None else cause.event)


DOCUMENTED = [
    pytest.param(endpoint.route, status.value, code, id=f"{endpoint.route.name} {code}")
    for endpoint in (module.ENDPOINT for module in MODULES.values())
    for status, codes in answered(endpoint).items()
    for code in codes
]


@pytest.mark.parametrize(("route", "status", "code"), DOCUMENTED)
def test_a_documented_code_is_answered(route: Route, status: int, code: str) -> None:
    """Each code of each endpoint has a cause."""
    given = ask(route, CAUSES[code])
    body = json.loads(given["body"])

    assert (given["statusCode"], body["code"]) == (status, code)


@pytest.mark.parametrize("route", MODULES, ids=lambda route: route.name)
def test_no_cause_leads_to_an_answer_without_a_line_in_the_document(route: Route) -> None:
    """Of a good answer and of every error: the status, the shape, the code of that status and the headers."""
    planned = (code for code in CAUSES if code not in ("agent_failed", "feedback_unavailable"))
    for code in ("none", *planned):
        if route in (HEALTH, REGISTRY) and CAUSES.get(code, Cause()).raw_body:
            continue  # their requests have no body
        given = ask(route, CAUSES.get(code, Cause(environment={"FEEDBACK_QUEUE_URL": ""})))
        path = route.path.format(agent_id="a")

        assert_documented(route.method, path, given["statusCode"], json.loads(given["body"]), given["headers"])


def test_every_code_has_a_cause() -> None:
    """Apart from that of a method which a path does not have."""
    listed = {param.values[2] for param in DOCUMENTED}

    assert set(CAUSES) == listed
    assert len(OPENAPI["paths"]) == len(MODULES)
