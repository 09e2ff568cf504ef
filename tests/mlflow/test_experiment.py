"""The arms of an experiment, read back from a real server that the exporter and the feedback's calls filled."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from local.system import LocalSystem
from oo.bootstrap.exporters import mlflow_exporter
from oo.bootstrap.settings import TraceSettings
from oo.contract.shown_ids import hashed
from oo.deadline import Deadline
from oo.telemetry.spans import SpanKind, Trace, recording, span
from operations.experiment.__main__ import main
from operations.experiment.arms import ArmFigures, collect
from operations.experiment.log_lines import LogFile
from operations.experiment.served_tips import ServedTip
from operations.experiment.traced_tips import TracedTips
from testing.mlflow_server import eventually
from testing.part_of_template import part_of_template
from testing.patience import patient_functions
from testing.traced_tips import ALICE, BOB, EXPERIMENT, PLANTED, PlantedTrace, expected, ordered

PATIENCE_S = 30.0


def send(settings: TraceSettings, planted: PlantedTrace) -> None:
    """One trace and its assessments, as the service and its worker send them."""
    with recording(replace(Trace.begin(), trace_id=planted.serve_id)) as trace:
        trace.user_id = planted.user
        trace.tags |= {"serve_id": planted.serve_id, **planted.tags}
        with span("recommend", SpanKind.CHAIN), span("attempt", SpanKind.LLM) as attempt:
            if planted.cost_usd is not None:
                costs = {"total_cost": planted.cost_usd, "input_cost": 0.003, "output_cost": 0.001}
                attempt.attributes["mlflow.llm.cost"] = costs
        if planted.has_failed:
            trace.fail(ValueError())
    exporter = mlflow_exporter(settings, "tip-service", hashed)
    exporter.export(trace, Deadline.after(PATIENCE_S))
    exporter.close()
    for place, (name, kind, source, value, metadata) in enumerate(planted.assessments):
        body = {
            "assessment_id": f"a-{planted.serve_id[:8]}-{place}",
            "assessment_name": name,
            "source": {"source_type": kind, "source_id": hashed(source) if source in (ALICE, BOB) else source},
            "feedback": {"value": value},
            "metadata": metadata,
        }
        address = f"{settings.mlflow_tracking_uri}/api/3.0/mlflow/traces/tr-{planted.serve_id}/assessments"
        httpx.post(address, json={"assessment": body}, timeout=PATIENCE_S).raise_for_status()


def test_the_log_and_mlflow_tell_the_same(server: str, tmp_path: Path) -> None:
    """With a running service, its queue and its worker, all feedback to /feedback is in both."""
    name = "oO/tips-served"
    environment = {
        "MLFLOW_TRACKING_URI": server,
        "MLFLOW_EXPERIMENT_NAME": name,
        "EXPERIMENT": f"{EXPERIMENT}:orchestrator-1=50,orchestrator-2=50",
    }
    feedback = (("done",), ("opened", "dismissed"), ("not_helpful",), ("helpful", "opened"), ())
    template = part_of_template(tmp_path, functions=["RecommendFunction", "FeedbackFunction", "FeedbackWorkerFunction"])
    with LocalSystem(environment=environment | patient_functions(), template=template) as system:
        for place in range(20):
            user = {"user_id": f"user-{place % 13}"}
            answer = system.http.post("/recommend", json=user | {"agent_outputs": []}).json()
            for action in feedback[place % len(feedback)]:
                body = user | {"serve_id": answer["receipt"]["serve_id"], "action": action, "dwell_ms": 4000}
                assert system.http.post("/feedback", json=body).status_code == 202
        traced = TracedTips(TraceSettings.from_environment(environment))
        sent = 20 + 4 * sum(map(len, feedback))
        eventually(lambda: len(list(traced.records(EXPERIMENT))) >= sent, 4 * PATIENCE_S)
        in_log = collect(LogFile(system.log).records(EXPERIMENT), EXPERIMENT)
        in_mlflow = collect(traced.records(EXPERIMENT), EXPERIMENT)

    assert [known(arm) for arm in in_mlflow.arms.values()] == [known(arm) for arm in in_log.arms.values()]
    assert sum(arm.tips for arm in in_log.arms.values()) == 20
    assert all(len(arm.latencies_ms) == arm.tips for arm in in_mlflow.arms.values())


def known(arm: ArmFigures) -> tuple[object, ...]:
    """The figures that both sources have exactly."""
    return arm.name, arm.tips, arm.scores, arm.propensities, arm.degraded, arm.not_helpful, arm.attempts


@pytest.mark.parametrize(("protocol", "digit"), [("otlp", "0"), ("client", "c")])
def test_the_planted_traces_are_read_back(
    server: str, protocol: str, digit: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whichever protocol brought them, page by page; the fake server of the unit tests gives the same."""
    name = f"oO/tips-{protocol}"
    environment = {
        "MLFLOW_TRACKING_URI": server,
        "MLFLOW_EXPERIMENT_NAME": name,
        "MLFLOW_TRACE_PROTOCOL": protocol,
    }
    settings = TraceSettings.from_environment(environment)
    for each in PLANTED:
        send(settings, each._replace(serve_id=digit + each.serve_id[1:]))
    found = list(TracedTips(settings, page=2).records(EXPERIMENT))

    told = expected({user: hashed(user) for user in (ALICE, BOB)})
    assert ordered(found) == [each._replace(serve_id=digit + each.serve_id[1:]) for each in told]
    assert all(each.latency_ms is not None for each in found if isinstance(each, ServedTip))

    with pytest.raises(SystemExit, match=f"^{EXPERIMENT} has no verdict yet"):
        main([EXPERIMENT], environment)
    assert "orchestrator-2" in capsys.readouterr().out
    with pytest.raises(SystemExit, match=rf"^MLflow's {name} has no tip of an arm of the experiment tone-9\."):
        main(["tone-9"], environment)
