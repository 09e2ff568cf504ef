"""Traces as subsegments of X-Ray: names, times and failures, without texts of users or of the model."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from oo.deadline import Deadline
from oo.telemetry.export.captured_warnings import captured_warnings
from oo.telemetry.export.exporter import ExportFailed, Loading
from oo.telemetry.export.redaction import shown_name
from oo.telemetry.spans import Span, Trace

if TYPE_CHECKING:
    from aws_lambda_powertools import Tracer

_Children = defaultdict[str | None, list[Span]]
"""Spans in their order, by the id of their parent."""

LONGEST_NAME = 200
_NO_NAME_CHARACTER = re.compile(r"[^\w .:/%&#=+\-@]", re.ASCII)
"""Characters that a subsegment's name cannot hold, by "X-Ray segment documents" of the X-Ray developer guide."""

_SENDS = "aws_xray_sdk.core.emitters.udp_emitter"
"""The logger of the client that writes to the daemon."""


class XRayExporter:
    """Sends a call's spans under the segment that Lambda opened for the call.

    Each is a document of its own, so that a trace of any size fits into datagrams. Powertools' Tracer provides the
    setting that disables tracing. Raises ExportFailed if a document could not be sent; a daemon does not acknowledge
    it.
    """

    def __init__(self, shown_id: Callable[[str], str], loading: Loading) -> None:
        self._shown_id = shown_id
        self._loading = loading
        self._tracer: Tracer | None = None

    def export(self, trace: Trace, deadline: Deadline) -> None:  # noqa: ARG002  # sending a datagram never waits
        """Send the trace if X-Ray sampled the call."""
        header = _fields(trace.request_header)
        if header.get("Sampled") != "1" or not header.get("Root") or not header.get("Parent"):
            return
        with captured_warnings("aws_xray_sdk") as complained:
            self._send(trace, header)
        if _SENDS in complained:
            raise ExportFailed

    def close(self) -> None:
        """Does nothing: no connection is open between two documents, and sending one never blocks."""

    def _send(self, trace: Trace, header: dict[str, str]) -> None:
        if self._tracer is None:
            with self._loading():
                self._tracer = _tracer()
        if self._tracer.disabled:
            return
        from aws_xray_sdk.core.models.facade_segment import FacadeSegment  # type: ignore[import-untyped]  # noqa: PLC0415  # as below

        recorder: Any = self._tracer.provider
        recorder.set_trace_entity(FacadeSegment("facade", header["Parent"], header["Root"], sampled=True))
        try:
            self._send_below(recorder, trace, _by_parent(trace.spans), None)
        finally:
            recorder.clear_trace_entities()

    def _send_below(self, recorder: Any, trace: Trace, spans: _Children, parent_id: str | None) -> None:  # noqa: ANN401  # the SDK has no types
        """Send the spans below a span, or the roots."""
        for span in spans[parent_id]:
            name = _NO_NAME_CHARACTER.sub("_", shown_name(span.name, self._shown_id))[:LONGEST_NAME]
            subsegment = recorder.begin_subsegment(name)
            subsegment.id, subsegment.start_time = span.span_id, span.start_ns / 1e9
            if parent_id is None:
                subsegment.put_annotation("trace_id", trace.correlation_id)
            if span.error_type is not None:
                subsegment.add_fault_flag()
                subsegment.put_annotation("error_type", span.error_type)
            self._send_below(recorder, trace, spans, span.span_id)
            recorder.end_subsegment((span.end_ns or span.start_ns) / 1e9)


def _fields(header: str) -> dict[str, str]:
    """The values of `Root=1-…;Parent=…;Sampled=1` by name."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, _, value in pairs}


def _tracer() -> "Tracer":
    """A tracer whose recorder puts subsegments under a given segment.

    In Lambda the SDK reads the segment from the environment at every step, which may already contain the next call's
    header.
    """
    from aws_lambda_powertools import Tracer  # noqa: PLC0415  # it imports botocore: not before an answer
    from aws_xray_sdk.core.context import Context  # type: ignore[import-untyped]  # noqa: PLC0415  # as above

    tracer = Tracer(auto_patch=False)
    recorder: Any = tracer.provider
    recorder.configure(context=Context())
    return tracer


def _by_parent(spans: Iterable[Span]) -> _Children:
    children: _Children = defaultdict(list)
    for span in spans:
        children[span.parent_id].append(span)
    return children
