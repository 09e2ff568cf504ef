"""Traces for MLflow over OTLP: one protobuf message per trace, under the ids in logs and stored outputs.

By "OpenTelemetry ingest" of MLflow's guide, the root's `user.id` and `mlflow.traceTag.*` become fields of the trace;
type, inputs and outputs have attributes of their own.
"""

from collections.abc import Mapping
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Status
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Record

from oo.telemetry.spans import Span, Trace

_INT64 = range(-(2**63), 2**63)


def encode(trace: Trace, service: str) -> bytes:
    """The body of one request with the whole trace."""
    spans = [_record(trace, span) for span in trace.spans]
    for record in spans:
        if not record.parent_span_id:
            record.attributes.extend(_pairs(_trace_fields(trace)))
    resource = Resource(attributes=_pairs({"service.name": service}))
    request = ExportTraceServiceRequest(
        resource_spans=[ResourceSpans(resource=resource, scope_spans=[ScopeSpans(spans=spans)])]
    )
    body: bytes = request.SerializeToString()
    return body


def _trace_fields(trace: Trace) -> dict[str, Any]:
    user = {"user.id": trace.user_id} if trace.user_id else {}
    return user | {f"mlflow.traceTag.{name}": value for name, value in trace.tags.items()}


def _record(trace: Trace, span: Span) -> Record:
    special = {"mlflow.spanType": str(span.kind), "mlflow.spanInputs": span.inputs, "mlflow.spanOutputs": span.outputs}
    return Record(
        trace_id=bytes.fromhex(trace.trace_id),
        span_id=bytes.fromhex(span.span_id),
        parent_span_id=bytes.fromhex(span.parent_id or ""),
        name=_text(span.name),
        kind=Record.SPAN_KIND_INTERNAL,
        start_time_unix_nano=span.start_ns,
        end_time_unix_nano=span.end_ns or span.start_ns,
        attributes=_pairs({**special, **span.attributes}),
        links=[
            Record.Link(trace_id=bytes.fromhex(link.trace_id), span_id=bytes.fromhex(link.span_id))
            for link in span.links
        ],
        status=_status(span),
    )


def _status(span: Span) -> Status:
    if span.error_type is None:
        return Status(code=Status.STATUS_CODE_OK)
    return Status(code=Status.STATUS_CODE_ERROR, message=span.error_type)


def _pairs(values: Mapping[Any, Any]) -> list[KeyValue]:
    return [KeyValue(key=_text(str(name)), value=_value(value)) for name, value in values.items()]


def _value(value: object) -> AnyValue:
    """JSON values as OTLP's. Integers of more than 64 bits become text."""
    if value is None:
        return AnyValue()
    if isinstance(value, Mapping):
        return AnyValue(kvlist_value=KeyValueList(values=_pairs(value)))
    if isinstance(value, list | tuple):
        return AnyValue(array_value=ArrayValue(values=[_value(member) for member in value]))
    return AnyValue(**_plain(value))


def _plain(value: object) -> dict[str, Any]:
    match value:
        case bool():
            return {"bool_value": value}
        case int() if value in _INT64:
            return {"int_value": value}
        case float():
            return {"double_value": value}
        case _:
            return {"string_value": _text(str(value))}


def _text(text: str) -> str:
    """Text that can be encoded as UTF-8: lone surrogates are replaced."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
