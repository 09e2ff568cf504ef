"""Export of finished traces to every exporter, within a fixed time limit."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from aws_lambda_powertools import Logger

from oo.deadline import Deadline
from oo.telemetry.export.breaker import Breaker
from oo.telemetry.export.exporter import Exporter, ExporterFactory, Unreachable
from oo.telemetry.metrics import count
from oo.telemetry.spans import Trace

LOGGED_EVERY_S = 60.0
_LOOK_EVERY_S = 0.05


@dataclass(eq=False, repr=False)
class _Outlet:
    """An exporter with its circuit breaker and the number of traces dropped since the last log line."""

    factory: ExporterFactory
    breaker: Breaker
    exporter: Exporter | None = None
    is_loading: bool = False
    lost: int = 0
    told_at: float | None = None

    @contextmanager
    def loading(self) -> Iterator[None]:
        self.is_loading = True
        try:
            yield
        finally:
            self.is_loading = False


@dataclass(eq=False, repr=False)
class _Loss:
    """Traces that an exporter did not send, and the reason, if it is known now."""

    outlet: _Outlet
    trace: Trace
    error: Exception | None = None


@dataclass(eq=False, repr=False)
class _Round:
    """The work of one thread: `traces` to every exporter in `seconds`. Once abandoned, its outcome is ignored."""

    outlets: Sequence[_Outlet]
    traces: Sequence[Trace]
    seconds: float
    deadline: Deadline = field(init=False)
    losses: list[_Loss] = field(default_factory=list)
    settled: int = 0
    is_at_work: bool = False
    is_given_up: bool = False
    done: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.deadline = Deadline.after(self.seconds)

    @property
    def is_loading(self) -> bool:
        return any(outlet.is_loading for outlet in self.outlets)

    def run(self) -> None:
        try:
            for outlet in self.outlets:
                for trace in self.traces:
                    if not self._begin():
                        break
                    self._settle(self._export(outlet, trace))
                with suppress(Exception):
                    if outlet.exporter is not None:
                        outlet.exporter.close()
        finally:
            self.done.set()

    def _begin(self) -> bool:
        with self.lock:
            self.is_at_work = not self.is_given_up
            return self.is_at_work

    def _export(self, outlet: _Outlet, trace: Trace) -> _Loss | None:
        if outlet.breaker.is_open:
            return _Loss(outlet, trace)
        try:
            if outlet.exporter is None:
                with outlet.loading():
                    outlet.exporter = outlet.factory.make(outlet.loading)
                self.deadline = Deadline.after(self.seconds)  # the time of the imports is not the export's
            if self.is_given_up:
                return None
            outlet.exporter.export(trace, self.deadline)
        except Exception as error:  # noqa: BLE001  # no error of an exporter may end the thread
            return _Loss(outlet, trace, error)
        return None

    def _settle(self, loss: _Loss | None) -> None:
        # An exporter and the thread that waits for it time out together: only one of them may count the trace.
        # After a freeze it may be much later, and too late to open the breaker.
        with self.lock:
            if self.is_given_up:
                return
            self.is_at_work = False
            self.settled += 1
            if loss is not None:
                self.losses.append(loss)
                if isinstance(loss.error, Unreachable):
                    loss.outlet.breaker.open()

    def give_up(self) -> list[_Loss]:
        """Close the running exporter. Returns all losses, including the unfinished export and the remaining ones."""
        with self.lock:
            self.is_given_up = True
            all_of_them = [_Loss(outlet, trace) for outlet in self.outlets for trace in self.traces]
            unsettled = all_of_them[self.settled :]
        if self.is_at_work:
            unsettled[0].error = Unreachable()
            unsettled[0].outlet.breaker.open()
            if unsettled[0].outlet.exporter is not None:
                unsettled[0].outlet.exporter.close()
        return [*self.losses, *unsettled]


class ExportWorker:
    """Creates each exporter with its first trace and exports in a thread, which is abandoned after a timeout.

    While an abandoned thread still runs, no other one starts: a server that hangs costs one thread. An exporter whose
    server does not respond is skipped for a while. The metric TraceDropped counts lost traces; the log has a line about
    them at most once per minute and exporter.
    """

    def __init__(
        self, factories: Sequence[ExporterFactory], logger: Logger, wall_clock: Callable[[], float] = time.time
    ) -> None:
        self._outlets = [_Outlet(factory, Breaker(wall_clock)) for factory in factories]
        self._logger = logger
        self._wall_clock = wall_clock
        self._round: _Round | None = None

    @property
    def has_exporters(self) -> bool:
        """Whether any trace would be exported."""
        return bool(self._outlets)

    def deliver(self, traces: Sequence[Trace], seconds: float, loading_s: float = 0.0) -> None:
        """Export the traces; returns after `seconds` at the latest, done or not.

        An exporter that is importing then has `loading_s` more, of which at most `seconds` after its imports: an
        unfinished import would continue during later requests.
        """
        if self._round is not None and not self._round.done.is_set():
            self._tell([_Loss(outlet, trace) for outlet in self._outlets for trace in traces])
            return
        begun = _Round(self._outlets, traces, seconds)
        try:
            threading.Thread(target=begun.run, name="trace-export", daemon=True).start()
        except RuntimeError as error:  # the sandbox has no thread left to give
            self._tell([_Loss(outlet, trace, error) for outlet in self._outlets for trace in traces])
            return
        self._round = begun
        is_done = begun.done.wait(seconds) or (begun.is_loading and _is_done_loading(begun, seconds, loading_s))
        self._tell(begun.losses if is_done else begun.give_up())

    def drop(self, number: int) -> None:
        """Count traces that were dropped before their export was attempted."""
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
            exporter=outlet.factory.name,
            error_type=type(error).__name__ if error else "NotTried",
            dropped=outlet.lost,
            trace_id=loss.trace.correlation_id,
            function_request_id=loss.trace.request_id,
            **{name: fact for name, fact in facts.items() if fact is not None},
        )
        outlet.lost, outlet.told_at = 0, self._wall_clock()


def _is_done_loading(begun: _Round, seconds: float, loading_s: float) -> bool:
    """Whether a round finishes after its timeout, once its import has ended."""
    limit = Deadline.after(loading_s)
    while begun.is_loading and limit.remaining():
        if begun.done.wait(min(_LOOK_EVERY_S, limit.remaining())):
            return True
    return begun.done.wait(min(seconds, limit.remaining()))
