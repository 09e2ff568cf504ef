"""A run of the bench in MLflow: each version as an evaluation run, its cases as traces with their scores.

`mlflow.genai.evaluate` needs several requests per row; this needs one for all spans, and one per case.
"""

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from math import fsum
from typing import Any

from evals.bench import Judged
from evals.case_traces import SOURCE, CaseTrace, case_trace
from evals.figures import Run, mean_score
from evals.scorers import SCORERS
from oo.bootstrap.settings import TraceSettings
from oo.errors import ConfigError
from oo.telemetry.export.exporter import ExportFailed, Unreachable
from oo.telemetry.export.mlflow.otlp_encoding import encode
from operations.aws_lookup import NotPossible
from operations.mlflow_api import EVALS_EXPERIMENT, MlflowApi

_LOG_BATCH = "/api/2.0/mlflow/runs/log-batch"
_RUN_TYPE = "genai_evaluate"
_AT_ONCE = 4
"""Writes at the same time; a server with an SQLite store stalls at about 40."""


def tell_mlflow(run: Run, environment: Mapping[str, str] = os.environ) -> None:
    """Send the run if MLFLOW_TRACKING_URI is set, and print the name of its experiment.

    Nothing is raised: a failure is one sentence on standard error.
    """
    try:
        settings = TraceSettings.from_environment(environment)
    except ConfigError as error:
        print(f"{error}, so the run is not in MLflow.", file=sys.stderr)
        return
    if not settings.mlflow_tracking_uri:
        return
    try:
        for place in range(len(run.versions)):
            _send(run, place, settings.model_copy(update={"mlflow_experiment_name": EVALS_EXPERIMENT}))
    except NotPossible as problem:
        print(problem, file=sys.stderr)
        return
    print(f"MLflow's {EVALS_EXPERIMENT} has the run: one evaluation run per version.")


def _send(run: Run, place: int, settings: TraceSettings) -> None:
    """Send one version: the run, all spans in one message, the scores with each case, and the means."""
    version, is_redacted = run.versions[place], settings.trace_content == "redacted"
    answered = [(row, row.answers[place]) for row in run.rows if row.answers is not None]
    traces = [case_trace(row, judged, version, is_redacted=is_redacted) for row, judged in answered]
    api = MlflowApi(settings)
    with api.asked(", so the run is not in MLflow, or not all of it"):
        experiment_id = api.made_experiment_id()
        run_id = _begun(api, experiment_id, run, version)
        try:
            if traces:
                # Messages of protobuf one behind the other are one message that holds the traces of all.
                api.send_spans(experiment_id, b"".join(encode(each.trace, SOURCE) for each in traces))
                _score(settings, traces, experiment_id, run_id)
            means = list(_means(run, place, [judged for _, judged in answered]))
            api.post(_LOG_BATCH, {"run_id": run_id, "metrics": means})
        except (ExportFailed, Unreachable, NotPossible):
            with suppress(ExportFailed, Unreachable):
                _end(api, run_id, "FAILED")
            raise
        _end(api, run_id, "FINISHED")


def _end(api: MlflowApi, run_id: str, status: str) -> None:
    api.post("/api/2.0/mlflow/runs/update", {"run_id": run_id, "status": status, "end_time": _now_ms()})


def _begun(api: MlflowApi, experiment_id: str, run: Run, version: str) -> str:
    """The id of a new run."""
    tags = {"mlflow.runType": _RUN_TYPE, "prompt.version": version, "set": run.set_name, "model": run.model}
    body = {
        "experiment_id": experiment_id,
        "run_name": version,
        "start_time": _now_ms(),
        "tags": [{"key": name, "value": value} for name, value in tags.items()],
    }
    match api.post("/api/2.0/mlflow/runs/create", body):
        case {"run": {"info": {"run_id": str(run_id)}}}:
            return run_id
    raise ExportFailed(hint="The server named no run: check MLFLOW_TRACKING_URI")


def _score(settings: TraceSettings, traces: Sequence[CaseTrace], experiment_id: str, run_id: str) -> None:
    """Write the scores to the traces, over a few connections."""

    def send(part: Sequence[CaseTrace]) -> None:
        api = MlflowApi(settings)
        with api.asked(", so some cases of the run are not in MLflow"):
            for each in part:
                api.post("/api/3.0/mlflow/traces", {"trace": {"trace_info": each.info(experiment_id, run_id)}})

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(send, [traces[first::_AT_ONCE] for first in range(_AT_ONCE)]))


def _means(run: Run, place: int, answers: Sequence[Judged]) -> Iterator[Mapping[str, Any]]:
    """The mean of each scorer, from 0 to 1, and of the score in points, as metrics."""
    means = {}
    for name in SCORERS:
        values = [each.verdicts[name].value for each in answers if each.verdicts[name].passed is not None]
        if values:
            means[f"{name}/mean"] = fsum(values) / len(values)
    if any(each.passes_gates for each in answers):
        means["score/mean"] = mean_score(run.rows, place).difference
    now = _now_ms()
    yield from ({"key": name, "value": mean, "timestamp": now, "step": 0} for name, mean in means.items())


def _now_ms() -> int:
    return time.time_ns() // 10**6
