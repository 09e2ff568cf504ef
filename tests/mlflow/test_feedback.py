"""Feedback at a real MLflow server: in any order, before the traces land, and over an outage."""

import random
import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from local.system import LocalSystem
from oo.bootstrap.exporters import mlflow_exporter
from oo.bootstrap.settings import TraceSettings
from oo.deadline import Deadline
from oo.telemetry.export.exporter import Exporter
from oo.telemetry.spans import SpanKind, Trace, recording, span
from testing.feedback_scene import Feedback, feedback_before, messages, queued
from testing.mlflow_server import eventually, mlflow_client, running
from testing.part_of_template import part_of_template
from testing.patience import patient_functions

NAME = "oO/feedback"
PATIENCE_S = 120.0
TIPS = 100
SAID = (("not_helpful", 1), ("helpful", 9), ("not_helpful", 5))
"""Three answers to one tip, each with its minute; the newest is the helpful one."""

LONG_AGO = timedelta(minutes=16)


def served(number: int, *, callers: int = 0) -> list[Trace]:
    """Traces of tips that are not exported yet; the first ones were asked for under a caller's id."""
    return [_recommended(f"{place:032x}" if place < callers else None) for place in range(number)]


def _recommended(caller_trace_id: str | None) -> Trace:
    with recording(Trace.begin(caller_trace_id)) as trace, span("recommend", SpanKind.CHAIN):
        trace.user_id = "user-7"
    return trace


@pytest.fixture
def exporter(server: str) -> Iterator[Exporter]:
    made = mlflow_exporter(TraceSettings(mlflow_tracking_uri=server, mlflow_experiment_name=NAME), "tip-service")
    yield made
    made.close()


def export(exporter: Exporter, traces: list[Trace]) -> None:
    for trace in traces:
        exporter.export(trace, Deadline.after(PATIENCE_S))


def ids(traces: list[Trace]) -> list[str]:
    return [trace.trace_id for trace in traces]


def assessed(server: str, serve_ids: list[str]) -> list[list[tuple[str, Any]]]:
    """Name and value of every assessment, tip by tip."""
    client = mlflow_client(server)
    found = [client.get_trace(f"tr-{serve_id}").info.assessments for serve_id in serve_ids]
    return [[(one.name, one.value) for one in assessments] for assessments in found]


def deliver_all(feedback: Feedback, bodies: list[dict[str, Any]], rounds: int, **options: Any) -> list[dict[str, Any]]:
    """Process batches of ten, and the returned records again, for a number of rounds; returns the rest."""
    for _ in range(rounds):
        batches = [bodies[start : start + 10] for start in range(0, len(bodies), 10)]
        bodies = [batch[int(place)] for batch in batches for place in feedback.deliver(*batch, **options)]
    return bodies


