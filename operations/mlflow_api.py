"""Requests of operators' programs to MLflow: plain REST with the exporter's credentials and connection rules."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from oo.bootstrap.exporters import mlflow_server
from oo.bootstrap.settings import TraceSettings
from oo.deadline import Deadline
from oo.errors import ConfigError
from oo.telemetry.export.exporter import ExportFailed, Unreachable
from oo.telemetry.export.mlflow.experiment import Experiment
from oo.telemetry.export.mlflow.server import MlflowServer, ServerAnswer
from operations.aws_lookup import NotPossible

EVALS_EXPERIMENT = "oO/evals"
"""The experiment that runs of the bench are sent to."""

REQUEST_S = 60.0
IDLE_S = 1.0
"""A connection that was idle for longer is not reused: servers close it, uvicorn after 5 s."""

_LARGEST_ANSWER_BYTES = 64 * 1024 * 1024
"""A page of traces with their previews, tags and assessments."""

_SEARCH = "/api/3.0/mlflow/traces/search"
_BATCH = "/api/3.0/mlflow/traces/batchGet"
_JSON = {"content-type": "application/json"}


def mlflow_settings(environment: Mapping[str, str]) -> TraceSettings:
    """The settings with a server. Raises NotPossible, whose sentence names the variable."""
    try:
        settings = TraceSettings.from_environment(environment)
    except ConfigError as error:
        raise NotPossible(f"{error}, so no request was sent to MLflow.") from None
    if not settings.mlflow_tracking_uri:
        raise NotPossible("MLFLOW_TRACKING_URI is not set: set it to the MLflow server's address.")
    return settings


class MlflowApi:
    """Requests about the traces of one experiment. Raises ExportFailed and Unreachable. `clock` is in seconds."""

    def __init__(self, settings: TraceSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answered_at = clock()
        self._name = settings.mlflow_experiment_name
        self._server: MlflowServer = mlflow_server(settings, largest_answer_bytes=_LARGEST_ANSWER_BYTES)

    def experiment_id(self) -> str | None:
        """The id of the experiment, None if the server has none of that name."""
        return Experiment(self._server, self._name).find(Deadline.after(REQUEST_S))

    def made_experiment_id(self) -> str:
        """The id of the experiment, which is created if the server has none of that name."""
        return Experiment(self._server, self._name).look_up(Deadline.after(REQUEST_S))

    def send_spans(self, experiment_id: str, message: bytes) -> None:
        """Send an OTLP message, which may contain several traces."""
        headers = {"content-type": "application/x-protobuf", "x-mlflow-experiment-id": experiment_id}
        _fields(self._request("/v1/traces", message, headers))

    def search(self, experiment_id: str, condition: str, *, most: int, page_token: str = "") -> Mapping[str, Any]:
        """One page of the matching traces, newest first: `traces`, and `next_page_token` if there are more.

        The token is an offset: a new trace moves others to the next page, where they appear again.
        """
        location = {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment_id}}
        body = {
            "locations": [location],
            "filter": condition,
            "max_results": most,
            "order_by": ["timestamp_ms DESC"],
        }
        return self.post(_SEARCH, body | ({"page_token": page_token} if page_token else {}))

    def traces(self, trace_ids: Sequence[str]) -> list[Mapping[str, Any]]:
        """The traces with those ids, each with `trace_info` and `spans`; missing ones are left out."""
        found = self.get(f"{_BATCH}?{urlencode([('trace_ids', each) for each in trace_ids])}").get("traces")
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    def get(self, path: str) -> Mapping[str, Any]:
        """The answer's fields."""
        return _fields(self.asked_for(path))

    def asked_for(self, path: str) -> ServerAnswer:
        """The response to a request without a body, of any status."""
        return self._request(path)

    def post(self, path: str, body: Mapping[str, Any], *, method: str = "POST") -> Mapping[str, Any]:
        """The answer's fields; `method` is another verb that has a body."""
        return _fields(self.answer(path, body, method=method))

    def answer(self, path: str, body: Mapping[str, Any], *, method: str = "POST") -> ServerAnswer:
        """The answer, of any status."""
        return self._request(path, json.dumps(body).encode(), _JSON, method)

    def _request(
        self, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None, method: str = ""
    ) -> ServerAnswer:
        if self._clock() - self._answered_at > IDLE_S:
            self._server.close()
        try:
            return self._server.request(path, Deadline.after(REQUEST_S), body=body, headers=headers, method=method)
        finally:
            self._answered_at = self._clock()

    @contextmanager
    def asked(self, consequence: str = "") -> Iterator[None]:
        """Close the connection at the block's end; a failed request is NotPossible, in one sentence."""
        try:
            yield
        except Unreachable as error:
            raise NotPossible(
                f"MLflow does not answer ({error.cause}){consequence}: check MLFLOW_TRACKING_URI and run"
                " the command again."
            ) from error
        except ExportFailed as error:
            hint = f" {error.hint}." if error.hint else ""
            raise NotPossible(f"MLflow refused ({error.status or 'not asked'}){consequence}.{hint}") from error
        finally:
            self._server.close()


def _fields(answer: ServerAnswer) -> Mapping[str, Any]:
    if not answer.is_success:
        raise ExportFailed(status=answer.status, hint=answer.hint)
    return answer.fields
