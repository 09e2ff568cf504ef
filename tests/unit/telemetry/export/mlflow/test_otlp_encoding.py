"""The trace in one OTLP message, read back out of its bytes."""

import enum
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Record
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from oo.telemetry.export.mlflow.otlp_encoding import encode
from oo.telemetry.spans import Link, Span, SpanKind, Trace

TRACE_ID = "5a" * 16
ROOT = Span("recommend", SpanKind.CHAIN, None, 1_000_000_001, span_id="aa" * 8, end_ns=3_000_000_003)
CHILD = Span("attempt", SpanKind.LLM, "aa" * 8, 2_000_000_001, span_id="bb" * 8, end_ns=2_000_000_002)


def decoded(*spans: Span, **fields: Any) -> tuple[list[Record], dict[str, Any]]:
    """The message's spans, and the attributes of the sender."""
    trace = Trace("c" * 32, TRACE_ID, list(spans), **fields)
    (group,) = ExportTraceServiceRequest.FromString(encode(trace, "tip-service")).resource_spans
    (scope,) = group.scope_spans
    return list(scope.spans), plain(group.resource.attributes)


def plain(pairs: Any) -> dict[str, Any]:
    """Attributes as Python's values; one key comes once."""
    assert len({pair.key for pair in pairs}) == len(pairs)
    return {pair.key: plain_value(pair.value) for pair in pairs}


def plain_value(value: AnyValue) -> Any:
    match value.WhichOneof("value"):
        case None:
            return None
        case "kvlist_value":
            return plain(list[KeyValue](value.kvlist_value.values))
        case "array_value":
            return [plain_value(member) for member in value.array_value.values]
        case kind:
            return getattr(value, kind)


def given(**attributes: object) -> dict[str, Any]:
    """How those attributes arrive."""
    (record,), _ = decoded(Span("root", SpanKind.CHAIN, None, 1, attributes=attributes))
    return {name: value for name, value in plain(record.attributes).items() if name in attributes}


def test_ids_and_the_tree_are_the_recorded_ones() -> None:
    (root, child), _ = decoded(ROOT, CHILD)

    assert {record.trace_id.hex() for record in (root, child)} == {TRACE_ID}
    assert (root.span_id.hex(), root.parent_span_id) == ("aa" * 8, b"")
    assert (child.span_id.hex(), child.parent_span_id.hex()) == ("bb" * 8, "aa" * 8)
    assert (root.name, child.name) == ("recommend", "attempt")


def test_times_are_kept_to_the_nanosecond() -> None:
    (root, child), _ = decoded(ROOT, CHILD)

    assert (root.start_time_unix_nano, root.end_time_unix_nano) == (1_000_000_001, 3_000_000_003)
    assert (child.start_time_unix_nano, child.end_time_unix_nano) == (2_000_000_001, 2_000_000_002)


def test_a_span_that_never_ended_has_no_length() -> None:
    (record,), _ = decoded(Span("root", SpanKind.CHAIN, None, 7))

    assert record.end_time_unix_nano == 7


def test_a_failed_span_says_by_what() -> None:
    (good, bad), _ = decoded(ROOT, Span("attempt", SpanKind.LLM, ROOT.span_id, 1, error_type="LLMTimeout"))

    assert (good.status.code, good.status.message) == (Status.STATUS_CODE_OK, "")
    assert (bad.status.code, bad.status.message) == (Status.STATUS_CODE_ERROR, "LLMTimeout")


def test_kind_inputs_and_outputs_are_attributes_that_mlflow_knows() -> None:
    span = Span("root", SpanKind.TOOL, None, 1, inputs={"n": 1}, outputs={"m": [1, "2"]}, attributes={"model": "x"})
    (record,), _ = decoded(span)

    assert plain(record.attributes) == {
        "mlflow.spanType": "TOOL",
        "mlflow.spanInputs": {"n": 1},
        "mlflow.spanOutputs": {"m": [1, "2"]},
        "model": "x",
    }


def test_user_and_tags_stand_on_the_root_alone() -> None:
    (root, child), resource = decoded(ROOT, CHILD, user_id="u", tags={"serve_id": "7"})

    fields = {"user.id": "u", "mlflow.traceTag.serve_id": "7"}
    assert fields.items() <= plain(root.attributes).items()
    assert fields.keys() & plain(child.attributes).keys() == set()
    assert resource == {"service.name": "tip-service"}


def test_a_trace_of_nobody_names_nobody() -> None:
    for user_id in (None, ""):
        (root, *_), _ = decoded(ROOT, user_id=user_id)

        assert "user.id" not in plain(root.attributes), user_id


def test_links_name_spans_of_other_traces() -> None:
    (record,), _ = decoded(Span("agent:mine", SpanKind.AGENT, None, 1, links=[Link("cd" * 16, "ef" * 8)]))

    assert [(link.trace_id.hex(), link.span_id.hex()) for link in record.links] == [("cd" * 16, "ef" * 8)]


class Colour(enum.StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (0, 0),
        (2**63 - 1, 2**63 - 1),
        (2**63, str(2**63)),
        (-(2**63), -(2**63)),
        (-(2**63) - 1, str(-(2**63) - 1)),
        (10**400, "1" + "0" * 400),
        (0.1, 0.1),
        (float("inf"), float("inf")),
        ("", ""),
        ("ü\u2028", "ü\u2028"),
        ("\ud800 a half", "? a half"),
        (Colour.RED, "red"),
        ([], []),
        ((1, [None, {"a": 1.5}]), [1, [None, {"a": 1.5}]]),
        ({}, {}),
        ({1: {"\udfff": b"x"}}, {"1": {"?": "b'x'"}}),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_values_arrive_as_what_they_are(value: object, expected: object) -> None:
    """JSON values arrive exactly; a value that a message cannot contain becomes text."""
    arrived = given(value=value)["value"]

    assert (arrived, type(arrived)) == (expected, type(expected))
