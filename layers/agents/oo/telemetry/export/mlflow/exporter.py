"""The export to MLflow for either protocol: sampling, the user's pseudonym, and redaction."""

from collections.abc import Callable
from dataclasses import replace

from oo.deadline import Deadline
from oo.frozen import frozen
from oo.telemetry.spans import Span, Trace

LONGEST_TAG = 4_096
"""MLflow cuts or refuses longer values of tags."""


@frozen
class MlflowExporter:
    """Exports a share of the traces: `sampling_ratio`, 0 to 1.

    `send` is a protocol's and raises ExportFailed and Unreachable; `close` is its server's. MLflow gets the user's
    `pseudonym` only, or none if that is None. `redacted` removes the texts of a span. `stage` distinguishes the
    traces of several deployments.
    """

    send: Callable[[Trace, Deadline], None]
    close: Callable[[], None]
    sampling_ratio: float
    pseudonym: Callable[[str], str | None]
    redacted: Callable[[Span], Span] | None = None
    stage: str = ""

    def export(self, trace: Trace, deadline: Deadline) -> None:
        """Send the trace if it is in the sample. Raises ExportFailed and Unreachable."""
        if is_sampled(trace.trace_id, self.sampling_ratio):
            self.send(self._shown(trace), deadline)

    def _shown(self, trace: Trace) -> Trace:
        user = self.pseudonym(trace.user_id) if trace.user_id else None
        shown = replace(trace, user_id=user, tags=_tags(trace, self.stage))
        if self.redacted is None:
            return replace(shown, asked=trace.asked or _without_user(trace))
        answered = f"{len(trace.answered)} characters" if trace.answered else ""
        return replace(shown, spans=[self.redacted(span) for span in trace.spans], answered=answered)


def is_sampled(trace_id: str, ratio: float) -> bool:
    """Whether a trace is in the sample, always the same for a trace."""
    return int(trace_id[:13], 16) < ratio * 16**13


def _without_user(trace: Trace) -> str:
    """The inputs of a root without the user's id, with which MLflow's preview would begin."""
    root = next((span for span in trace.spans if span.parent_id is None), None)
    if root is None or "user_id" not in root.inputs:
        return ""
    return ", ".join([root.name, *(f"{name}: {value}" for name, value in root.inputs.items() if name != "user_id")])


def _tags(trace: Trace, stage: str) -> dict[str, str]:
    root = next((span.name for span in trace.spans if span.parent_id is None), "")
    caller = {"caller.trace_id": trace.caller_trace_id} if trace.caller_trace_id else {}
    tags = {"mlflow.traceName": root, **({"stage": stage} if stage else {}), **caller, **trace.tags}
    return {name: value[:LONGEST_TAG] for name, value in tags.items()}
