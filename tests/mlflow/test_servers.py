"""Experiments, contents and stores of a real server, from one exporter in this process."""

from typing import Any

import pytest

from oo.bootstrap.exporters import mlflow_exporter
from oo.bootstrap.settings import TraceSettings
from oo.deadline import Deadline
from oo.telemetry.export.exporter import Exporter, ExportFailed
from oo.telemetry.export.mlflow.otlp_protocol import NO_OTLP
from oo.telemetry.spans import SpanKind, Trace, recording, span
from testing.mlflow_server import mlflow_client, running

CANARY = "canary-5c1e"


def exporter(server: str, **settings: Any) -> Exporter:
    return mlflow_exporter(TraceSettings(mlflow_tracking_uri=server, **settings), "tip-service")


def export(exporter: Exporter, trace: Trace, seconds: float = 10) -> None:
    """Export one trace, as a delivery does."""
    try:
        exporter.export(trace, Deadline.after(seconds))
    finally:
        exporter.close()


def finished_trace() -> Trace:
    with (
        recording(Trace.begin()) as trace,
        span("recommend", SpanKind.CHAIN, user_id=CANARY, science_destiny=50, agent_ids=["mine"]) as root,
    ):
        trace.user_id = CANARY
        root.outputs.update(content=CANARY, rationale=None, candidates=[{"content": CANARY}])
        root.attributes.update(attempts=2, note=CANARY)
    return trace


def test_a_missing_experiment_is_made(server: str) -> None:
    export(exporter(server, mlflow_experiment_name="made/on demand ü"), finished_trace())

    assert mlflow_client(server).get_experiment_by_name("made/on demand ü") is not None


def test_a_deleted_experiment_is_named_as_such(server: str) -> None:
    """The message names the operator's remedy."""
    client = mlflow_client(server)
    client.delete_experiment(client.create_experiment("deleted"))

    with pytest.raises(ExportFailed) as caught:
        export(exporter(server, mlflow_experiment_name="deleted"), finished_trace())
    assert "restore it" in (caught.value.hint or "")


def test_an_experiment_that_vanishes_is_looked_up_anew(server: str) -> None:
    """The remembered id is forgotten with the failure that it caused."""
    client, name = mlflow_client(server), "vanishing"
    kept = exporter(server, mlflow_experiment_name=name)
    export(kept, finished_trace())
    before = client.get_experiment_by_name(name)
    assert before is not None
    client.rename_experiment(before.experiment_id, "renamed")
    client.delete_experiment(before.experiment_id)

    outcomes = []
    for _ in range(2):
        try:
            export(kept, finished_trace())
            outcomes.append("sent")
        except ExportFailed:
            outcomes.append("failed")

    assert outcomes[-1] == "sent"


def test_redacted_traces_hold_no_text(server: str) -> None:
    """Neither inputs nor outputs, attributes, previews or metadata; an agent of a caller's own is `other`."""
    trace = finished_trace()
    export(exporter(server, mlflow_experiment_name="redacted", trace_content="redacted"), trace)

    stored = mlflow_client(server).get_trace(f"tr-{trace.trace_id}")
    assert CANARY not in stored.to_json()
    (root,) = stored.data.spans
    assert root.outputs == {
        "content": {"characters": len(CANARY)},
        "rationale": None,
        "candidates": {"items": 1},
    }
    assert (root.inputs["agent_ids"], root.attributes["attempts"]) == (["other"], 2)


def test_a_server_without_otlp_is_told_apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    """On a store of files MLflow takes no OTLP: the failure says which setting to change; changed, it works."""
    folder = tmp_path_factory.mktemp("files")
    with running(folder, str(folder / "runs")) as address:
        with pytest.raises(ExportFailed) as caught:
            export(exporter(address), finished_trace())
        assert caught.value.hint == NO_OTLP

        trace = finished_trace()
        export(exporter(address, mlflow_trace_protocol="client"), trace, 30)
        assert mlflow_client(address).get_trace(f"tr-{trace.trace_id}").info.state == "OK"
