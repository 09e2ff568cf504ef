"""Export to MLflow by its own client, for servers without OTLP. Slow to import, and one request per span."""

import logging
import re
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Any

from oo.deadline import Deadline
from oo.telemetry.export.captured_warnings import captured_warnings
from oo.telemetry.export.causes import root_cause_of
from oo.telemetry.export.exporter import ExportFailed, Unreachable
from oo.telemetry.export.mlflow import hints
from oo.telemetry.export.mlflow.experiment import Experiment
from oo.telemetry.export.mlflow.server import Credentials, MlflowServer
from oo.telemetry.export.mlflow.trace_info import tell_lines
from oo.telemetry.spans import Span, Trace

if TYPE_CHECKING:
    from mlflow.entities import LiveSpan

REQUEST_TIMEOUT_S = 2
_TRACER = "mlflow.tracing.provider"
"""The name of the tracer with which MLflow's client makes its spans."""

_EXPORT = "mlflow.tracing.export.mlflow_v3"
"""The logger of MLflow's queue that sends them."""

_STATUS = re.compile(r"failed with error code (\d{3}) ")
"""In the text of MlflowException for a response that is not JSON, as `verify_rest_response` writes it."""


SendRebuilt = Callable[[Trace, str], None]
"""Sends a trace to the experiment of that id."""


class ClientProtocol:
    """Rebuilds each trace with MLflow's client, under its own ids. Raises ExportFailed and Unreachable.

    The client hides failures and has no total time limit for the requests of a trace. So each trace begins with a
    request for the experiment, within the deadline. If the server does not respond, it fails there, before `load`
    imports the client.
    """

    def __init__(self, server: MlflowServer, experiment: Experiment, load: Callable[[], SendRebuilt]) -> None:
        self._server = server
        self._experiment = experiment
        self._load = load
        self._send_rebuilt: SendRebuilt | None = None

    def send(self, trace: Trace, deadline: Deadline) -> None:
        """Rebuild and send the trace."""
        experiment_id = self._experiment.look_up(deadline)
        if self._send_rebuilt is None:
            self._send_rebuilt = self._load()
        self._send_rebuilt(trace, experiment_id)
        tell_lines(self._server, experiment_id, trace, deadline)


class TraceRebuilder:
    """Rebuilds a trace span by span with MLflow's client, which sends it meanwhile. Creating one imports MLflow.

    The client signs in by its own variables. Credentials of a store are put there before each trace: `read` returns
    them. `ca_file` has the certificates for verifying the server, empty for the client's own.
    """

    def __init__(self, uri: str, read: Callable[[], Credentials] | None = None, ca_file: str = "") -> None:
        import mlflow  # noqa: PLC0415  # a second and more: after the first answer, and with this protocol only

        _configure(ca_file)
        self._read = read
        mlflow.set_tracking_uri(uri)
        self._start: Callable[..., LiveSpan] = mlflow.start_span_no_context
        self._entities: ModuleType = mlflow.entities
        self._ids = _ids()
        tracer: Any = mlflow.tracing.get_bridged_tracer_provider().get_tracer(_TRACER)
        tracer.id_generator = self._ids

    def send(self, trace: Trace, experiment_id: str) -> None:
        """Send the trace to the experiment of that id. Raises ExportFailed and Unreachable."""
        if self._read is not None:
            _sign_in(self._read())
        # MLflow logs a rejected span at DEBUG only; on success this module logs nothing.
        logging.getLogger(_EXPORT).setLevel(logging.DEBUG)
        failures: list[ExportFailed] = []
        note = partial(_note, failures)
        with captured_warnings("mlflow.tracing", at_any_level=_EXPORT, note=note) as complained:
            rebuilt: dict[str, LiveSpan] = {}
            for span in trace.spans:
                self._ids.trace_id, self._ids.span_id = int(trace.trace_id, 16), int(span.span_id, 16)
                rebuilt[span.span_id] = self._begin(trace, span, rebuilt.get(span.parent_id or ""), experiment_id)
            for span in reversed(trace.spans):
                status = self._entities.SpanStatus("ERROR", span.error_type) if span.error_type else "OK"
                rebuilt[span.span_id].end(outputs=span.outputs, status=status, end_time_ns=span.end_ns or span.start_ns)
        if complained:
            raise failures[0] if failures else ExportFailed

    def _begin(self, trace: Trace, span: Span, parent: "LiveSpan | None", experiment_id: str) -> "LiveSpan":
        root: dict[str, Any] = {
            "tags": trace.tags,
            "metadata": {"mlflow.trace.user": trace.user_id} if trace.user_id else {},
            "experiment_id": experiment_id,
        }
        links = [{"trace_id": f"tr-{link.trace_id}", "span_id": link.span_id} for link in span.links]
        return self._start(
            span.name,
            span_type=str(span.kind),
            parent_span=parent,
            inputs=span.inputs,
            attributes=span.attributes,
            start_time_ns=span.start_ns,
            links=[self._entities.Link.from_dict(link) for link in links],
            **({} if parent else root),
        )


def _note(failures: list[ExportFailed], error: BaseException) -> None:
    """Record the parts of a client's exception that may be logged: its text quotes the server, so it is left out."""
    cause = root_cause_of(error)
    if cause is not None:
        failures.append(Unreachable(cause))
        return
    text = str(error)
    found = _STATUS.search(text)
    status = int(found[1]) if found else _told_status(error)
    if status:
        hint = hints.hint(status, is_host_check=hints.is_host_check(text))
        failures.append(ExportFailed(status=status, hint=hint))


def _told_status(error: BaseException) -> int:
    """The status in a response of MLflow itself; 0 for exceptions without one, to which the client gives a 500."""
    return int(error.get_http_status_code()) if type(error).__name__ == "RestException" else 0  # type: ignore[attr-defined]  # imported with the client only


def _sign_in(credentials: Credentials) -> None:
    from mlflow import environment_variables  # noqa: PLC0415  # as above

    values = {"TOKEN": credentials.token, "USERNAME": credentials.username, "PASSWORD": credentials.password}
    for name, value in values.items():
        variable = getattr(environment_variables, f"MLFLOW_TRACKING_{name}")
        variable.set(value) if value else variable.unset()


def _configure(ca_file: str) -> None:
    """Configure the client: one request at a time, no retries, this timeout, and no sampling of its own."""
    from mlflow import environment_variables  # noqa: PLC0415  # as above

    values = {
        "MLFLOW_ENABLE_ASYNC_TRACE_LOGGING": False,
        "MLFLOW_HTTP_REQUEST_TIMEOUT": REQUEST_TIMEOUT_S,
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": 0,
        "MLFLOW_TRACE_SAMPLING_RATIO": 1.0,
        # An OpenTelemetry layer in the same function sets an endpoint that would divert the traces from MLflow.
        "MLFLOW_ENABLE_OTLP_EXPORTER": False,
        **({"MLFLOW_TRACKING_SERVER_CERT_PATH": ca_file} if ca_file else {}),
    }
    for name, value in values.items():
        getattr(environment_variables, name).set(value)


def _ids() -> Any:  # noqa: ANN401  # a class that only exists once OpenTelemetry is imported
    """A source of ids for the rebuilt spans: those of the recorded ones."""
    from opentelemetry.sdk.trace.id_generator import IdGenerator  # noqa: PLC0415  # as above

    class RecordedIds(IdGenerator):
        trace_id = span_id = 0

        def generate_trace_id(self) -> int:
            return self.trace_id

        def generate_span_id(self) -> int:
            return self.span_id

    return RecordedIds()
