"""Requests and snapshots under trace ids of their own, and how their traces are read."""

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.aws.resources import Clients

if TYPE_CHECKING:
    from mlflow.entities import Span, Trace

    from tests.mlflow.conftest import Service

USER = "user-7-of-the-server-tests"
SNIPPET = {"agent_id": "mine", "prompt_text": "Mornings suit you."}
AGENT = "deadline-pressure"
TASKS = [{"id": "t1", "title": "Send the invoice", "due_at": "2026-03-12T17:00:00Z"}]
COSTS = {
    "x-litellm-response-cost": "0.004",
    "x-litellm-response-cost-input": "0.003",
    "x-litellm-response-cost-output": "0.001",
    "x-litellm-model-name": "openai/gpt-4o",
}


@dataclass(frozen=True)
class Sent:
    """A request under a trace id of its own, and its result."""

    caller_trace_id: str
    status: int
    body: dict[str, Any]


def send(service: "Service", path: str, **body: Any) -> Sent:
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


def precomputed(service: "Service", user: str) -> "list[Trace]":
    """The traces that one user's snapshot for one agent leaves."""
    return service.traces(queue(service, user), 3)


def queue(service: "Service", user: str) -> str:
    """Send one user's snapshot for one agent; the trace id that it goes under."""
    snapshot = {"user_id": user, "tasks": TASKS, "agent_ids": [AGENT], "now_iso": "2026-03-12T09:00:00Z"}
    caller = secrets.token_hex(16)
    traceparent = f"00-{caller}-{secrets.token_hex(8)}-01"
    Clients(service.system.aws_endpoint).sqs.send_message(
        QueueUrl=service.system.queue_url("PrecomputeQueue"),
        MessageBody=json.dumps(snapshot),
        MessageAttributes={"traceparent": {"DataType": "String", "StringValue": traceparent}},
    )
    return caller
