import io
import json
import threading

from oo.telemetry.after_response import LONGEST_QUEUE, AfterResponse
from oo.telemetry.logs import make_logger
from oo.telemetry.spans import SpanKind, Trace, recording, span


class Collecting:
    def __init__(self, gate: threading.Event | None = None) -> None:
        self.traces: list[Trace] = []
        self.started = threading.Event()
        self._gate = gate

    def export(self, trace: Trace) -> None:
        self.started.set()
        if self._gate is not None:
            self._gate.wait(timeout=10)
        self.traces.append(trace)


class Failing:
    def export(self, trace: Trace) -> None:
        raise ConnectionRefusedError(trace.trace_id)


def finished_trace() -> Trace:
    with recording(Trace.begin()) as trace, span("root", SpanKind.CHAIN):
        return trace


def test_every_exporter_gets_every_trace_in_order() -> None:
    one, two = Collecting(), Collecting()
    after_response = AfterResponse([one, two], make_logger())
    traces = [finished_trace() for _ in range(3)]

    for trace in traces:
        after_response.hand_over(trace)
    after_response.drain()

    assert traces == one.traces == two.traces


def test_one_exporter_that_fails_costs_the_others_nothing() -> None:
    """A failure is one log line with the error's type; the next exporter still gets the trace."""
    log = io.StringIO()
    collecting = Collecting()
    after_response = AfterResponse([Failing(), collecting], make_logger(log, "failing-exporter"))

    after_response.hand_over(finished_trace())
    after_response.drain()

    line = json.loads(log.getvalue())
    assert (line["message"], line["error_type"]) == ("trace_export_failed", "ConnectionRefusedError")
    assert len(collecting.traces) == 1


def test_handing_over_never_waits() -> None:
    """With an exporter that hangs, the queue fills up to its bound and the rest is dropped and counted."""
    gate = threading.Event()
    collecting = Collecting(gate)
    after_response = AfterResponse([collecting], make_logger())
    after_response.hand_over(finished_trace())
    assert collecting.started.wait(timeout=10)

    for _ in range(LONGEST_QUEUE + 5):
        after_response.hand_over(finished_trace())
    gate.set()
    after_response.drain()

    assert after_response.dropped == 5
    assert len(collecting.traces) == LONGEST_QUEUE + 1
