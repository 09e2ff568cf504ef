import threading
from dataclasses import dataclass, field

import pytest

from oo.deadline import Deadline
from oo.telemetry.export.exporter import ExportFailed, Loading, Unreachable
from oo.telemetry.spans import Trace
from tests.unit.telemetry.fixtures import GATE_S, Clock, Kept, Log, dropped, finished_trace, worker_of

LONG_S = 30.0
SHORT_S = 0.05
PAST_S = 4 * SHORT_S
"""Imports that take this long outlast an export of SHORT_S."""


class Stubborn(Kept):
    """Ignores `close`, and ends only in `let_go`."""

    def close(self) -> None:
        self.closed += 1

    def let_go(self) -> None:
        """Return once its thread has ended."""
        assert self.gate is not None
        self.gate.set()
        for thread in threading.enumerate():
            if thread.name == "trace-export":
                thread.join(LONG_S)


class Broken(Kept):
    """Cannot be made the first time."""

    def make(self, loading: Loading) -> Kept:
        super().make(loading)
        if self.made == 1:
            raise ImportError
        return self


@dataclass
class SlowlyMade(Kept):
    """Is made after the time for exports."""

    remaining: list[float] = field(default_factory=list)

    def make(self, loading: Loading) -> Kept:
        threading.Event().wait(PAST_S)
        return super().make(loading)

    def export(self, trace: Trace, deadline: Deadline) -> None:
        self.remaining.append(deadline.remaining())
        super().export(trace, deadline)


class LoadsInItsExport(Kept):
    """Imports in its export until after its time."""

    def export(self, trace: Trace, deadline: Deadline) -> None:
        with self.loading():
            threading.Event().wait(PAST_S)
        super().export(trace, deadline)


class EndlesslyMade(Stubborn):
    """Is made once its gate opens."""

    def make(self, loading: Loading) -> Kept:
        assert self.gate is not None
        self.gate.wait(timeout=GATE_S)
        return super().make(loading)


class HangsAfterItsImports(Kept):
    """Imports until after its time, and waits for its gate then."""

    def export(self, trace: Trace, deadline: Deadline) -> None:
        with self.loading():
            threading.Event().wait(PAST_S)
        super().export(trace, deadline)


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_every_exporter_gets_every_trace_in_order_and_is_closed_then(log: Log) -> None:
    one, two = Kept(), Kept()
    traces = [finished_trace() for _ in range(3)]

    worker_of(one, two, logger=log.logger).deliver(traces, LONG_S)

    assert traces == one.traces == two.traces
    assert (one.closed, two.closed) == (1, 1)


