import threading

import pytest

from oo.telemetry.export.exporter import ExportFailed, Unreachable
from oo.telemetry.export.worker import ExportWorker
from tests.unit.telemetry.fixtures import GATE_S, Clock, Kept, Log, dropped, finished_trace

LONG_S = 30.0
SHORT_S = 0.05


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_every_exporter_gets_every_trace_in_order_and_then_rests(log: Log) -> None:
    one, two = Kept(), Kept()
    traces = [finished_trace() for _ in range(3)]

    ExportWorker([one, two], log.logger).deliver(traces, LONG_S)

    assert traces == one.traces == two.traces
    assert (one.rested, two.rested) == (1, 1)


def test_one_exporter_that_fails_costs_the_others_nothing(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    """A failure is one line with the error's type, and one trace in the metric."""
    failing, kept = Kept([ZeroDivisionError("text")], name="failing"), Kept()
    trace = finished_trace()

    ExportWorker([failing, kept], log.logger).deliver([trace], LONG_S)

    (line,) = log.lines
    expected = ("trace_export_failed", "WARNING", "failing", "ZeroDivisionError", 1, trace.correlation_id)
    assert expected == tuple(line[key] for key in ("message", "level", "exporter", "error_type", "dropped", "trace_id"))
    assert "text" not in str(line)
    assert kept.traces == [trace]
    assert dropped(capsys.readouterr().out) == 1


def test_a_failure_with_an_answer_stops_nothing(log: Log) -> None:
    """A server that refuses one trace may take the next."""
    exporter = Kept([ExportFailed(status=500), None])
    delivery = ExportWorker([exporter], log.logger)

    delivery.deliver([finished_trace(), finished_trace()], LONG_S)

    assert (exporter.tried, len(exporter.traces)) == (2, 1)


def test_what_an_operator_can_do_is_in_the_line(log: Log) -> None:
    ExportWorker([Kept([ExportFailed(status=404, hint="Set this")])], log.logger).deliver([finished_trace()], LONG_S)

    assert (log.lines[0]["status"], log.lines[0]["hint"]) == (404, "Set this")


def test_nobody_answering_opens_the_breaker(log: Log, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """The rest of the traces is lost untried for 60 s, then the next one is tried."""
    exporter = Kept([Unreachable()])
    delivery = ExportWorker([exporter], log.logger, clock)

    delivery.deliver([finished_trace() for _ in range(3)], LONG_S)
    clock.now += 59.9
    delivery.deliver([finished_trace()], LONG_S)
    assert (exporter.tried, dropped(capsys.readouterr().out)) == (1, 4)

    clock.now += 0.1
    delivery.deliver([finished_trace()], LONG_S)
    assert (exporter.tried, len(exporter.traces)) == (2, 1)


@pytest.mark.parametrize("jump_s", [-3_600.0, 3_600.0])
def test_a_clock_that_jumps_does_not_keep_the_breaker_open(log: Log, clock: Clock, jump_s: float) -> None:
    exporter = Kept([Unreachable()])
    delivery = ExportWorker([exporter], log.logger, clock)
    delivery.deliver([finished_trace()], LONG_S)

    clock.now += jump_s
    delivery.deliver([finished_trace()], LONG_S)

    assert len(exporter.traces) == 1


def test_one_exporters_breaker_is_not_anothers(log: Log) -> None:
    silent, kept = Kept([Unreachable()]), Kept()

    ExportWorker([silent, kept], log.logger).deliver([finished_trace(), finished_trace()], LONG_S)

    assert (silent.tried, len(kept.traces)) == (1, 2)


def test_the_log_is_told_once_a_minute(log: Log, clock: Clock) -> None:
    """The line that comes after a minute says how many were lost since the last one."""
    delivery = ExportWorker([Kept([ExportFailed() for _ in range(9)])], log.logger, clock)

    for _ in range(4):
        delivery.deliver([finished_trace()], LONG_S)
    clock.now += 60
    delivery.deliver([finished_trace()], LONG_S)

    assert [line["dropped"] for line in log.lines] == [1, 4]


def test_an_export_that_takes_too_long_is_abandoned(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    """All that it kept from being sent is lost, and the exporter lets go of what it waits for."""
    hanging, following = Kept(gate=threading.Event(), name="hanging"), Kept()
    delivery = ExportWorker([hanging, following], log.logger)

    delivery.deliver([finished_trace(), finished_trace()], SHORT_S)

    assert dropped(capsys.readouterr().out) == 4
    assert {line["exporter"]: line["error_type"] for line in log.lines} == {
        "hanging": "Unreachable",
        "kept": "NotTried",
    }
    assert hanging.ended.wait(timeout=30)
    assert following.traces == []


def test_an_export_that_still_imports_has_more_time(log: Log) -> None:
    """Imports end by themselves; abandoned, they would go on beside the next calls."""
    loading = Loading(gate=threading.Event())

    ExportWorker([loading], log.logger).deliver([finished_trace()], SHORT_S, LONG_S)

    assert (len(loading.traces), log.lines) == (1, [])


def test_imports_that_do_not_end_are_abandoned_too(log: Log) -> None:
    loading = StubbornlyLoading(gate=threading.Event())

    ExportWorker([loading], log.logger).deliver([finished_trace()], SHORT_S, SHORT_S)

    assert [line["error_type"] for line in log.lines] == ["Unreachable"]
    loading.let_go()


def test_what_hangs_after_its_imports_has_no_more_time_than_anything_else(log: Log) -> None:
    """The time for imports is for imports."""
    loading = LoadedSoon(gate=threading.Event())

    ExportWorker([loading], log.logger).deliver([finished_trace()], SHORT_S, 2 * GATE_S)

    assert [line["error_type"] for line in log.lines] == ["Unreachable"]


def test_nothing_is_begun_while_an_abandoned_export_still_hangs(log: Log) -> None:
    """A server that hangs costs one thread, however many calls come."""
    hanging = Stubborn(gate=threading.Event())
    delivery = ExportWorker([hanging], log.logger)
    before = threading.active_count()

    for _ in range(20):
        delivery.deliver([finished_trace()], SHORT_S)

    assert threading.active_count() <= before + 1
    hanging.let_go()


def test_an_abandoned_export_that_ends_late_keeps_nobody_waiting_again(log: Log, clock: Clock) -> None:
    """It may have been frozen for an hour: the minute without exports is counted from when it was given up."""
    hanging = Stubborn([Unreachable()], gate=threading.Event())
    delivery = ExportWorker([hanging], log.logger, clock)
    delivery.deliver([finished_trace()], SHORT_S)
    clock.now += 60

    hanging.let_go()
    delivery.deliver([finished_trace()], LONG_S)

    assert (hanging.tried, len(hanging.traces)) == (2, 1)


def test_a_sandbox_without_a_thread_left_loses_what_it_cannot_send(
    log: Log, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is counted and told, and the next traces are tried anew."""
    kept = Kept()
    delivery = ExportWorker([kept], log.logger)

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        delivery.deliver([finished_trace()], LONG_S)
    delivery.deliver([finished_trace()], LONG_S)

    assert (len(kept.traces), dropped(capsys.readouterr().out)) == (1, 1)
    assert [line["error_type"] for line in log.lines] == ["RuntimeError"]


class Stubborn(Kept):
    """Does not let go before it is told to."""

    def abandon(self) -> None:
        pass

    def let_go(self) -> None:
        """Return once its thread has ended."""
        assert self.gate is not None
        self.gate.set()
        for thread in threading.enumerate():
            if thread.name == "trace-export":
                thread.join(LONG_S)


class Loading(Kept):
    """Goes on as soon as somebody has asked whether it is importing, which is when its time is up."""

    @property
    def is_loading(self) -> bool:
        if self.gate is not None:
            self.gate.set()
        return True


class LoadedSoon(Kept):
    """Has imported what it needs by the second look."""

    looks = 0

    @property
    def is_loading(self) -> bool:
        self.looks += 1
        return self.looks == 1


class StubbornlyLoading(Stubborn):
    @property
    def is_loading(self) -> bool:
        return True
