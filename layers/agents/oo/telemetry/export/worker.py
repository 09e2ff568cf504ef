"""One delivery of finished traces to every exporter, within a limit that nothing can stretch."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from aws_lambda_powertools import Logger

from oo.deadline import Deadline
from oo.telemetry.export.breaker import Breaker
from oo.telemetry.export.exporter import Exporter, Unreachable
from oo.telemetry.metrics import count
from oo.telemetry.spans import Trace

LOGGED_EVERY_S = 60.0
_LOOK_EVERY_S = 0.05


@dataclass(slots=True)
class _Outlet:
    """An exporter, whether it is being left alone, and what has been lost on it since that was last told."""

    exporter: Exporter
    breaker: Breaker
    lost: int = 0
    told_at: float | None = None


@dataclass(slots=True)
class _Loss:
    """Traces that an exporter did not get, and why, where that was found out now."""

    outlet: _Outlet
    trace: Trace
    error: Exception | None = None


@dataclass(slots=True)
class _Round:
    """What one thread works on. Whoever waits for it may abandon it; what it does after that no longer counts."""

    outlets: Sequence[_Outlet]
    traces: Sequence[Trace]
    deadline: Deadline
    losses: list[_Loss] = field(default_factory=list)
    settled: int = 0
    is_at_work: bool = False
    is_abandoned: bool = False
    done: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_loading(self) -> bool:
        return any(outlet.exporter.is_loading for outlet in self.outlets)

    def run(self) -> None:
        try:
            for outlet in self.outlets:
                self._export_all(outlet)
        finally:
            self.done.set()

    def _export_all(self, outlet: _Outlet) -> None:
        for trace in self.traces:
            with self.lock:
                if self.is_abandoned:
                    break
                self.is_at_work = True
            self._settle(self._export(outlet, trace))
        with suppress(Exception):
            outlet.exporter.rest()

    def _export(self, outlet: _Outlet, trace: Trace) -> _Loss | None:
        if outlet.breaker.is_open:
            return _Loss(outlet, trace)
        try:
            outlet.exporter.export(trace, self.deadline)
        except Exception as error:  # noqa: BLE001  # whatever an exporter raises must not end the thread
            return _Loss(outlet, trace, error)
        return None

    def _settle(self, loss: _Loss | None) -> None:
        # An exporter gives up at the same moment as whoever waits for it: only one of them may count the trace. After a
        # freeze it may be much later, and too late to open the breaker.
        with self.lock:
            if self.is_abandoned:
                return
            self.is_at_work = False
            self.settled += 1
            if loss is not None:
                self.losses.append(loss)
                if isinstance(loss.error, Unreachable):
                    loss.outlet.breaker.open()

    def abandon(self) -> list[_Loss]:
        """Stop waiting; what has been lost, the unfinished export and all that were to follow it included."""
        with self.lock:
            self.is_abandoned = True
            all_of_them = [_Loss(outlet, trace) for outlet in self.outlets for trace in self.traces]
            unsettled = all_of_them[self.settled :]
        if self.is_at_work:
            unsettled[0].error = Unreachable()
            unsettled[0].outlet.breaker.open()
            unsettled[0].outlet.exporter.abandon()
        return [*self.losses, *unsettled]


class ExportWorker:
    """Gives traces to exporters, in a thread that is left behind when it takes too long.

    While one is left behind no other is begun, so that a server that hangs costs one thread and no more. An exporter
    that nobody answers is left alone for a while. What is lost is counted in the metric TraceDropped and told in the
    log, at most once a minute an exporter.
    """

    def __init__(
        self, exporters: Sequence[Exporter], logger: Logger, wall_clock: Callable[[], float] = time.time
    ) -> None:
        self._outlets = [_Outlet(exporter, Breaker(wall_clock)) for exporter in exporters]
        self._logger = logger
        self._wall_clock = wall_clock
        self._round: _Round | None = None

    @property
    def has_exporters(self) -> bool:
        """Whether there is anybody to deliver to."""
        return bool(self._outlets)

    def deliver(self, traces: Sequence[Trace], seconds: float, loading_s: float = 0.0) -> None:
        """Export the traces; returns after `seconds` at the latest, done or not.

        An exporter that is importing then has `loading_s` more, of which at most `seconds` once its imports are done:
        what was left of them would take its time from the answers to come.
        """
        if self._round is not None and not self._round.done.is_set():
            self._tell([_Loss(outlet, trace) for outlet in self._outlets for trace in traces])
            return
        begun = _Round(self._outlets, traces, Deadline.after(seconds))
        try:
            threading.Thread(target=begun.run, name="trace-export", daemon=True).start()
        except RuntimeError as error:  # the sandbox has no thread left to give
            self._tell([_Loss(outlet, trace, error) for outlet in self._outlets for trace in traces])
            return
        self._round = begun
        is_done = begun.done.wait(seconds) or (begun.is_loading and _is_done_loading(begun, seconds, loading_s))
        self._tell(begun.losses if is_done else begun.abandon())

    def drop(self, number: int) -> None:
        """Count traces that could not even wait for their delivery."""
        count("TraceDropped", number)

    def _tell(self, losses: Sequence[_Loss]) -> None:
        if losses:
            count("TraceDropped", len(losses))
        for loss in losses:
            loss.outlet.lost += 1
        for loss in losses:
            if self._is_to_be_told(loss.outlet):
                self._log(loss)

    def _is_to_be_told(self, outlet: _Outlet) -> bool:
        return outlet.told_at is None or not 0 <= self._wall_clock() - outlet.told_at < LOGGED_EVERY_S

    def _log(self, loss: _Loss) -> None:
        outlet, error = loss.outlet, loss.error
        facts = {name: getattr(error, name, None) for name in ("status", "cause", "hint")}
        self._logger.warning(
            "trace_export_failed",
            exporter=outlet.exporter.name,
            error_type=type(error).__name__ if error else "NotTried",
            dropped=outlet.lost,
            trace_id=loss.trace.correlation_id,
            function_request_id=loss.trace.request_id,
            **{name: fact for name, fact in facts.items() if fact is not None},
        )
        outlet.lost, outlet.told_at = 0, self._wall_clock()


def _is_done_loading(begun: _Round, seconds: float, loading_s: float) -> bool:
    """Whether a round whose time is up is done after all, once what it is importing is there."""
    limit = Deadline.after(loading_s)
    while begun.is_loading and limit.remaining():
        if begun.done.wait(min(_LOOK_EVERY_S, limit.remaining())):
            return True
    return begun.done.wait(min(seconds, limit.remaining()))
