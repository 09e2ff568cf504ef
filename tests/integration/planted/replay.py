"""Recorded traces through an exporter: `python -m tests.integration.planted.replay PROTOCOL CONTENT URL < TRACES`.

In a process of its own, because MLflow's client keeps its settings for the whole process.
"""

import pickle
import sys
from collections.abc import Iterator
from typing import IO, Literal, cast

from oo.bootstrap.exporters import mlflow_exporter
from oo.bootstrap.settings import TraceSettings
from oo.deadline import Deadline
from oo.telemetry.spans import Trace

PATIENCE_S = 60


def traces(file: IO[bytes]) -> Iterator[Trace]:
    """Every trace of a file."""
    while True:
        try:
            yield pickle.load(file)  # noqa: S301  # written by a test's own processes
        except EOFError:
            return


def main(protocol: str, content: str, url: str) -> None:
    """Export them, one after the other."""
    settings = TraceSettings(
        mlflow_tracking_uri=url,
        mlflow_trace_protocol=cast("Literal['otlp', 'client']", protocol),
        trace_content=cast("Literal['full', 'redacted']", content),
    )
    exporter = mlflow_exporter(settings, "tip-service")
    for trace in traces(sys.stdin.buffer):
        exporter.export(trace, Deadline.after(PATIENCE_S))
    exporter.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
