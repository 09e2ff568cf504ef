import queue
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from oo.telemetry.export.after_response import LONGEST_QUEUE, AfterResponse
from oo.telemetry.export.exporter import ExporterFactory
from oo.telemetry.export.invocations import InvokeEvent, PollFailed
from oo.telemetry.export.worker import ExportWorker
from oo.telemetry.spans import Trace
from testing.for_each import for_each
from tests.unit.telemetry.fixtures import Clock, Kept, Log, after_response_of, dropped, finished_trace, worker_of

SOON_MS = 1_030_000
"""30 s from where the clock stands."""


@dataclass
class Sandbox:
    """Lambda, as an extension sees it: `asked` says that the extension wants the next call."""

    asked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    given: "queue.Queue[InvokeEvent | None]" = field(default_factory=queue.Queue)

    def next_call(self) -> InvokeEvent:
        self.asked.release()
        # Without a limit: the thread that asks is a daemon, and outlives the test that it belongs to.
        invocation = self.given.get()
        if invocation is None:
            raise PollFailed(403)
        return invocation

    def is_done(self) -> bool:
        """Wait until the extension asks for the next call."""
        return self.asked.acquire(timeout=30)


def after_response_in(sandbox: Sandbox, exporter: Kept, not_begun_s: float = 10.0) -> AfterResponse:
    logger = Log().logger
    return following(sandbox, worker_of(exporter, logger=logger), logger, not_begun_s=not_begun_s)


def following(sandbox: Sandbox, worker: ExportWorker, logger: Logger, **options: Any) -> AfterResponse:
    """Exports after each of the sandbox's calls; the extension has asked for the first one."""
    made = AfterResponse(worker, logger, calls=sandbox, wall_clock=Clock(), **options)
    assert sandbox.is_done()
    return made


def test_with_an_extension_traces_wait_for_the_answer() -> None:
    """Nothing is exported while the handler works; its traces are exported before the request for the next event."""
    sandbox, kept = Sandbox(), Kept()
    after_response = after_response_in(sandbox, kept)

    sandbox.given.put(InvokeEvent("r-1", SOON_MS))
    with after_response.invocation("r-1"):
        after_response.hand_over(finished_trace())
        assert not kept.begun.wait(timeout=0.05)

    assert sandbox.is_done()
    assert len(kept.traces) == 1


def test_an_answer_that_is_there_first_is_not_waited_for() -> None:
    """The runtime and the extension hear of a call independently of each other."""
    sandbox, kept = Sandbox(), Kept()
    after_response = after_response_in(sandbox, kept)
    with after_response.invocation("r-1"):
        after_response.hand_over(finished_trace())

    sandbox.given.put(InvokeEvent("r-1", SOON_MS))

    assert sandbox.is_done()
    assert len(kept.traces) == 1


def test_a_call_that_fails_is_answered_too() -> None:
    sandbox, kept = Sandbox(), Kept()
    after_response = after_response_in(sandbox, kept)

    sandbox.given.put(InvokeEvent("r-1", SOON_MS))
    after_response.hand_over(finished_trace())
    with pytest.raises(SystemExit), after_response.invocation("r-1"):
        sys.exit()

    assert sandbox.is_done()
    assert len(kept.traces) == 1


def test_an_event_that_never_reaches_the_handler_holds_nobody_up() -> None:
    """The runtime rejects an unreadable event without a signal to the extension."""
    sandbox = Sandbox()
    after_response_in(sandbox, Kept(), not_begun_s=0.05)

    sandbox.given.put(InvokeEvent("r-1", SOON_MS))

    assert sandbox.is_done()


def test_with_no_time_left_before_the_timeout_traces_wait_for_the_next_call() -> None:
    """An export that outlasts the function's timeout would end the sandbox."""
    sandbox, kept = Sandbox(), Kept()
    after_response = after_response_in(sandbox, kept)

    for request_id, deadline_ms in (("late", 1_000_650), ("early", SOON_MS)):
        sandbox.given.put(InvokeEvent(request_id, deadline_ms))
        with after_response.invocation(request_id):
            after_response.hand_over(finished_trace(request_id))
        assert sandbox.is_done()
        assert len(kept.traces) == (0 if request_id == "late" else 2)


@for_each(("left_s", "expected"), [(30.0, (3.0, 10.0)), (5.0, (3.0, 1.5)), (3.5, (3.0, 0.0)), (2.0, (1.5, 0.0))])
def test_exports_and_their_imports_end_before_the_functions_timeout(
    left_s: float, expected: tuple[float, float]
) -> None:
    """Half a second is left, for any other limits."""
    sandbox, limits, log = Sandbox(), list[tuple[float, float]](), Log()

    class Worker(ExportWorker):
        def deliver(self, traces: object, seconds: float, loading_s: float = 0.0) -> None:
            limits.append((seconds, loading_s))

    worker = Worker([ExporterFactory("kept", Kept().make)], log.logger)
    after_response = following(sandbox, worker, log.logger)
    sandbox.given.put(InvokeEvent("r-1", int((Clock().now + left_s) * 1000)))
    with after_response.invocation("r-1"):
        after_response.hand_over(finished_trace())

    assert sandbox.is_done()
    assert limits == [expected]


