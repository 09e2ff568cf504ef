"""What MLflow is given of a trace, whichever protocol carries it: which traces, whose, and how much of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from oo.deadline import Deadline
from oo.telemetry.export.redaction import redacted
from oo.telemetry.spans import Trace

LONGEST_TAG = 4_096
"""MLflow cuts or refuses longer values of tags."""


class TraceProtocol(Protocol):
    """Carries a trace to an MLflow server."""

    @property
    def is_loading(self) -> bool:
        """As an exporter's."""

    def send(self, trace: Trace, deadline: Deadline) -> None:
        """Raises ExportFailed and Unreachable."""

    def rest(self) -> None:
        """As an exporter's."""

    def abandon(self) -> None:
        """As an exporter's."""


class MlflowExporter:
    """Exports a share of the traces.

    `sampling_ratio` is that share. A trace's user is known to MLflow by `pseudonym` only, and by nothing where there is
    none. With `redacted` no text leaves, only ids and sizes.
    """

    name = "mlflow"

    def __init__(
        self, protocol: TraceProtocol, *, sampling_ratio: float, redacted: bool, pseudonym: Callable[[str], str | None]
    ) -> None:
        self._protocol = protocol
        self._sampling_ratio = sampling_ratio
        self._redacted = redacted
        self._pseudonym = pseudonym

    @property
    def is_loading(self) -> bool:
        """Whether the protocol is."""
        return self._protocol.is_loading

    def export(self, trace: Trace, deadline: Deadline) -> None:
        """Send the trace if it is one of the sample. Raises ExportFailed and Unreachable."""
        if is_sampled(trace.trace_id, self._sampling_ratio):
            self._protocol.send(self._shown(trace), deadline)

    def rest(self) -> None:
        """Close what the protocol opened."""
        self._protocol.rest()

    def abandon(self) -> None:
        """Let go of what the protocol waits for."""
        self._protocol.abandon()

    def _shown(self, trace: Trace) -> Trace:
        user = self._pseudonym(trace.user_id) if trace.user_id else None
        spans = [redacted(span, self._pseudonym) for span in trace.spans] if self._redacted else trace.spans
        return replace(trace, user_id=user, tags=_tags(trace), spans=spans)


def is_sampled(trace_id: str, ratio: float) -> bool:
    """Whether a trace belongs to the share: the same trace always does or never does."""
    return int(trace_id[:13], 16) < ratio * 16**13


def _tags(trace: Trace) -> dict[str, str]:
    root = next((span.name for span in trace.spans if span.parent_id is None), "")
    caller = {"caller.trace_id": trace.caller_trace_id} if trace.caller_trace_id else {}
    tags = {"mlflow.traceName": root, **caller, **trace.tags}
    return {name: value[:LONGEST_TAG] for name, value in tags.items()}
