"""Traces as subsegments of X-Ray: names, times and failures, and nothing of what users or the model wrote."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from oo.deadline import Deadline
from oo.telemetry.spans import Span, Trace

if TYPE_CHECKING:
    from aws_lambda_powertools import Tracer

LONGEST_NAME = 200
_SAMPLED = re.compile(r"(^|;)\s*Sampled=1\s*(;|$)")
_NO_NAME_CHARACTER = re.compile(r"[^\w\s.:/%&#=+\-@]", re.ASCII)
"""What a subsegment's name cannot hold, by "X-Ray segment documents" of the X-Ray developer guide."""


class XRayExporter:
    """Sends a call's spans under the segment that Lambda itself opened for the call.

    `current_header` tells X-Ray's header of the call at hand, which is the one that the SDK files subsegments under: a
    trace of an earlier call comes too late. Powertools' Tracer sets the SDK up and says whether it is switched off.
    """

    name = "x-ray"

    def __init__(self, current_header: Callable[[], str]) -> None:
        self._current_header = current_header
        self._tracer: Tracer | None = None

    def export(self, trace: Trace, deadline: Deadline) -> None:  # noqa: ARG002  # sending a datagram never waits
        """Send the trace if X-Ray has asked for the call."""
        if not _SAMPLED.search(trace.request_header) or trace.request_header != self._current_header():
            return
        if self._tracer is None:
            from aws_lambda_powertools import Tracer  # noqa: PLC0415  # it imports botocore: not before an answer

            self._tracer = Tracer(auto_patch=False)
        if not self._tracer.disabled:
            _send(self._tracer.provider, trace, None)

    def rest(self) -> None:
        """There is nothing that it opened."""

    def abandon(self) -> None:
        """There is nothing that it waits for."""


def _send(recorder: Any, trace: Trace, parent: Span | None) -> None:  # noqa: ANN401  # the SDK has no types
    """Send what ran inside of a span, or the roots."""
    parent_id = parent.span_id if parent else None
    for span in trace.spans:
        if span.parent_id != parent_id:
            continue
        subsegment = recorder.begin_subsegment(_NO_NAME_CHARACTER.sub("_", span.name)[:LONGEST_NAME])
        subsegment.start_time = span.start_ns / 1e9
        if parent is None:
            subsegment.put_annotation("trace_id", trace.correlation_id)
        if span.error_type is not None:
            subsegment.add_fault_flag()
            subsegment.put_annotation("error_type", span.error_type)
        _send(recorder, trace, span)
        recorder.end_subsegment((span.end_ns or span.start_ns) / 1e9)
