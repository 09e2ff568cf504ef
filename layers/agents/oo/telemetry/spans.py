"""Spans as plain records: name, times, parent and attributes.

The request path only fills these in. Exporters get the finished trace after the response (`after_response`).
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class SpanKind(StrEnum):
    """MLflow's span types that this service uses."""

    CHAIN = "CHAIN"
    AGENT = "AGENT"
    TOOL = "TOOL"
    LLM = "LLM"


WHOLE_TRACE = "0" * 16
"""The span id of a link to a whole trace, of which no span is known."""


class Link(NamedTuple):
    """A span of another trace on which this one depends: 32 and 16 hexadecimal digits."""

    trace_id: str
    span_id: str


@dataclass(eq=False, repr=False)
class Span:
    """One piece of work. Times are nanoseconds since 1970; `error_type` is set on a failed one."""

    name: str
    kind: SpanKind
    parent_id: str | None
    start_ns: int
    span_id: str = field(default_factory=lambda: os.urandom(8).hex())
    end_ns: int | None = None
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    error_type: str | None = None


@dataclass(eq=False, repr=False)
class Trace:
    """The spans of one request or job, in the order in which they began.

    `correlation_id` is in logs, receipt and header: the caller's trace id if sent, else `trace_id`. `trace_id` is
    always created here, so that two requests under one caller's id stay two traces. `request_header` is X-Ray's header
    of the call, if Lambda gave one, `request_id` Lambda's id of it. `asked` and `answered` are previews of the request
    and the response, one line each; `asked` contains neither a user's id nor content. `faults` lists the types of the
    errors that prevented recording.
    """

    correlation_id: str
    trace_id: str
    spans: list[Span] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    user_id: str | None = None
    request_header: str = ""
    request_id: str = ""
    asked: str = ""
    answered: str = ""
    faults: list[str] = field(default_factory=list)

    @property
    def caller_trace_id(self) -> str | None:
        """The id that the caller sent, None if absent."""
        return None if self.correlation_id == self.trace_id else self.correlation_id

    def fail(self, error: BaseException) -> None:
        """Mark the roots as failed: their work is useless, even if it succeeded."""
        for record in self.spans:
            if record.parent_id is None and record.error_type is None:
                record.error_type = type(error).__name__

    @classmethod
    def begin(cls, caller_trace_id: str | None = None) -> "Trace":
        """An empty trace under a new id."""
        trace_id = os.urandom(16).hex()
        return cls(correlation_id=caller_trace_id or trace_id, trace_id=trace_id)


_trace: ContextVar[Trace | None] = ContextVar("trace", default=None)
_span: ContextVar[Span | None] = ContextVar("span", default=None)


@contextmanager
def recording(trace: Trace) -> Iterator[Trace]:
    """Record the spans of this context into `trace`."""
    trace_token, span_token = _trace.set(trace), _span.set(None)
    try:
        yield trace
    finally:
        _span.reset(span_token)
        _trace.reset(trace_token)


@contextmanager
def span(name: str, kind: SpanKind, **inputs: object) -> Iterator[Span]:
    """Record the block's time as a span; an error of the block is raised and marks the span as failed.

    Outside `recording` the span is discarded, so that code below the entries needs no trace. A span that cannot be
    started or ended is missing from the trace, or has no end, and its block runs as usual.
    """
    record = _begun(name, kind, inputs)
    token = _span.set(record)
    try:
        yield record
    except BaseException as error:
        record.error_type = type(error).__name__
        raise
    finally:
        _span.reset(token)
        try:
            record.end_ns = time.time_ns()
        except Exception as error:  # noqa: BLE001  # no answer may depend on what is recorded of it
            _note(error)


def _begun(name: str, kind: SpanKind, inputs: dict[str, Any]) -> Span:
    """A span of the trace, or a discarded one, whose children belong to its parent."""
    trace, parent = _trace.get(), _span.get()
    parent_id = (parent.span_id or None) if parent else None
    try:
        record = Span(name=name, kind=kind, parent_id=parent_id, start_ns=time.time_ns(), inputs=inputs)
        if trace is not None:
            trace.spans.append(record)
    except Exception as error:  # noqa: BLE001  # no answer may depend on what is recorded of it
        _note(error)
        return Span(name=name, kind=kind, parent_id=None, start_ns=0, span_id=parent_id or "")
    return record


def _note(error: Exception) -> None:
    """Note in the trace that something is missing from it."""
    trace = _trace.get()
    if trace is not None:
        trace.faults.append(type(error).__name__)
