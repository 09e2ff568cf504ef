"""The wrapper of every handler: log keys, metrics, one trace per invocation, its export after the response."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from oo.telemetry.spans import Trace, recording

Handler = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]


class TraceReceiver(Protocol):
    """Receives finished traces; `export.after_response` exports them."""

    def invocation(self, request_id: str) -> AbstractContextManager[None]:
        """Surround the handling of one invocation."""

    def hand_over(self, trace: Trace) -> None:
        """Take one finished trace."""


def _no_name(_user_id: str) -> None:
    return None


@dataclass(eq=False, repr=False)
class Shim:
    """One function's telemetry. The sandbox's first call counts as its cold start.

    `request_header` returns the X-Ray header of the current call, `pseudonym` the pseudonym of a user.
    """

    logger: Logger
    metrics: Metrics
    after_response: TraceReceiver
    request_header: Callable[[], str] = str
    pseudonym: Callable[[str], str | None] = _no_name
    _is_cold: bool = True
    _request_id: str = ""

    def wrap(self, handler: Handler) -> Handler:
        """The handler with Lambda's ids in every log line and its metrics written at its end."""
        with_ids: Handler = self.logger.inject_lambda_context(handler, clear_state=True)

        def wrapped(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
            self._request_id = context.aws_request_id
            with self.after_response.invocation(self._request_id):
                self._count_cold_start()
                try:
                    return with_ids(event, context)
                finally:
                    self._write_metrics()

        return wrapped

    @contextmanager
    def trace(self, caller_trace_id: str | None = None) -> Iterator[Trace]:
        """Record one call's spans and put its id into every log line; the trace is passed on at the end."""
        with recording(Trace.begin(caller_trace_id)) as trace:
            trace.request_header, trace.request_id = self.request_header(), self._request_id
            self.logger.append_keys(trace_id=trace.correlation_id)
            try:
                yield trace
            except BaseException as error:
                trace.fail(error)
                raise
            finally:
                self._hand_over(trace)

    def _hand_over(self, trace: Trace) -> None:
        try:
            self.after_response.hand_over(trace)
        except Exception as error:  # noqa: BLE001  # no answer may depend on its trace
            trace.faults.append(type(error).__name__)
        if trace.faults:
            self.logger.warning("trace_incomplete", error_type=trace.faults[0], faults=len(trace.faults))

    def _write_metrics(self) -> None:
        # A response is complete without its metrics, and they must not count for the next invocation.
        with suppress(OSError, ValueError):
            if self.metrics.metric_set:
                self.metrics.flush_metrics()
        self.metrics.clear_metrics()

    def _count_cold_start(self) -> None:
        if self._is_cold:
            self._is_cold = False
            self.metrics.add_metric(name="ColdStart", unit=MetricUnit.Count, value=1)
