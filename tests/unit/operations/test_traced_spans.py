"""Spans are read back from MLflow's JSON as the exporter encoded them."""

from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]  # no stubs are installed
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from oo.telemetry.export.mlflow.otlp_encoding import encode
from oo.telemetry.spans import SpanKind, Trace, recording, span
from operations.traced_spans import read_spans, read_value
from testing.for_each import for_each


def exported(trace: Trace) -> dict[str, Any]:
    """The trace as MLflow's REST interface returns it."""
    message = ExportTraceServiceRequest.FromString(encode(trace, "tip-service"))
    told = MessageToDict(message, preserving_proto_field_name=True)
    return {"spans": told["resource_spans"][0]["scope_spans"][0]["spans"]}


def test_a_trace_is_read_back() -> None:
    """Names, times, inputs, outputs and attributes; null, lists, objects and numbers among them."""
    messages = [{"role": "system", "content": "Be «kind».\n"}, {"role": "user", "content": ""}]
    with recording(Trace.begin()) as trace, span("recommend", SpanKind.CHAIN, user_id="u", hour_of_day=None) as root:
        root.attributes.update(latency_ms=50, share=0.5, is_cut=False, nothing=[], request={"tasks": [{"id": 2**40}]})
        with span("llm_orchestrator", SpanKind.LLM, messages=messages) as child:
            child.outputs["content"] = "Rest."
    first, second = read_spans(exported(trace))

    assert (first.name, first.parent_id, second.name, bool(second.parent_id)) == (
        "recommend",
        "",
        "llm_orchestrator",
        True,
    )
    assert (first.start_ns, second.start_ns) == (trace.spans[0].start_ns, trace.spans[1].start_ns)
    assert first.inputs == {"user_id": "u", "hour_of_day": None}
    assert {name: first.attributes[name] for name in root.attributes} == root.attributes
    assert (second.inputs, second.outputs) == ({"messages": messages}, {"content": "Rest."})


@pytest.mark.parametrize("trace", [{}, {"spans": None}, {"spans": [None, "x"]}, {"spans": {}}])
def test_a_trace_of_another_shape_has_no_spans(trace: dict[str, Any]) -> None:
    assert read_spans(trace) == []


@for_each(
    "value", [None, 7, {}, {"bytes_value": "AA=="}, {"kvlist_value": 1}, {"array_value": []}, {"kvlist_value": {}}]
)
def test_a_value_of_another_shape_is_empty(value: object) -> None:
    assert not read_value(value)
