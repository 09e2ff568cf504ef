"""The previews of request and response in MLflow's list of traces.

From spans alone MLflow makes these lines itself, from the first characters of the root's inputs and outputs.
"""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from oo.deadline import Deadline
from oo.telemetry.export.exporter import ExportFailed, Unreachable
from oo.telemetry.export.mlflow.server import MlflowServer
from oo.telemetry.spans import Trace

LONGEST_PREVIEW = 1_000
LONGEST_METADATA = 250
"""Characters that every store of MLflow's can hold."""


LONGEST_S = 0.5
"""A server that is too busy for the lines had time for the spans, and other traces wait."""


def tell_lines(server: MlflowServer, experiment_id: str, trace: Trace, deadline: Deadline) -> None:
    """Replace the previews of a trace on the server, if it has its own.

    The trace is complete without them: nothing is raised, and nothing counts as dropped.
    """
    if not trace.asked:
        return
    body = json.dumps({"trace": {"trace_info": _fields(trace, experiment_id)}}).encode()
    # Half of the remaining time, so that the lines end before the export's deadline.
    left = Deadline.after(min(deadline.remaining() / 2, LONGEST_S))
    with suppress(ExportFailed, Unreachable):
        server.request("/api/3.0/mlflow/traces", left, body=body, headers={"content-type": "application/json"})


def _fields(trace: Trace, experiment_id: str) -> dict[str, Any]:
    root = trace.spans[0]
    lines = {"request": trace.asked, "response": trace.answered}
    names = {"request": "mlflow.traceInputs", "response": "mlflow.traceOutputs"}
    return {
        "trace_id": f"tr-{trace.trace_id}",
        "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment_id}},
        "request_time": _moment(root.start_ns),
        "execution_duration": f"{((root.end_ns or root.start_ns) - root.start_ns) / 1e9:.6f}s",
        "state": "ERROR" if root.error_type else "OK",
        "tags": trace.tags,
        "trace_metadata": {names[kind]: _cut(line, LONGEST_METADATA) for kind, line in lines.items() if line},
        **{f"{kind}_preview": _cut(line, LONGEST_PREVIEW) for kind, line in lines.items() if line},
    }


def _moment(nanoseconds: int) -> str:
    whole = datetime.fromtimestamp(nanoseconds // 10**9, UTC)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{nanoseconds % 10**9:09d}Z"


def _cut(line: str, most: int) -> str:
    told = " ".join(line.encode("utf-8", "replace").decode().split())
    return told if len(told) <= most else f"{told[: most - 1]}…"
