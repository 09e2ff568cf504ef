"""Traces to export, and planned exporters and clocks."""

import io
import json
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools import Logger

from oo.deadline import Deadline
from oo.telemetry.export.after_response import AfterResponse
from oo.telemetry.export.exporter import ExporterFactory, Loading
from oo.telemetry.export.worker import ExportWorker
from oo.telemetry.logs import make_logger
from oo.telemetry.spans import SpanKind, Trace, recording, span

GATE_S = 30.0
"""After it a gate that a test keeps closed opens by itself, which another outcome shows."""

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


def finished_trace(name: str = "root") -> Trace:
    """A trace of one span."""
    with recording(Trace.begin()) as trace, span(name, SpanKind.CHAIN):
        return trace


@dataclass
class Clock:
    """A wall clock that stands where it is put."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Kept:
    """An exporter that stores its traces, once `gate` is open, or raises its next error. Closing opens the gate."""

    errors: list[Exception | None] = field(default_factory=list)
    gate: threading.Event | None = None
    name: str = "kept"
    traces: list[Trace] = field(default_factory=list)
    tried: int = 0
    made: int = 0
    closed: int = 0
    loading: Loading = nullcontext
    begun: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def make(self, loading: Loading) -> "Kept":
        self.made += 1
        self.loading = loading
        return self

    def export(self, trace: Trace, deadline: Deadline) -> None:
        self.tried += 1
        self.begun.set()
        if self.gate is not None:
            self.gate.wait(timeout=GATE_S)
        error = self.errors.pop(0) if self.errors else None
        self.ended.set()
        if error is not None:
            raise error
        self.traces.append(trace)

    def close(self) -> None:
        self.closed += 1
        if self.gate is not None:
            self.gate.set()


def worker_of(*exporters: Kept, logger: Logger, wall_clock: Callable[[], float] = time.time) -> ExportWorker:
    """A worker that makes each of these exporters with its first trace."""
    return ExportWorker([ExporterFactory(each.name, each.make) for each in exporters], logger, wall_clock)


def after_response_of(*exporters: Kept, logger: Logger) -> AfterResponse:
    """Exports to these, in a thread."""
    return AfterResponse(worker_of(*exporters, logger=logger), logger)


class Log:
    """A logger and its lines."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        self.logger = make_logger(self._stream, secrets.token_hex(4))

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._stream.getvalue().splitlines()]


def dropped(written: str) -> int:
    """The sum of the metric TraceDropped in the output."""
    metrics = [json.loads(line) for line in written.splitlines() if '"TraceDropped"' in line]
    return int(sum(metric["TraceDropped"][0] for metric in metrics))
