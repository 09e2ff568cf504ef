"""A run of the bench at a real MLflow server: it is listed, its traces have their scores, and the rows pair."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evals import evals
from evals.cases.case import case_line, read_cases
from oo.bootstrap.settings import TraceSettings
from operations.traces import Traces
from testing.mlflow_server import mlflow_client

if TYPE_CHECKING:
    from mlflow.entities import Trace

VERSIONS = ("orchestrator-1", "orchestrator-2")
CASES = 8


def test_a_run_of_the_bench_is_an_evaluation_run(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each version is a finished run with means; the two have the same lines, by which MLflow pairs rows."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server)
    (tmp_path / "set.jsonl").write_text("\n".join(map(case_line, read_cases("core")[: CASES * 4 : 4])))
    named = {"set": "set.jsonl", "adversarial": "set.jsonl", "cache": "cache", "out": "out"}
    options = [part for name, file in named.items() for part in (f"--{name}", str(tmp_path / file))]
    evals.main(["--versions", ",".join(VERSIONS), *options])
    client = mlflow_client(server)
    experiment = client.get_experiment_by_name("oO/evals")
    assert experiment is not None
    runs = client.search_runs([experiment.experiment_id], "tags.`mlflow.runType` = 'genai_evaluate'")
    traces: dict[str, list[Trace]] = {
        run.data.tags["prompt.version"]: client.search_traces(
            locations=[experiment.experiment_id], run_id=run.info.run_id
        )
        for run in runs
    }
    one, other = ([trace.info.request_preview for trace in traces[version]] for version in VERSIONS)
    trace = traces["orchestrator-2"][0]

    assert {run.data.tags["prompt.version"]: run.info.status for run in runs} == dict.fromkeys(VERSIONS, "FINISHED")
    assert all(run.data.metrics["Q1/mean"] == 1 and run.data.metrics["score/mean"] > 50 for run in runs)
    assert (len(set(one)), set(one)) == (CASES, set(other))
    assert [span.name for span in trace.data.spans] == ["case", "prompt"]
    assert [message["role"] for message in trace.data.spans[1].inputs["messages"]] == ["system", "user"]
    assert {each.name for each in trace.info.assessments} <= {f"Q{number}" for number in range(1, 15)}
    assert len(trace.info.assessments) >= 12
    assert trace.info.response_preview == trace.data.spans[0].outputs["content"]
    forgotten = Traces(TraceSettings(mlflow_tracking_uri=server)).forget(
        [trace.info.trace_metadata["mlflow.trace.user"]]
    )
    assert forgotten.traces >= len(VERSIONS)
    assert forgotten.assessments > 12
