"""Recorded traces through exporters: `python -m tests.walks.planted.replay PROTOCOL CONTENT URL … < TRACES`.

In a process of its own, because MLflow's client keeps its settings for the whole process; in one process for all
exporters, because the client takes two seconds of processor time to import.
"""

import pickle
import sys
from collections.abc import Iterator, Sequence
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


def replay(recorded: Sequence[Trace], protocol: str, content: str, url: str) -> None:
    """Export them, one after the other."""
    settings = TraceSettings(
        mlflow_tracking_uri=url,
        mlflow_trace_protocol=cast("Literal['otlp', 'client']", protocol),
        trace_content=cast("Literal['full', 'redacted']", content),
    )
    exporter = mlflow_exporter(settings, "tip-service")
    for trace in recorded:
        exporter.export(trace, Deadline.after(PATIENCE_S))
    exporter.close()


def main(*exports: str) -> None:
    """Export them by each protocol, with each content, to each address."""
    recorded = list(traces(sys.stdin.buffer))
    for protocol, content, url in zip(exports[::3], exports[1::3], exports[2::3], strict=True):
        replay(recorded, protocol, content, url)


if __name__ == "__main__":
    main(*sys.argv[1:])
