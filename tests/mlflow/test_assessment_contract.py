"""The real server answers as the worker of feedback expects, and as the fake does."""

from oo.bootstrap.exporters import mlflow_exporter
from oo.bootstrap.settings import TraceSettings
from oo.deadline import Deadline
from oo.telemetry.spans import SpanKind, Trace, recording, span
from testing.assessment_contract import EXPECTED, observed

PATIENCE_S = 30.0


def test_the_server_keeps_the_contract_of_assessments(server: str) -> None:
    with recording(Trace.begin()) as trace, span("recommend", SpanKind.CHAIN):
        pass
    exporter = mlflow_exporter(TraceSettings(mlflow_tracking_uri=server), "tip-service")
    exporter.export(trace, Deadline.after(PATIENCE_S))
    exporter.close()

    assert observed(server, trace.trace_id) == EXPECTED