def test_answers_before_the_traces_land_and_in_any_order_are_one_assessment_each(
    server: str, exporter: Exporter
) -> None:
    """100 tips, half of them under callers' ids, each answered three times; the newest answer is the helpful one."""
    traces = served(TIPS, callers=TIPS // 2)
    bodies = [queued(serve_id=each.trace_id, action=action, minute=at) for each in traces for action, at in SAID]
    random.Random(5).shuffle(bodies)  # noqa: S311  # an order, no secret
    with feedback_before(server) as feedback:
        early = deliver_all(feedback, bodies[:60], rounds=2)
        assert early
        export(exporter, traces)

        assert deliver_all(feedback, [*early, *bodies[60:]], rounds=1) == []
        assert deliver_all(feedback, bodies, rounds=1) == []
        assert feedback.dead_letters.bodies == []

    assert assessed(server, ids(traces)) == [[("helpful", 1.0)]] * TIPS


def test_feedback_at_once_after_each_of_100_answers_is_kept(server: str, tmp_path: Path) -> None:
    """Half of them come under a caller's id; each is answered three times in random order, before its trace lands."""
    environment = {"MLFLOW_TRACKING_URI": server, "MLFLOW_EXPERIMENT_NAME": NAME}
    draw = random.Random(3)  # noqa: S311  # an order, no secret
    template = part_of_template(tmp_path, functions=["RecommendFunction", "FeedbackFunction", "FeedbackWorkerFunction"])
    with LocalSystem(environment=environment | patient_functions(), template=template) as system:
        serve_ids = []
        for number in range(TIPS):
            headers = {"traceparent": f"00-{secrets.token_hex(16)}-00f067aa0ba902b7-01"} if number % 2 else {}
            tip = system.http.post("/recommend", json={"user_id": "user-7", "agent_outputs": []}, headers=headers)
            serve_ids.append(tip.json()["receipt"]["serve_id"])
            for action, at in draw.sample(SAID, len(SAID)):
                answer = system.http.post("/feedback", json=queued(serve_id=serve_ids[-1], action=action, minute=at))
                assert answer.status_code == 202

        eventually(lambda: not messages(system, "FeedbackQueue"), PATIENCE_S)
        assert messages(system, "FeedbackDeadLetterQueue") == 0

    assert assessed(server, serve_ids) == [[("helpful", 1.0)]] * TIPS


def test_an_outage_costs_delay_and_nothing_else(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The server ends after the traces have landed, and comes back with its store: all is kept, no dead letter."""
    folder = tmp_path_factory.mktemp("outage")
    machine = running(folder, f"sqlite:///{folder}/store.db")
    traces = served(TIPS)
    bodies = [queued(serve_id=trace.trace_id) for trace in traces]
    with machine as address, feedback_before(address) as feedback:
        exporter = mlflow_exporter(TraceSettings(mlflow_tracking_uri=address), "tip-service")
        export(exporter, traces)
        exporter.close()
        machine.stop()
        assert deliver_all(feedback, bodies, rounds=8, times=8, age=LONG_AGO) == bodies
        machine.start()

        assert deliver_all(feedback, bodies, rounds=1, times=9, age=LONG_AGO) == []
        assert feedback.dead_letters.bodies == []
        assert assessed(address, ids(traces)) == [[("helpful", 1.0)]] * TIPS


def test_an_unknown_tip_is_a_dead_letter_after_five_deliveries(server: str) -> None:
    """Each of them a cheap request."""
    body = queued(serve_id="0" * 31 + "1")
    with feedback_before(server) as feedback:
        for times in range(1, 5):
            assert feedback.deliver(body, times=times, age=timedelta(minutes=4 * times)) == ["0"]

        assert feedback.deliver(body, times=5, age=LONG_AGO) == []
        assert len(feedback.dead_letters.bodies) == 1


def test_what_is_changed_leaves_nothing_of_what_was_said_before(server: str, exporter: Exporter) -> None:
    traces = served(1)
    export(exporter, traces)
    with feedback_before(server) as feedback:
        feedback.deliver(queued(serve_id=traces[0].trace_id, comment="yes", dwell_ms=9))
        feedback.deliver(queued(serve_id=traces[0].trace_id, action="not_helpful", minute=6))

    (kept,) = mlflow_client(server).get_trace(f"tr-{traces[0].trace_id}").info.assessments
    assert (kept.value, kept.rationale or "", kept.metadata["dwell_ms"]) == (0.0, "", "")


@pytest.mark.parametrize("protocol", ["otlp", "client"])
def test_the_job_is_a_trace_that_links_to_the_tips(server: str, protocol: str) -> None:
    """By each protocol; a client of MLflow can read it."""
    settings = TraceSettings.from_environment(
        {"MLFLOW_TRACKING_URI": server, "MLFLOW_EXPERIMENT_NAME": NAME, "MLFLOW_TRACE_PROTOCOL": protocol}
    )
    tips = served(1)
    exporter = mlflow_exporter(settings, "tip-service")
    with feedback_before(server) as feedback:
        export(exporter, tips)
        feedback.deliver(queued(serve_id=tips[0].trace_id))
        export(exporter, feedback.traces)
    exporter.close()

    found = mlflow_client(server).get_trace(f"tr-{feedback.traces[0].trace_id}")
    root = next(span for span in found.data.spans if span.parent_id is None)
    assert [span.name for span in found.data.spans] == ["feedback", "assess"]
    assert [link.trace_id for link in root.links] == [f"tr-{tips[0].trace_id}"]
