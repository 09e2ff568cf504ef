"""An example request of each endpoint, and its answer as the service gives it.

The answers are made by the operations themselves. The model's reply, the clock and the ids of traces are fixed.
"""

import io
import json
from collections.abc import Mapping
from contextlib import redirect_stdout
from datetime import UTC, datetime
from typing import Any, NamedTuple

import httpx
from aws_lambda_powertools import Logger

from oo.agent_runs import AgentRuns
from oo.agents.registry import all_manifests
from oo.contract import routes
from oo.contract.agents import ComputeRequest, InferRequest
from oo.contract.feedback import FeedbackResponse
from oo.contract.fields import Body
from oo.contract.health import HealthResponse, PrecomputeTargets
from oo.contract.shown_ids import hashed
from oo.contract.tips import GenerateRequest, RecommendRequest
from oo.deadline import Deadline
from oo.llm.client import LiteLLMClient
from oo.llm.conversation import ModelConversation
from oo.prompts.versions import DEFAULT_VERSION
from oo.request_context import RequestContext
from oo.telemetry.logs import make_logger, make_metrics
from oo.telemetry.spans import Trace
from oo.tips.generate import Generate
from oo.tips.recommend import Recommend

Value = dict[str, Any]

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
SERVE_ID = "bff8def915684475846643a4708a1c39"
MODEL = "gpt-5-mini"
NOW = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)


class Example(NamedTuple):
    """A request's path and body, None if it has none, and the answer's body."""

    path: str
    request: Value | None
    answer: Value


_MOMENT = {"now_iso": "2026-03-12T09:30:00+01:00", "timezone": "Europe/Berlin"}
_REPORT = {"id": "t-101", "title": "Send the report to Mara", "due_at": "2026-03-13T17:00:00+01:00", "priority": 4}
_DENTIST = {"id": "t-102", "title": "Call the dentist", "estimate_minutes": 5}
_AGENT = "deadline-pressure"
_AGENT_THAT_LEARNS = "momentum"
_TIP = {
    "id": "tip-1",
    "content": "Block 25 minutes for «Send the report to Mara» before lunch.",
    "rationale": "It is due tomorrow, and mornings are quiet.",
    "kind": "start",
    "ref": "t1",
}
_CALL = {
    "id": "tip-2",
    "content": "Make «Call the dentist» your break between two larger things.",
    "rationale": "It takes about 5 minutes.",
    "kind": "finish",
    "ref": "t2",
}


REPLIES: Mapping[routes.Route, Value] = {routes.RECOMMEND: _TIP, routes.GENERATE: {"candidates": [_TIP, _CALL]}}
"""The model's replies to the requests."""


def examples() -> Mapping[routes.Route, Example]:
    """One example per route; the metrics that operations write to standard output are suppressed."""
    with redirect_stdout(io.StringIO()):
        computed, inferred, generated = _computed(), _inferred(), _generated()
        recommended = _recommended(computed.answer)
    return {
        routes.HEALTH: Example(
            "/health",
            None,
            _as_json(
                HealthResponse(
                    ok=True,
                    agents=[manifest.agent_id for manifest in all_manifests()],
                    precompute=PrecomputeTargets(
                        queue_url="https://sqs.eu-central-1.amazonaws.com/123456789012/tips-PrecomputeQueue",
                        table="tips-AgentOutputs",
                    ),
                )
            ),
        ),
        routes.REGISTRY: Example("/agents/registry", None, {"agents": [all_manifests()[0].to_dict()]}),
        routes.COMPUTE: computed,
        routes.INFER: inferred,
        routes.RECOMMEND: recommended,
        routes.GENERATE: generated,
        routes.FEEDBACK: Example(
            "/feedback",
            {
                "user_id": "user-7",
                "serve_id": SERVE_ID,
                "action": "helpful",
                "dwell_ms": 4200,
                "created_at": "2026-03-12T09:31:00+01:00",
            },
            _as_json(FeedbackResponse()),
        ),
    }


def _computed() -> Example:
    body = {"user_id": "user-7", "tasks": [_REPORT, _DENTIST], **_MOMENT}
    answer = _runs().compute(ComputeRequest.model_validate(body), _context(), _AGENT)
    return Example(f"/agents/{_AGENT}/compute", body, _as_json(answer))


def _inferred() -> Example:
    days = (3, 4, 5, 9, 10, 11)
    completions = [{"task_id": f"t-{day}", "completed_at": f"2026-03-{day:02}T09:10:00+01:00"} for day in days]
    body = {"user_id": "user-7", "task_completions": completions, **_MOMENT}
    answer = _runs().infer(InferRequest.model_validate(body), _context(), _AGENT_THAT_LEARNS)
    return Example(f"/agents/{_AGENT_THAT_LEARNS}/infer", body, _as_json(answer))


def _recommended(snippet: Value) -> Example:
    kept = ("agent_id", "prompt_text", "computed_at", "expires_at", "agent_version")
    body = {
        "user_id": "user-7",
        "agent_outputs": [{name: snippet[name] for name in kept}],
        "tasks": [_REPORT, _DENTIST],
        "science_destiny": 35,
        **_MOMENT,
    }
    recommend = Recommend(
        ask=_model(routes.RECOMMEND),
        outputs=None,
        template_fallback=False,
        logger=_logger(),
        metrics=make_metrics(),
        pseudonym=hashed,
    )
    return Example("/recommend", body, _as_json(recommend(RecommendRequest.model_validate(body), _context())))


def _generated() -> Example:
    body = {"user_id": "user-7", "context": {"tasks": [_REPORT, _DENTIST]}, "n": 2, **_MOMENT}
    generate = Generate(
        ask=_model(routes.GENERATE),
        default_prompt_version=DEFAULT_VERSION,
        logger=_logger(),
        metrics=make_metrics(),
    )
    return Example("/generate", body, _as_json(generate(GenerateRequest.model_validate(body), _context())))


def model_answer(reply: Value) -> httpx.Response:
    """The proxy's answer with that reply."""
    return httpx.Response(
        200,
        headers={"x-litellm-model-name": MODEL, "x-litellm-response-cost": "0.0003"},
        json={
            "id": "chatcmpl-1",
            "model": MODEL,
            "choices": [
                {"index": 0, "message": {"role": "assistant", "content": json.dumps(reply)}, "finish_reason": "stop"}
            ],
            "usage": {"prompt_tokens": 640, "completion_tokens": 58, "total_tokens": 698},
        },
    )


def _model(route: routes.Route) -> ModelConversation:
    client = LiteLLMClient(
        base_url="https://litellm.example.com",
        key=lambda **_: "sk-example",
        transport=httpx.MockTransport(lambda _: model_answer(REPLIES[route])),
    )
    return ModelConversation(client, _logger(), make_metrics())


def _runs() -> AgentRuns:
    return AgentRuns(_logger(), make_metrics())


def _logger() -> Logger:
    return make_logger(io.StringIO(), "examples")


def _context() -> RequestContext:
    return RequestContext(NOW, Deadline.after(25), Trace(correlation_id=TRACE_ID, trace_id=SERVE_ID))


def _as_json(body: Body) -> Value:
    return body.model_dump(mode="json")