def test_one_exporter_that_fails_costs_the_others_nothing(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    """A failure is one line with the error's type, and one trace in the metric."""
    failing, kept = Kept([ZeroDivisionError("text")], name="failing"), Kept()
    trace = finished_trace()

    worker_of(failing, kept, logger=log.logger).deliver([trace], LONG_S)

    (line,) = log.lines
    expected = ("trace_export_failed", "WARNING", "failing", "ZeroDivisionError", 1, trace.correlation_id)
    assert expected == tuple(line[key] for key in ("message", "level", "exporter", "error_type", "dropped", "trace_id"))
    assert "text" not in str(line)
    assert kept.traces == [trace]
    assert dropped(capsys.readouterr().out) == 1


def test_a_failure_with_an_answer_stops_nothing(log: Log) -> None:
    """A server that refuses one trace may take the next."""
    exporter = Kept([ExportFailed(status=500), None])
    worker = worker_of(exporter, logger=log.logger)

    worker.deliver([finished_trace(), finished_trace()], LONG_S)

    assert (exporter.tried, len(exporter.traces)) == (2, 1)


def test_what_an_operator_can_do_is_in_the_line(log: Log) -> None:
    worker_of(Kept([ExportFailed(status=404, hint="Set this")]), logger=log.logger).deliver([finished_trace()], LONG_S)

    assert (log.lines[0]["status"], log.lines[0]["hint"]) == (404, "Set this")


def test_nobody_answering_opens_the_breaker(log: Log, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """The rest of the traces is lost untried for 60 s, then the next one is tried."""
    exporter = Kept([Unreachable()])
    worker = worker_of(exporter, logger=log.logger, wall_clock=clock)

    worker.deliver([finished_trace() for _ in range(3)], LONG_S)
    clock.now += 59.9
    worker.deliver([finished_trace()], LONG_S)
    assert (exporter.tried, dropped(capsys.readouterr().out)) == (1, 4)

    clock.now += 0.1
    worker.deliver([finished_trace()], LONG_S)
    assert (exporter.tried, len(exporter.traces)) == (2, 1)


@pytest.mark.parametrize("jump_s", [-3_600.0, 3_600.0])
def test_a_clock_that_jumps_does_not_keep_the_breaker_open(log: Log, clock: Clock, jump_s: float) -> None:
    exporter = Kept([Unreachable()])
    worker = worker_of(exporter, logger=log.logger, wall_clock=clock)
    worker.deliver([finished_trace()], LONG_S)

    clock.now += jump_s
    worker.deliver([finished_trace()], LONG_S)

    assert len(exporter.traces) == 1


def test_one_exporters_breaker_is_not_anothers(log: Log) -> None:
    silent, kept = Kept([Unreachable()]), Kept()

    worker_of(silent, kept, logger=log.logger).deliver([finished_trace(), finished_trace()], LONG_S)

    assert (silent.tried, len(kept.traces)) == (1, 2)


def test_the_log_is_told_once_a_minute(log: Log, clock: Clock) -> None:
    """The line that comes after a minute says how many were lost since the last one."""
    worker = worker_of(Kept([ExportFailed() for _ in range(9)]), logger=log.logger, wall_clock=clock)

    for _ in range(4):
        worker.deliver([finished_trace()], LONG_S)
    clock.now += 60
    worker.deliver([finished_trace()], LONG_S)

    assert [line["dropped"] for line in log.lines] == [1, 4]


def test_an_export_that_takes_too_long_is_abandoned(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    """All unsent traces are lost, and the exporter ends its wait."""
    hanging, following = Kept(gate=threading.Event(), name="hanging"), Kept()
    worker = worker_of(hanging, following, logger=log.logger)

    worker.deliver([finished_trace(), finished_trace()], SHORT_S)

    assert dropped(capsys.readouterr().out) == 4
    assert {line["exporter"]: line["error_type"] for line in log.lines} == {
        "hanging": "Unreachable",
        "kept": "NotTried",
    }
    assert hanging.ended.wait(timeout=30)
    assert following.traces == []


def test_an_exporter_is_made_by_its_first_trace_and_once(log: Log) -> None:
    kept = Kept()
    worker = worker_of(kept, logger=log.logger)
    assert kept.made == 0

    for _ in range(2):
        worker.deliver([finished_trace()], LONG_S)

    assert (kept.made, len(kept.traces), kept.closed) == (1, 2, 2)


def test_an_exporter_that_cannot_be_made_is_tried_again(log: Log) -> None:
    """The log names it, although it never was there."""
    broken = Broken(name="broken")
    worker = worker_of(broken, logger=log.logger)

    worker.deliver([finished_trace(), finished_trace()], LONG_S)

    assert (broken.made, len(broken.traces)) == (2, 1)
    assert [(line["exporter"], line["error_type"]) for line in log.lines] == [("broken", "ImportError")]


@pytest.mark.parametrize("kind", [SlowlyMade, LoadsInItsExport])
def test_an_export_that_still_imports_has_more_time(log: Log, kind: type[Kept]) -> None:
    """Imports end by themselves; given up, they would go on beside the next calls."""
    loading = kind()

    worker_of(loading, logger=log.logger).deliver([finished_trace()], SHORT_S, LONG_S)

    assert (len(loading.traces), log.lines) == (1, [])


def test_the_time_of_imports_is_not_the_exports(log: Log) -> None:
    """An exporter that was made slowly may still send."""
    slow = SlowlyMade()

    worker_of(slow, logger=log.logger).deliver([finished_trace()], SHORT_S, LONG_S)

    assert [remaining > 0 for remaining in slow.remaining] == [True]


def test_imports_that_do_not_end_are_given_up(log: Log) -> None:
    """The breaker leaves the exporter alone then, although there is nothing yet that could be closed."""
    endless = EndlesslyMade(gate=threading.Event())
    worker = worker_of(endless, logger=log.logger)

    worker.deliver([finished_trace()], SHORT_S, SHORT_S)
    assert (endless.closed, [line["error_type"] for line in log.lines]) == (0, ["Unreachable"])

    endless.let_go()
    worker.deliver([finished_trace()], LONG_S)
    assert endless.traces == []


def test_an_export_that_hangs_after_its_imports_has_no_more_time_than_any_other(log: Log) -> None:
    """The time for imports is for imports: the gate of this one would open before that is over."""
    hanging = HangsAfterItsImports(gate=threading.Event())

    worker_of(hanging, logger=log.logger).deliver([finished_trace()], SHORT_S, 2 * GATE_S)

    assert [line["error_type"] for line in log.lines] == ["Unreachable"]


def test_nothing_is_begun_while_an_abandoned_export_still_hangs(log: Log) -> None:
    """A server that hangs costs one thread, however many calls come."""
    hanging = Stubborn(gate=threading.Event())
    worker = worker_of(hanging, logger=log.logger)
    before = threading.active_count()

    for _ in range(20):
        worker.deliver([finished_trace()], SHORT_S)

    assert threading.active_count() <= before + 1
    hanging.let_go()


def test_an_abandoned_export_that_ends_late_keeps_nobody_waiting_again(log: Log, clock: Clock) -> None:
    """It may have been frozen for an hour: the minute without exports is counted from when it was given up."""
    hanging = Stubborn([Unreachable()], gate=threading.Event())
    worker = worker_of(hanging, logger=log.logger, wall_clock=clock)
    worker.deliver([finished_trace()], SHORT_S)
    clock.now += 60

    hanging.let_go()
    worker.deliver([finished_trace()], LONG_S)

    assert (hanging.tried, len(hanging.traces)) == (2, 1)


def test_a_sandbox_without_a_thread_left_loses_what_it_cannot_send(
    log: Log, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The loss is counted and logged, and the next traces are tried again."""
    kept = Kept()
    worker = worker_of(kept, logger=log.logger)

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        worker.deliver([finished_trace()], LONG_S)
    worker.deliver([finished_trace()], LONG_S)

    assert (len(kept.traces), dropped(capsys.readouterr().out)) == (1, 1)
    assert [line["error_type"] for line in log.lines] == ["RuntimeError"]
