"""Export of finished traces after the response, never before it."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from aws_lambda_powertools import Logger

from oo.telemetry.export.invocations import Invocations, InvokeEvent, PollFailed
from oo.telemetry.export.worker import ExportWorker
from oo.telemetry.spans import Trace

LONGEST_QUEUE = 100
"""The most traces that wait; further ones are dropped and counted."""

CEILING_S = 3.0
"""The longest time in seconds that exports may keep a sandbox after an answer, their imports apart."""

LOADING_S = 10.0
"""The maximum additional time of a first export with its imports, unless the function's timeout is nearer.

MLflow's client takes 5 to 7 s with the processor time that Lambda gives to 256 MB.
"""

MARGIN_S = 0.5
"""Left between the end of the exports and the function's timeout, which would end the sandbox."""

LEAST_S = 0.2
"""With less time than this nothing is begun: the traces wait for the next call."""

POSTING_S = 0.002
"""Seconds that the runtime gets to post an answer before this thread competes with it for the interpreter."""

NOT_BEGUN_S = 2.0
"""An event that the runtime cannot read never reaches the handler: seconds until the thread stops waiting."""

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 2.0
"""Between two requests for the next event of which the first one failed; each pause is twice the previous one."""


class AfterResponse:
    """Queues finished traces and exports them after the response.

    With `calls`, the Lambda extension, that is once the handler has returned, and the sandbox is not frozen before.
    Without them a thread exports finished traces at once.
    """

    def __init__(
        self,
        worker: ExportWorker,
        logger: Logger,
        *,
        calls: Invocations | None = None,
        ceiling_s: float = CEILING_S,
        not_begun_s: float = NOT_BEGUN_S,
        wall_clock: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._worker = worker
        self._logger = logger
        self._calls = calls
        self._ceiling_s = ceiling_s
        self._not_begun_s = not_begun_s
        self._wall_clock = wall_clock
        self._pause = pause
        self._traces: deque[Trace] = deque()
        self._dropped = 0
        self._begun = self._answered = ""
        self._delivering = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="after-response", daemon=True)
        if calls is not None:
            self._thread.start()

    def hand_over(self, trace: Trace) -> None:
        """Queue a finished trace; returns at once."""
        if not self._worker.has_exporters or not trace.spans:
            return
        with self._changed:
            if len(self._traces) >= LONGEST_QUEUE:
                self._dropped += 1
                return
            self._traces.append(trace)
            if self._thread.ident is None:
                self._thread.start()
            self._changed.notify_all()

    @contextmanager
    def invocation(self, request_id: str) -> Iterator[None]:
        """A block around the handler's work on one call; when it ends, the response is being sent."""
        with self._changed:
            self._begun = request_id
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._answered = request_id
                self._changed.notify_all()

    def drain(self) -> None:
        """Wait until every queued trace has been exported or dropped."""
        with self._changed:
            self._changed.wait_for(lambda: not self._traces and not self._delivering)

    def _work(self) -> None:
        if self._calls is not None:
            self._follow(self._calls)
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._traces)
            self._deliver(self._ceiling_s, LOADING_S)

    def _follow(self, calls: Invocations) -> NoReturn:
        """Export after each call. Without a request for the next event, Lambda holds each call until its timeout."""
        pause_s = 0.0
        while True:
            try:
                call = calls.next_call()
            except PollFailed as error:
                pause_s = self._pause_after(error, pause_s)
                continue
            pause_s = 0.0
            self._wait_for_the_answer(call)
            time.sleep(POSTING_S)
            left_s = self._left_s(call) - MARGIN_S
            if left_s >= LEAST_S:
                self._deliver(min(self._ceiling_s, left_s), min(LOADING_S, max(0.0, left_s - self._ceiling_s)))

    def _pause_after(self, error: PollFailed, last_pause_s: float) -> float:
        """Wait before the next request for an event; traces are exported meanwhile after several failures."""
        if not last_pause_s:
            self._logger.warning("extension_poll_failed", reason=error.reason)
        elif self._traces:
            self._deliver(self._ceiling_s, 0.0)
        pause_s = min(max(FIRST_PAUSE_S, 2 * last_pause_s), LONGEST_PAUSE_S)
        self._pause(pause_s)
        return pause_s

    def _wait_for_the_answer(self, call: InvokeEvent) -> None:
        with self._changed:
            if self._changed.wait_for(lambda: call.request_id in (self._begun, self._answered), self._not_begun_s):
                self._changed.wait_for(lambda: self._answered == call.request_id, max(0.0, self._left_s(call)))

    def _left_s(self, call: InvokeEvent) -> float:
        return call.deadline_ms / 1000 - self._wall_clock()

    def _deliver(self, seconds: float, loading_s: float) -> None:
        with self._changed:
            traces, self._traces = list(self._traces), deque()
            dropped, self._dropped = self._dropped, 0
            self._delivering = True
        try:
            if dropped:
                self._worker.drop(dropped)
            if traces:
                self._worker.deliver(traces, seconds, loading_s)
        except Exception as error:  # noqa: BLE001  # without this thread, Lambda waits for the extension in vain
            self._logger.warning("after_response_failed", error_type=type(error).__name__)
        finally:
            with self._changed:
                self._delivering = False
                self._changed.notify_all()
