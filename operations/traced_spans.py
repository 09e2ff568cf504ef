"""Spans from MLflow's REST interface, with each value in OTLP's JSON form."""

from collections.abc import Mapping
from typing import Any, NamedTuple

_INPUTS = "mlflow.spanInputs"
_OUTPUTS = "mlflow.spanOutputs"


class TracedSpan(NamedTuple):
    """One span. `parent_id` is empty for a root; `attributes` are without inputs and outputs."""

    name: str
    parent_id: str
    start_ns: int
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    attributes: Mapping[str, Any]


def read_spans(trace: Mapping[str, Any]) -> list[TracedSpan]:
    """The spans of a trace from `MlflowApi.traces`, in the order in which they began."""
    spans = trace.get("spans")
    read = [_span(each) for each in spans if isinstance(each, dict)] if isinstance(spans, list) else []
    return sorted(read, key=lambda each: each.start_ns)


def _span(fields: Mapping[str, Any]) -> TracedSpan:
    attributes = _fields(fields.get("attributes"))
    inputs, outputs = attributes.pop(_INPUTS, None), attributes.pop(_OUTPUTS, None)
    return TracedSpan(
        name=str(fields.get("name", "")),
        parent_id=str(fields.get("parent_span_id") or ""),
        start_ns=_integer(fields.get("start_time_unix_nano")) or 0,
        inputs=inputs if isinstance(inputs, dict) else {},
        outputs=outputs if isinstance(outputs, dict) else {},
        attributes=attributes,
    )


def _fields(pairs: object) -> dict[str, Any]:
    """The values of a list of keys and values, by key."""
    told = [each for each in pairs if isinstance(each, dict)] if isinstance(pairs, list) else []
    return {str(each.get("key")): read_value(each.get("value")) for each in told}


def read_value(value: object) -> Any:  # noqa: ANN401  # any JSON
    """A value of OTLP as plain JSON; null for one that is absent or empty. 64-bit integers may be texts."""
    match value:
        case {"kvlist_value": fields}:
            return _fields(fields.get("values")) if isinstance(fields, dict) else {}
        case {"array_value": items}:
            values = items.get("values") if isinstance(items, dict) else None
            return [read_value(each) for each in values] if isinstance(values, list) else []
        case {"int_value": number}:
            return _integer(number)
        case {"string_value": plain} | {"bool_value": plain} | {"double_value": plain}:
            return plain
    return None


def _integer(value: object) -> int | None:
    """A whole number, or its digits; None for any other value."""
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.removeprefix("-").isdecimal() else None
