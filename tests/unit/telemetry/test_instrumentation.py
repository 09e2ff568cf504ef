"""Log lines and metrics of a function's calls; no call leaves anything to the next."""

import io
import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from oo.telemetry import spans
from oo.telemetry.export.exporter import ExportFailed
from oo.telemetry.instrumentation import Shim
from oo.telemetry.logs import make_metrics
from oo.telemetry.spans import SpanKind, Trace, span
from testing.lambda_context import FakeContext
from tests.unit.telemetry.fixtures import TRACE_ID, Kept, Log, after_response_of

ANSWER = {"statusCode": 200}
ILL_LUCK = RuntimeError("can't start new thread")


@dataclass
class Calls:
    """A sandbox whose handler runs the work of each call."""

    exporter: Kept = field(default_factory=Kept)
    log: Log = field(default_factory=Log)

    def __post_init__(self) -> None:
        self.after_response = after_response_of(self.exporter, logger=self.log.logger)
        self.shim = Shim(self.log.logger, make_metrics(), self.after_response, lambda: "the call's header")
        self.shim.metrics.clear_metrics()

    def __call__(self, request_id: str, work: Callable[[], object]) -> dict[str, Any]:
        def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
            work()
            return ANSWER

        return self.shim.wrap(handler)({}, cast("LambdaContext", FakeContext(aws_request_id=request_id)))

    def traced(self) -> None:
        """Record one span and log one line."""
        with self.shim.trace(), span("root", SpanKind.CHAIN):
            self.log.logger.info("worked")

    @staticmethod
    def work_in_two_spans() -> None:
        """Record a span inside of another one."""
        with span("root", SpanKind.CHAIN), span("child", SpanKind.TOOL):
            pass


@pytest.fixture
def calls() -> Calls:
    return Calls()


def metrics_in(written: str) -> list[dict[str, Any]]:
    """Each blob without the part for CloudWatch."""
    blobs = [json.loads(line) for line in written.splitlines()]
    return [{name: value for name, value in blob.items() if name != "_aws"} for blob in blobs]


def test_a_line_has_the_ids_of_its_call_and_of_its_trace(calls: Calls) -> None:
    calls("r-1", calls.traced)
    calls.after_response.drain()

    (line,), (trace,) = calls.log.lines, calls.exporter.traces
    assert (line["message"], line["function_request_id"], line["trace_id"]) == ("worked", "r-1", trace.trace_id)
    assert (trace.request_id, trace.request_header) == ("r-1", "the call's header")


def test_the_callers_trace_id_is_the_logs(calls: Calls) -> None:
    with calls.shim.trace(TRACE_ID):
        calls.log.logger.info("worked")

    assert calls.log.lines[0]["trace_id"] == TRACE_ID


def test_a_call_has_no_keys_of_the_one_before(calls: Calls) -> None:
    """Neither those that the first one's work appended nor its ids; not even before the second has a trace."""

    def leave_keys_behind() -> None:
        calls.log.logger.append_keys(agent_id="first")
        calls.traced()

    calls("r-1", leave_keys_behind)
    calls("r-2", lambda: calls.log.logger.info("alone"))

    first, second = calls.log.lines
    assert (first["agent_id"], first["function_request_id"]) == ("first", "r-1")
    assert second["function_request_id"] == "r-2"
    assert {"agent_id", "trace_id"} & set(second) == set()


def test_a_call_has_no_metrics_of_the_one_before(calls: Calls, capsys: pytest.CaptureFixture[str]) -> None:
    """Values, dimensions and metadata end with their call; only the first one is a cold start."""
    metrics = calls.shim.metrics

    def measure_much() -> None:
        metrics.add_metric(name="First", unit=MetricUnit.Count, value=1)
        metrics.add_dimension(name="of", value="first")
        metrics.add_metadata(key="note", value="first")

    calls("r-1", measure_much)
    calls("r-2", lambda: metrics.add_metric(name="Second", unit=MetricUnit.Count, value=2))
    calls("r-3", lambda: None)

    assert metrics_in(capsys.readouterr().out) == [
        {"ColdStart": [1.0], "First": [1.0], "of": "first", "note": "first"},
        {"Second": [2.0]},
    ]


