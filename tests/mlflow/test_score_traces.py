"""Served tips at a real MLflow server: their traces are read, judged, and have the scores on them."""

from datetime import UTC, datetime

import pytest

from evals.cases.case import Case, read_cases
from evals.scorers import SCORERS
from evals.served.scored import ServedScores
from oo.bootstrap.settings import TraceSettings
from operations.experiment.served_tips import ServedTip
from operations.experiment.traced_tips import TracedTips
from operations.mlflow_api import MlflowApi
from testing.served_traces import serve

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
EXPERIMENT = "tone-2:orchestrator-1=50,orchestrator-2=50"


@pytest.fixture(scope="module")
def case() -> Case:
    return read_cases("core")[0]


@pytest.mark.parametrize(
    ("content", "recorded", "known"),
    [("full", "on", set(SCORERS)), ("full", "off", set(SCORERS) - {"Q3"}), ("redacted", "on", {"Q6"})],
)
def test_scores_are_kept_once(server: str, case: Case, content: str, recorded: str, known: set[str]) -> None:
    """A second run writes nothing, a score of another value is replaced, and an experiment reads the scores."""
    settings = TraceSettings.model_validate(
        {
            "mlflow_tracking_uri": server,
            "mlflow_experiment_name": f"oO/scored-{content}-{recorded}",
            "trace_content": content,
            "trace_request": recorded,
        }
    )
    serve_id = serve(case, settings, version="orchestrator-2", experiment=EXPERIMENT).receipt.serve_id
    serve(case, settings, has_model=False, version="orchestrator-2", experiment=EXPERIMENT)
    scored = ServedScores(settings, page=1).keep(LONG_AGO)
    assert (scored.tips.total(), set(scored.kept)) == (2, {"written"})
    again = ServedScores(settings).keep(LONG_AGO)
    assert again.kept == {"unchanged": scored.kept["written"]}
    api = MlflowApi(settings)
    with api.asked():
        found = api.traces([f"tr-{serve_id}"])[0]["trace_info"]["assessments"]
        path = f"/api/3.0/mlflow/traces/tr-{serve_id}/assessments/{found[0]['assessment_id']}"
        api.post(path, {"assessment": {"feedback": {"value": 0.25}}, "update_mask": "feedback"}, method="PATCH")
    assert {each["assessment_name"] for each in found} == known
    assert {each["source"]["source_type"] for each in found} == {"CODE"}
    changed = ServedScores(settings).keep(LONG_AGO)

    assert changed.kept == {"changed": 1, "unchanged": scored.kept["written"] - 1}
    assert all(tip.scores for tip in TracedTips(settings).records("tone-2") if isinstance(tip, ServedTip) and tip.arm)
