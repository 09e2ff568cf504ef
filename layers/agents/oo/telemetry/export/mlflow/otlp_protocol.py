"""Export to MLflow over OTLP, the default. It needs a server 3.6 or later on an SQL store, and no MLflow here."""

from http import HTTPStatus

from oo.deadline import Deadline
from oo.telemetry.export.exporter import ExportFailed
from oo.telemetry.export.mlflow import otlp_encoding
from oo.telemetry.export.mlflow.experiment import Experiment
from oo.telemetry.export.mlflow.server import MlflowServer, ServerAnswer
from oo.telemetry.export.mlflow.trace_info import tell_lines
from oo.telemetry.spans import Trace

NO_OTLP = "The server takes no OTLP: set MLFLOW_TRACE_PROTOCOL=client, or use MLflow 3.6 or later on an SQL store"
_NO_SUCH_ROUTE = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED)


class OtlpProtocol:
    """Sends one message per trace, and its previews for the list of traces. Raises ExportFailed and Unreachable."""

    def __init__(self, server: MlflowServer, experiment: Experiment, service: str) -> None:
        self._server = server
        self._experiment = experiment
        self._service = service

    def send(self, trace: Trace, deadline: Deadline) -> None:
        """Send the trace, under its own ids."""
        experiment_id = self._experiment.id(deadline)
        headers = {"content-type": "application/x-protobuf", "x-mlflow-experiment-id": experiment_id}
        answer = self._server.request(
            "/v1/traces", deadline, body=otlp_encoding.encode(trace, self._service), headers=headers
        )
        if not answer.is_success:
            raise self._failure(answer)
        tell_lines(self._server, experiment_id, trace, deadline)

    def _failure(self, answer: ServerAnswer) -> ExportFailed:
        self._experiment.forget()
        # MLflow reports a deleted experiment with a code of its own; without one the route is missing.
        is_missing = answer.status in _NO_SUCH_ROUTE and "error_code" not in answer.fields
        return ExportFailed(status=answer.status, hint=NO_OTLP if is_missing else answer.hint)
