"""A user's traces, and no others, are deleted on a real server."""

import pytest

from oo.bootstrap.exporters import mlflow_exporter
from oo.bootstrap.settings import TraceSettings
from oo.contract.shown_ids import hashed
from oo.deadline import Deadline
from oo.telemetry.spans import SpanKind, Trace, recording, span
from operations.traces import Traces
from testing.feedback_scene import feedback_before, queued
from testing.mlflow_server import mlflow_client

NAME = "oO/forgetting"
PATIENCE_S = 30.0


def send(settings: TraceSettings, user: str, key: str = "") -> str:
    """One trace of a user's, as the service sends it."""
    with recording(Trace.begin()) as trace:
        trace.user_id = user
        with span("recommend", SpanKind.CHAIN, user_id=user):
            pass
    exporter = mlflow_exporter(settings, "tip-service", lambda one: hashed(one, key))
    exporter.export(trace, Deadline.after(PATIENCE_S))
    exporter.close()
    return trace.trace_id


def users(server: str) -> list[str]:
    """The pseudonyms of the traces that are there."""
    client = mlflow_client(server)
    experiment = client.get_experiment_by_name(NAME)
    assert experiment is not None
    traces = client.search_traces(locations=[experiment.experiment_id])
    return sorted(trace.info.trace_metadata["mlflow.trace.user"] for trace in traces)


@pytest.mark.parametrize("protocol", ["otlp", "client"])
def test_traces_under_both_pseudonyms_go_and_those_of_others_stay(server: str, protocol: str) -> None:
    """Whichever protocol brought them; a second run finds none."""
    settings = TraceSettings.from_environment(
        {"MLFLOW_TRACKING_URI": server, "MLFLOW_EXPERIMENT_NAME": NAME, "MLFLOW_TRACE_PROTOCOL": protocol}
    )
    for user, key in (("alice", ""), ("alice", "k1"), ("bob", "")):
        send(settings, user, key)
    alice = [hashed("alice", "k1"), hashed("alice")]

    assert [Traces(settings).forget(alice), Traces(settings).forget(alice)] == [(2, 0), (0, 0)]
    assert users(server) == [hashed("bob")]
    assert Traces(settings).forget([hashed("bob")]) == (1, 0)


def test_the_feedback_on_a_users_traces_goes_with_them(server: str) -> None:
    """It is counted, so that an operator can tell a user how much was known."""
    settings = TraceSettings(mlflow_tracking_uri=server, mlflow_experiment_name=NAME)
    served = send(settings, "carol")
    with feedback_before(server) as feedback:
        feedback.deliver(*(queued(user_id="carol", serve_id=served, action=action) for action in ("done", "helpful")))

    assert Traces(settings).forget([hashed("carol")]) == (1, 2)
    with feedback_before(server) as feedback:
        assert feedback.deliver(queued(user_id="carol", serve_id=served)) == ["0"]


def test_an_experiment_that_nobody_made_stays_unmade(server: str) -> None:
    """Forgetting asks for it and makes none."""
    settings = TraceSettings(mlflow_tracking_uri=server, mlflow_experiment_name="oO/never")

    assert Traces(settings).forget([hashed("alice")]) == (0, 0)
    assert mlflow_client(server).get_experiment_by_name("oO/never") is None
