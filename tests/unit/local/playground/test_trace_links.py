"""The link to a tip's trace in MLflow."""

import pytest

from oo.bootstrap.settings import TraceSettings
from testing.fake_mlflow import fake_mlflow
from testing.free_port import free_port
from tests.unit.local.playground.page_requests import SERVE_ID, body_of, page_request, question


def trace_link(settings: TraceSettings) -> str | None:
    """The address of the trace that stands beside an answer."""
    answer = page_request("POST", "/ask", settings=settings, json=question(body_of("recommend")))
    link: str | None = answer.json()["trace"]
    return link


@pytest.mark.parametrize(
    "settings",
    [
        TraceSettings(),
        TraceSettings(mlflow_tracking_uri="databricks"),
        TraceSettings(mlflow_tracking_uri="http://127.0.0.1:1", mlflow_trace_sampling_ratio=0),
    ],
)
def test_a_trace_that_mlflow_does_not_get_has_no_link(settings: TraceSettings) -> None:
    assert trace_link(settings) is None


def test_the_link_leads_to_the_trace_in_its_experiment() -> None:
    with fake_mlflow() as mlflow:
        settings = TraceSettings(mlflow_tracking_uri=mlflow.url)
        link = trace_link(settings)
        response = page_request("GET", str(link), settings=settings)

    assert link == f"/trace/tr-{SERVE_ID}"
    assert response.status_code == 303
    assert response.headers["location"] == (
        f"{mlflow.url}/#/experiments/7/traces?selectedEvaluationId=tr-{SERVE_ID}&traceId=tr-{SERVE_ID}"
    )


def test_an_mlflow_that_is_down_is_one_sentence() -> None:
    """It is asked when the link is followed, so that no tip waits for it."""
    settings = TraceSettings(mlflow_tracking_uri=f"http://127.0.0.1:{free_port()}")
    response = page_request("GET", str(trace_link(settings)), settings=settings)

    assert (response.status_code, response.text) == (503, "MLflow does not answer: check MLFLOW_TRACKING_URI.")


@pytest.mark.parametrize("trace", ["tr-x", f"tr-{SERVE_ID.upper()}", f"tr-{SERVE_ID}0"])
def test_what_is_no_id_of_a_trace_is_not_looked_up(trace: str) -> None:
    assert page_request("GET", f"/trace/{trace}").status_code == 404
