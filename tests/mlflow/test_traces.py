"""What a real MLflow server shows of each operation."""

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from local.aws import Clients
from oo.pseudonym import hashed
from tests.fake_llm import TIP, FakeModel, fails, says
from tests.mlflow.conftest import Service

if TYPE_CHECKING:
    from mlflow.entities import Span, Trace

USER = "user-7-of-the-server-tests"
SNIPPET = {"agent_id": "mine", "prompt_text": "Mornings suit you."}
TASKS = [{"id": "t1", "title": "Send the invoice", "due_at": "2026-03-12T17:00:00Z"}]
COSTS = {
    "x-litellm-response-cost": "0.004",
    "x-litellm-response-cost-input": "0.003",
    "x-litellm-response-cost-output": "0.001",
    "x-litellm-model-name": "openai/gpt-4o",
}


@dataclass(frozen=True)
class Sent:
    """A request under a trace id of its own, and what came of it."""

    caller_trace_id: str
    status: int
    body: dict[str, Any]


def send(service: Service, path: str, **body: Any) -> Sent:
    caller = secrets.token_hex(16)
    headers = {"traceparent": f"00-{caller}-{secrets.token_hex(8)}-01"}
    answer = service.system.http.post(
        f"{service.system.base_url}{path}", json={"user_id": USER} | body, headers=headers
    )
    return Sent(caller, answer.status_code, answer.json())


def tree(trace: "Trace") -> list[tuple[str, str | None, str, str]]:
    """Name, parent's name, type and status of every span, in the order in which they began."""
    spans = sorted(trace.data.spans, key=lambda span: span.start_time_ns)
    names = {span.span_id: span.name for span in spans}
    return [(s.name, names.get(s.parent_id or ""), s.span_type, s.status.status_code.value) for s in spans]


def span_of(trace: "Trace", name: str) -> "Span":
    return next(span for span in trace.data.spans if span.name == name)


def assert_well_timed(trace: "Trace") -> None:
    """Every span lies inside of its parent, and the trace is as long as its root."""
    times = {span.span_id: (span.start_time_ns, span.end_time_ns or 0) for span in trace.data.spans}
    for span in trace.data.spans:
        (began, ended), (parent_began, parent_ended) = times[span.span_id], times[span.parent_id or span.span_id]
        assert parent_began <= began <= ended <= parent_ended
    (root,) = [times[span.span_id] for span in trace.data.spans if span.parent_id is None]
    assert abs((trace.info.execution_duration or 0) - (root[1] - root[0]) / 1e6) <= 1
    assert abs(trace.info.request_time - root[0] / 1e6) <= 1


def test_a_tip_is_one_trace_with_its_tokens_and_its_cost(service: Service, model: FakeModel) -> None:
    """A correction counts: usage and cost are the sums over both attempts, the failed one included."""
    model.plan(USER, says("no JSON", COSTS), says(TIP, COSTS))
    sent = send(service, "/recommend", agent_outputs=[SNIPPET], tasks=TASKS, hour_of_day=9)
    (trace,) = service.traces(sent.caller_trace_id, 1)

    assert sent.status == 200
    assert tree(trace) == [
        ("recommend", None, "CHAIN", "OK"),
        ("agent:mine", "recommend", "AGENT", "OK"),
        ("build_context", "recommend", "TOOL", "OK"),
        ("llm_orchestrator", "recommend", "LLM", "OK"),
        ("attempt", "llm_orchestrator", "LLM", "ERROR"),
        ("attempt", "llm_orchestrator", "LLM", "OK"),
    ]
    assert_well_timed(trace)
    assert trace.info.state.value == "OK"
    assert trace.info.token_usage == {
        "input_tokens": sent.body["prompt_tokens"],
        "output_tokens": sent.body["completion_tokens"],
        "total_tokens": sent.body["prompt_tokens"] + sent.body["completion_tokens"],
    }
    cost = json.loads(trace.info.trace_metadata["mlflow.trace.cost"])
    assert cost["total_cost"] == pytest.approx(0.008) == sent.body["receipt"]["cost_usd"]


