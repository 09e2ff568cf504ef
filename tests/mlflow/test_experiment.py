"""The arms of an experiment, read back from a real server that the exporter and the feedback's calls filled."""

from dataclasses import replace

import httpx
import pytest

from oo.bootstrap.exporters import mlflow_exporter
from oo.bootstrap.settings import TraceSettings
from oo.contract.shown_ids import hashed
from oo.deadline import Deadline
from oo.telemetry.spans import SpanKind, Trace, recording, span
from operations.experiment.__main__ import main
from operations.experiment.served_tips import ServedTip
from operations.experiment.traced_tips import TracedTips
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
    with pytest.raises(SystemExit, match=f"^MLflow's {name} has no tip that an arm of the experiment tone-9 served"):
        main(["tone-9"], environment)
