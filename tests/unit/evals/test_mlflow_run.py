"""The run in MLflow: an evaluation run for each version, by few requests, and no report that depends on it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals import compare, evals
from evals.cases.case import case_line
from testing.fake_mlflow import http_answer
from testing.free_port import free_port
from testing.storing_mlflow import StoringMlflow, storing_mlflow
from tests.unit.evals.situations import SITUATIONS

CASES = 12
VERSIONS = ("orchestrator-1", "orchestrator-2")


@pytest.fixture
def server() -> Iterator[StoringMlflow]:
    with storing_mlflow() as running:
        yield running


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    """12 users with one case each, and one hostile case."""
    situations = list(SITUATIONS.values())
    many = [situations[user % 6]._replace(id=f"case-{user}", user=f"user-{user}") for user in range(CASES)]
    (tmp_path / "set.jsonl").write_text("\n".join(map(case_line, many)))
    (tmp_path / "hostile.jsonl").write_text(case_line(many[0]))
    named = {"set": "set.jsonl", "adversarial": "hostile.jsonl", "cache": "cache", "out": "out"}
    return [part for name, file in named.items() for part in (f"--{name}", str(tmp_path / file))]


def compared(options: list[str]) -> int:
    with pytest.raises(SystemExit) as end:
        compare.main(["--a", VERSIONS[0], "--b", VERSIONS[1], *options])
    return int(end.value.code or 0)


def test_each_version_is_a_run(
    server: StoringMlflow, options: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A finished run of the type that MLflow lists, with the means; at most cases + 10 requests each."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.url)
    evals.main(["--versions", ",".join(VERSIONS), *options])
    one, other = server.runs.values()
    tags = {tag["key"]: tag["value"] for tag in other["tags"]}
    metrics = {metric["key"]: metric["value"] for metric in other["metrics"]}

    assert server.experiments == {"oO/evals"}
    assert [each["run_name"] for each in (one, other)] == list(VERSIONS)
    assert (one["status"], other["status"]) == ("FINISHED", "FINISHED")
    assert (tags["mlflow.runType"], tags["prompt.version"], tags["model"]) == (
        "genai_evaluate",
        "orchestrator-2",
        "planted",
    )
    assert {"Q1/mean", "Q14/mean", "score/mean"} < set(metrics)
    assert (metrics["Q1/mean"], 50 < metrics["score/mean"] <= 100) == (1.0, True)
    assert server.asked.total() <= len(VERSIONS) * (CASES + 10)
    assert server.asked["POST /v1/traces"] == len(VERSIONS)
    assert "MLflow's oO/evals has the run" in capsys.readouterr().out


def test_the_rows_of_two_versions_pair(
    server: StoringMlflow, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line by which MLflow pairs rows is the same for both, and another one for each case and repeat."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.url)
    evals.main(["--versions", ",".join(VERSIONS), *options, "--repeats", "2"])
    asked = {
        run_id: [
            trace["trace_info"]["request_preview"]
            for trace in server.traces.values()
            if trace["trace_info"]["trace_metadata"]["mlflow.sourceRun"] == run_id
        ]
        for run_id in server.runs
    }
    one, other = (sorted(lines) for lines in asked.values())

    assert len(set(one)) == 2 * CASES
    assert one == other


def test_a_case_is_a_trace_with_its_scores(
    server: StoringMlflow, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prompt and reply stand in its spans; each rule that applies is an assessment of code."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.url)
    evals.main(["--versions", "orchestrator-2", *options])
    trace_id, trace = next(iter(server.traces.items()))
    rows = [row for row in server.assessments.rows.values() if row["trace_id"] == trace_id]
    spans = json.dumps(trace["spans"])

    assert ("Keep to Delivery." in spans, trace["trace_info"]["state"]) == (True, "OK")
    assert trace["trace_info"]["response_preview"][:20] in json.dumps(trace["spans"], ensure_ascii=False)
    assert [row["assessment_name"] for row in rows] == [f"Q{number}" for number in range(1, 15)]
    assert {row["source"]["source_type"] for row in rows} == {"CODE"}


def test_a_redacted_run_holds_no_text(
    server: StoringMlflow, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cases may be recorded ones: of a title, neither spans nor lines nor reasons say a word."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.url)
    monkeypatch.setenv("TRACE_CONTENT", "redacted")
    evals.main(["--versions", "orchestrator-2", *options])
    kept = json.dumps([list(server.traces.values()), server.assessments.rows], ensure_ascii=False)
    titles = [task["title"] for case in SITUATIONS.values() for task in case.request.get("tasks", ())]

    assert len(server.traces) == CASES
    assert [title for title in titles if title in kept] == []


IN_THE_WAY: dict[str, tuple[bytes | None, str]] = {
    "nobody listens": (None, "MLflow does not answer"),
    "fails": (http_answer(b"{}", "503 Service Unavailable"), "MLflow refused (503), so the run is not in MLflow"),
    "shows a page": (
        http_answer(b"<html></html>", content_type="text/html"),
        "MLflow refused (200), so the run is not in MLflow",
    ),
    "answers something else": (
        http_answer(b'{"experiment": {"experiment_id": "7"}}'),
        "MLflow refused (not asked), so the run",
    ),
}


def test_a_server_in_the_way_costs_one_sentence(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Report, exit code and last line are those of a run without MLflow."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    code = compared(options)
    report, lines = (tmp_path / "out/report.json").read_bytes(), capsys.readouterr().out.splitlines()
    for name, (answer, sentence) in IN_THE_WAY.items():
        (tmp_path / "out/report.json").unlink()
        with storing_mlflow(answer) as server:
            monkeypatch.setenv("MLFLOW_TRACKING_URI", server.url if answer else f"http://127.0.0.1:{free_port()}")
            assert compared(options) == code, name
        out, err = capsys.readouterr()

        assert (tmp_path / "out/report.json").read_bytes() == report, name
        assert out.splitlines()[1:] == lines[1:], name
        assert (err.startswith(sentence), err.count("\n")) == (True, 1), name


@pytest.mark.parametrize("path", ["/v1/traces", "/api/3.0/mlflow/traces", "/api/2.0/mlflow/runs/log-batch"])
def test_a_run_that_was_not_taken_whole_has_failed(
    server: StoringMlflow,
    path: str,
    options: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """MLflow's list says so, and no further version is sent."""
    server.refuses = path
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server.url)
    evals.main(["--versions", ",".join(VERSIONS), *options])

    assert [run["status"] for run in server.runs.values()] == ["FAILED"]
    assert capsys.readouterr().err.startswith("MLflow refused (503), so ")


def test_an_unusable_setting_costs_one_sentence(
    options: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names the variable."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://user:secret@127.0.0.1:9")
    evals.main(["--versions", "template", *options])

    assert "MLFLOW_TRACKING_URI" in capsys.readouterr().err