def test_a_tips_trace_is_found_by_whom_and_what_it_was_for(service: Service, model: FakeModel) -> None:
    """The user is hashed, and the receipt's ids are tags."""
    model.plan(USER, says(TIP))
    sent = send(service, "/recommend", agent_outputs=[SNIPPET])
    (trace,) = service.traces(sent.caller_trace_id, 1)

    assert trace.info.trace_metadata["mlflow.trace.user"] == hashed(USER)
    receipt = sent.body["receipt"]
    expected = {
        "serve_id": receipt["serve_id"],
        "caller.trace_id": receipt["trace_id"],
        "prompt.version": receipt["prompt_version"],
        "mlflow.traceName": "recommend",
    }
    assert expected.items() <= trace.info.tags.items()
    root = span_of(trace, "recommend")
    assert root.inputs["agent_ids"] == ["mine"]
    assert root.outputs == {
        "tip_id": sent.body["tip"]["id"],
        "content": sent.body["tip"]["content"],
        "rationale": sent.body["tip"]["rationale"],
    }
    assert root.attributes["agent_count"] == 1
    assert [message["role"] for message in span_of(trace, "llm_orchestrator").inputs["messages"]] == ["system", "user"]


def test_a_failed_request_leaves_its_trace(service: Service, model: FakeModel) -> None:
    model.plan(USER, fails(400))
    sent = send(service, "/recommend", agent_outputs=[SNIPPET])
    (trace,) = service.traces(sent.caller_trace_id, 1)

    assert (sent.status, trace.info.state.value) == (502, "ERROR")
    assert {name: status for name, _, _, status in tree(trace)} == {
        "recommend": "ERROR",
        "agent:mine": "OK",
        "build_context": "OK",
        "llm_orchestrator": "ERROR",
        "attempt": "ERROR",
    }
    assert span_of(trace, "recommend").status.description == "LLMUpstreamError"


def test_candidates_are_one_trace(service: Service, model: FakeModel) -> None:
    model.plan(USER, says({"candidates": [TIP]}))
    sent = send(service, "/generate", n=1)
    (trace,) = service.traces(sent.caller_trace_id, 1)

    assert tree(trace) == [
        ("generate", None, "CHAIN", "OK"),
        ("build_context", "generate", "TOOL", "OK"),
        ("llm_generate", "generate", "LLM", "OK"),
        ("attempt", "llm_generate", "LLM", "OK"),
    ]
    assert_well_timed(trace)
    assert trace.info.token_usage
    assert trace.info.token_usage["total_tokens"] == sent.body["prompt_tokens"] + sent.body["completion_tokens"]


@pytest.mark.parametrize(("path", "root"), [("compute", "AGENT"), ("infer", "CHAIN")])
def test_an_agent_run_is_one_trace(service: Service, path: str, root: str) -> None:
    sent = send(service, f"/agents/deadline-pressure/{path}")
    (trace,) = service.traces(sent.caller_trace_id, 1)

    assert tree(trace) == [(f"{path}:deadline-pressure", None, root, "OK")]
    assert_well_timed(trace)
    assert trace.info.trace_metadata["mlflow.trace.user"] == hashed(USER)


def test_a_snapshot_is_one_trace_and_each_job_two_more_under_its_id(service: Service) -> None:
    """Fan-out, inference and computation share the producer's trace id over both queues."""
    precompute, infer, compute = precomputed(service, f"{USER}-{service.protocol}")

    assert tree(precompute) == [
        ("precompute", None, "CHAIN", "OK"),
        ("enqueue", "precompute", "TOOL", "OK"),
    ]
    assert tree(infer) == [("infer:deadline-pressure", None, "CHAIN", "OK")]
    assert tree(compute) == [("compute:deadline-pressure", None, "AGENT", "OK")]


def test_a_tip_links_to_the_trace_that_computed_its_snippet(service: Service, model: FakeModel) -> None:
    """From the tip one can open the run that said so, spans and all."""
    user = f"{USER}-linked-{service.protocol}"
    *_, compute = precomputed(service, user)
    model.plan(user, says(TIP))
    sent = send(service, "/recommend", user_id=user, tasks=TASKS, now_iso="2026-03-12T10:00:00Z")
    (trace,) = service.traces(sent.caller_trace_id, 1)

    (link,) = span_of(trace, "agent:deadline-pressure").links
    assert (link.trace_id, link.span_id) == (compute.info.trace_id, compute.data.spans[0].span_id)


def precomputed(service: Service, user: str) -> "list[Trace]":
    """The traces that one user's snapshot for one agent leaves."""
    snapshot = {"user_id": user, "tasks": TASKS, "agent_ids": ["deadline-pressure"], "now_iso": "2026-03-12T09:00:00Z"}
    caller = secrets.token_hex(16)
    traceparent = f"00-{caller}-{secrets.token_hex(8)}-01"
    Clients(service.system.aws_endpoint).sqs.send_message(
        QueueUrl=service.system.queue_url("PrecomputeQueue"),
        MessageBody=json.dumps(snapshot),
        MessageAttributes={"traceparent": {"DataType": "String", "StringValue": traceparent}},
    )
    return service.traces(caller, 3)