@pytest.mark.parametrize("error", [BrokenPipeError(), ValueError("I/O operation on closed file")], ids=repr)
def test_metrics_that_nobody_listens_to_are_not_the_next_calls(
    calls: Calls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    """They are lost with their call, which is answered as ever."""

    class Unheard(io.StringIO):
        def write(self, _: str) -> int:
            raise error

    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", Unheard())
        assert calls("r-1", lambda: None) == ANSWER
    calls("r-2", lambda: calls.shim.metrics.add_metric(name="Second", unit=MetricUnit.Count, value=2))

    assert metrics_in(capsys.readouterr().out) == [{"Second": [2.0]}]


def test_an_export_that_fails_during_the_next_call_mixes_no_ids() -> None:
    """Its line has the ids of the call whose trace was lost; the next call's lines have their own."""
    calls = Calls(Kept([ExportFailed()], gate=threading.Event()))

    def work_while_the_export_fails() -> None:
        with calls.shim.trace(), span("root", SpanKind.CHAIN):
            calls.log.logger.info("before")
            calls.exporter.close()
            calls.after_response.drain()
            calls.log.logger.info("after")

    calls("r-1", calls.traced)
    assert calls.exporter.begun.wait(timeout=30)
    calls("r-2", work_while_the_export_fails)

    ids = {line["message"]: (line["function_request_id"], line["trace_id"]) for line in calls.log.lines}
    assert ids["trace_export_failed"] == ids["worked"]
    assert ids["before"] == ids["after"]
    assert ids["before"][0] == "r-2"
    assert ids["before"][1] != ids["worked"][1]


def test_what_is_raised_fails_the_roots_and_goes_on(calls: Calls) -> None:
    """An error after the work was done makes its trace a failed one, and its spans no worse than they were."""

    def fail_after_the_work() -> None:
        with calls.shim.trace():
            calls.work_in_two_spans()
            raise KeyError

    with pytest.raises(KeyError):
        calls("r-1", fail_after_the_work)
    calls.after_response.drain()

    (trace,) = calls.exporter.traces
    assert [record.error_type for record in trace.spans] == ["KeyError", None]


class Broken:
    """A source of ids and times that fails from one moment on."""

    def __init__(self, good: int) -> None:
        self._good = good

    def urandom(self, count: int) -> bytes:
        self._draw()
        return bytes(count)

    def time_ns(self) -> int:
        self._draw()
        return 1

    def _draw(self) -> None:
        self._good -= 1
        if self._good < 0:
            raise ZeroDivisionError


@pytest.mark.parametrize(
    ("part", "good", "names", "faults"),
    [
        ("time", 0, [], 6),
        ("time", 1, ["root"], 5),
        ("time", 3, ["root", "child"], 3),
        ("time", 5, ["root", "child", "sibling"], 1),
        ("os", 1, [], 3),
        ("os", 2, ["root"], 2),
    ],
)
def test_a_span_that_cannot_be_recorded_costs_no_answer(
    calls: Calls, monkeypatch: pytest.MonkeyPatch, part: str, good: int, names: list[str], faults: int
) -> None:
    """At its start or at its end, the recorded spans are exported, and one warning reports the missing ones."""
    monkeypatch.setattr(spans, part, Broken(good))

    def work() -> None:
        with calls.shim.trace(), span("root", SpanKind.CHAIN) as root:
            with span("child", SpanKind.TOOL) as child:
                child.outputs["n"] = 1
            with span("sibling", SpanKind.TOOL):
                root.attributes["n"] = 1

    assert calls("r-1", work) == ANSWER
    calls.after_response.drain()
    assert [record.name for trace in calls.exporter.traces for record in trace.spans] == names
    (line,) = calls.log.lines
    assert (line["message"], line["level"]) == ("trace_incomplete", "WARNING")
    assert (line["error_type"], line["faults"]) == ("ZeroDivisionError", faults)


def test_what_runs_inside_of_a_lost_span_hangs_below_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    """No span names a parent that is not there."""
    with spans.recording(Trace.begin()) as trace, span("root", SpanKind.CHAIN):
        with monkeypatch.context() as patch:
            patch.setattr(spans, "time", Broken(0))
            lost = span("lost", SpanKind.TOOL)
            lost.__enter__()
        with span("child", SpanKind.TOOL):
            pass
        lost.__exit__(None, None, None)

    root, child = trace.spans
    assert (child.name, child.parent_id) == ("child", root.span_id)


def test_a_trace_that_cannot_be_handed_over_costs_no_answer(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox has no thread left, for example; the next trace is tried again."""

    def refuse(thread: threading.Thread) -> None:
        raise ILL_LUCK

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        assert calls("r-1", calls.traced) == ANSWER
    calls("r-2", calls.traced)
    calls.after_response.drain()

    warnings = [line for line in calls.log.lines if line["level"] == "WARNING"]
    assert [(line["message"], line["error_type"]) for line in warnings] == [("trace_incomplete", "RuntimeError")]
    assert len(calls.exporter.traces) == 2
