"""Finished traces go to their exporters after the answer, never on its way."""

import queue
import threading
from typing import Protocol

from aws_lambda_powertools import Logger

from oo.telemetry.spans import Trace

LONGEST_QUEUE = 100
"""Traces that wait at most; what comes on top is dropped and counted."""


class Exporter(Protocol):
    """Takes one finished trace to where traces are kept."""

    def export(self, trace: Trace) -> None:
        """May block and may raise; neither reaches a caller."""


class AfterResponse:
    """Hands traces to exporters in a thread of its own, which starts with the first trace."""

    def __init__(self, exporters: list[Exporter], logger: Logger) -> None:
        self._exporters = exporters
        self._logger = logger
        self._traces: queue.Queue[Trace] = queue.Queue(LONGEST_QUEUE)
        self._thread: threading.Thread | None = None
        self.dropped = 0

    def hand_over(self, trace: Trace) -> None:
        """Queue a finished trace; returns at once."""
        if not self._exporters or not trace.spans:
            return
        try:
            self._traces.put_nowait(trace)
        except queue.Full:
            self.dropped += 1
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="after-response", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            trace = self._traces.get()
            for exporter in self._exporters:
                self._export(exporter, trace)
            self._traces.task_done()

    def _export(self, exporter: Exporter, trace: Trace) -> None:
        try:
            exporter.export(trace)
        except Exception as error:  # noqa: BLE001  # whatever an exporter raises must not end the thread
            self._logger.warning(
                "trace_export_failed",
                exporter=type(exporter).__name__,
                error_type=type(error).__name__,
                trace_id=trace.correlation_id,
            )

    def drain(self) -> None:
        """Wait until every trace handed over so far has been exported."""
        self._traces.join()
