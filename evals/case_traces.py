"""The answers of a version as traces: one per case, with the prompt, the reply, the tip and the scores."""

import secrets
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from evals.bench import Judged, Row
from evals.cases.case import Case
from oo.contract.shown_ids import hashed, shown_id, shown_version
from oo.telemetry.export.redaction import Redaction
from oo.telemetry.spans import Span, SpanKind, Trace

SOURCE = "oo-evals"
"""The source of scores, and the service of the traces."""

_LONGEST_LINE = 1_000
_REDACTION = Redaction(hashed, shown_id, shown_version)


class CaseTrace(NamedTuple):
    """One answer as a trace.

    `asked` is equal for all versions: by it MLflow's Compare page pairs the rows. With `is_redacted` the trace contains
    no text of the case or of the answer, only sizes and scores.
    """

    trace: Trace
    asked: str
    judged: Judged
    is_redacted: bool

    def info(self, experiment_id: str, run_id: str) -> dict[str, Any]:
        """The fields of the trace that are in no span: the run, the two previews, and the scores."""
        tip, root = self.judged.tip, self.trace.spans[0]
        answered = (f"{len(tip.content)} characters" if self.is_redacted else tip.content) if tip else "no usable reply"
        return {
            "trace_id": f"tr-{self.trace.trace_id}",
            "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment_id}},
            "request_time": f"{datetime.fromtimestamp(root.start_ns / 1e9, UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
            "execution_duration": "0s",
            "state": "OK" if tip else "ERROR",
            "tags": self.trace.tags,
            "trace_metadata": {"mlflow.sourceRun": run_id},
            "request_preview": self.asked,
            "response_preview": answered[:_LONGEST_LINE],
            "assessments": [
                {
                    "assessment_name": name,
                    "source": {"source_type": "CODE", "source_id": SOURCE},
                    "feedback": {"value": verdict.value},
                    "rationale": "" if self.is_redacted else verdict.why,
                }
                for name, verdict in self.judged.verdicts.items()
                if verdict.passed is not None
            ],
        }


def case_trace(row: Row, judged: Judged, version: str, *, is_redacted: bool) -> CaseTrace:
    """The answer to a row as a trace with the current time: the time of the model's reply is not stored."""
    now, case, tip = time.time_ns(), row.case, judged.tip
    told = {"case": case.id, "user": case.user, "persona": case.persona, "repeat": row.repeat}
    root = Span("case", SpanKind.CHAIN, None, now, end_ns=now, inputs=told, error_type=None if tip else "NoUsableReply")
    if tip:
        root.outputs.update(content=tip.content, rationale=tip.rationale, kind=str(tip.kind), task_id=tip.task_id)
    prompt = Span("prompt", SpanKind.LLM, root.span_id, now, end_ns=now, inputs={"messages": list(judged.messages)})
    prompt.outputs["text"] = judged.reply
    trace_id = secrets.token_hex(16)
    spans = [_REDACTION.redacted(span) if is_redacted else span for span in (root, prompt)]
    tags = {"mlflow.traceName": "case", "prompt.version": version, "case": case.id}
    trace = replace(Trace.begin(), trace_id=trace_id, correlation_id=trace_id, spans=spans, tags=tags)
    # Of a replayed request this is the pseudonym, by which `make forget` finds the trace.
    trace.user_id = case.user or None
    return CaseTrace(trace, _asked(case, row.repeat), judged, is_redacted)


def _asked(case: Case, repeat: int) -> str:
    """A line that identifies the case, the same for all versions."""
    tasks, notes = (len(case.request.get(name) or ()) for name in ("tasks", "agent_outputs"))
    again = f", repeat {repeat + 1}" if repeat else ""
    slider = case.request.get("science_destiny", 50)
    return f"{case.id}{again}: {tasks} tasks, {notes} snippets, slider {slider}"[:_LONGEST_LINE]