def test_an_export_that_goes_wrong_beyond_its_exporter_costs_its_traces_alone() -> None:
    """Without the thread that asks for the next call, Lambda would hold the sandbox until the timeout."""
    sandbox, kept, log = Sandbox(), Kept(), Log()

    class Worker(ExportWorker):
        def deliver(self, traces: Sequence[Trace], seconds: float, loading_s: float = 0.0) -> None:
            if traces[0].spans[0].name == "broken":
                raise ZeroDivisionError
            super().deliver(traces, seconds, loading_s)

    after_response = following(sandbox, Worker([ExporterFactory("kept", kept.make)], log.logger), log.logger)
    for request_id in ("broken", "whole"):
        sandbox.given.put(InvokeEvent(request_id, SOON_MS))
        with after_response.invocation(request_id):
            after_response.hand_over(finished_trace(request_id))
        assert sandbox.is_done()

    assert [trace.spans[0].name for trace in kept.traces] == ["whole"]
    assert [(line["message"], line["level"]) for line in log.lines] == [("after_response_failed", "WARNING")]


class Pauses:
    """Notes how long is paused, and pauses for nothing."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def test_a_failed_poll_is_asked_again_after_pauses_that_double() -> None:
    """It is logged once until a poll works, and the next failure is logged again."""
    sandbox, log, pauses = Sandbox(), Log(), Pauses()
    worker = worker_of(Kept(), logger=log.logger)
    after_response = AfterResponse(worker, log.logger, calls=sandbox, wall_clock=Clock(), pause=pauses)
    for given in (*[None] * 7, InvokeEvent("r-1", SOON_MS), None):
        assert sandbox.is_done()
        with after_response.invocation("r-1"):
            sandbox.given.put(given)
    assert sandbox.is_done()

    assert pauses.seconds == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0, 0.1]
    told = [(line["message"], line["level"], line["reason"]) for line in log.lines]
    assert told == [("extension_poll_failed", "WARNING", 403)] * 2


def test_a_lost_poll_loses_no_trace() -> None:
    """The call's trace is exported after the next one."""
    sandbox, kept, log = Sandbox(), Kept(), Log()
    after_response = following(sandbox, worker_of(kept, logger=log.logger), log.logger, pause=Pauses())
    after_response.hand_over(finished_trace("lost"))
    sandbox.given.put(None)
    assert sandbox.is_done()

    with after_response.invocation("r-1"):
        sandbox.given.put(InvokeEvent("r-1", SOON_MS))
    assert sandbox.is_done()
    assert [trace.spans[0].name for trace in kept.traces] == ["lost"]


def test_traces_do_not_wait_for_the_end_of_an_outage() -> None:
    """From the second failed poll in a row on, the thread exports between the polls."""
    sandbox, kept, log = Sandbox(), Kept(), Log()
    worker = worker_of(kept, logger=log.logger)
    after_response = AfterResponse(worker, log.logger, calls=sandbox, wall_clock=Clock(), pause=Pauses())
    after_response.hand_over(finished_trace())
    for _ in range(2):
        assert sandbox.is_done()
        sandbox.given.put(None)

    assert sandbox.is_done()
    assert len(kept.traces) == 1


def test_without_an_extension_a_thread_exports_at_once() -> None:
    kept = Kept()
    after_response = after_response_of(kept, logger=Log().logger)
    traces = [finished_trace() for _ in range(3)]

    for trace in traces:
        after_response.hand_over(trace)
    after_response.drain()

    assert kept.traces == traces


def test_handing_over_never_waits(capsys: pytest.CaptureFixture[str]) -> None:
    """With an exporter that hangs, the queue fills up to its bound and the rest is dropped and counted."""
    kept = Kept(gate=threading.Event())
    after_response = after_response_of(kept, logger=Log().logger)
    after_response.hand_over(finished_trace())
    assert kept.begun.wait(timeout=30)

    for _ in range(LONGEST_QUEUE + 5):
        after_response.hand_over(finished_trace())
    kept.close()
    after_response.drain()

    assert len(kept.traces) == LONGEST_QUEUE + 1
    assert dropped(capsys.readouterr().out) == 5


@pytest.mark.parametrize("exporters", [[], [Kept()]], ids=["no exporter", "no span"])
def test_nothing_to_export_starts_no_thread(exporters: list[Kept]) -> None:
    before = threading.active_count()
    trace = finished_trace() if not exporters else Trace.begin()

    after_response_of(*exporters, logger=Log().logger).hand_over(trace)

    assert threading.active_count() == before
