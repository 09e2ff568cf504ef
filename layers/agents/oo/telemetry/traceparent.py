"""Strict parsing of the caller's W3C trace context: a text of any other form is not a trace id."""

import re

_TRACE_ID = re.compile(r"(?!0{32})[0-9a-f]{32}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")


def caller_trace_id(traceparent: str | None) -> str | None:
    """The 32 hexadecimal digits of a valid `traceparent`, else None.

    Checking lengths alone would let a line break into the logs, so the whole header must match. Version ff and ids of
    zeros are invalid by the W3C recommendation.
    """
    match = _TRACEPARENT.fullmatch(traceparent or "")
    if match is None or match.string.startswith("ff") or not match[1].strip("0") or not match[2].strip("0"):
        return None
    return match[1]


def is_trace_id(text: str) -> bool:
    """Whether a text is a trace id without anything else."""
    return _TRACE_ID.fullmatch(text) is not None
