"""Questions of operators' programs to MLflow: plain REST with the exporter's sign-in and connection rules."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from oo.bootstrap.exporters import mlflow_server
from oo.bootstrap.settings import TraceSettings
from oo.deadline import Deadline
from oo.telemetry.export.exporter import ExportFailed, Unreachable
from oo.telemetry.export.mlflow.experiment import Experiment
from oo.telemetry.export.mlflow.server import MlflowServer
from operations.aws_lookup import NotPossible

REQUEST_S = 60.0
_LARGEST_ANSWER_BYTES = 64 * 1024 * 1024
"""A page of traces with their previews, tags and assessments."""

_SEARCH = "/api/3.0/mlflow/traces/search"
_JSON = {"content-type": "application/json"}


class MlflowApi:
    """Questions about the traces of one experiment. Raises ExportFailed and Unreachable."""

    def __init__(self, settings: TraceSettings) -> None:
        self._name = settings.mlflow_experiment_name
        self._server: MlflowServer = mlflow_server(settings, largest_answer_bytes=_LARGEST_ANSWER_BYTES)

    def experiment_id(self) -> str | None:
        """The id of the experiment, None where the server has none of that name."""
        return Experiment(self._server, self._name).find(Deadline.after(REQUEST_S))

    def search(self, experiment_id: str, condition: str, *, most: int, page_token: str = "") -> Mapping[str, Any]:
        """One page of the traces that match, newest first: `traces`, and `next_page_token` where there are more.

        The token is an offset: a trace that comes meanwhile moves others to the next page, where they are met again.
        """
        location = {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment_id}}
        body = {
            "locations": [location],
            "filter": condition,
            "max_results": most,
            "order_by": ["timestamp_ms DESC"],
        }
        return self.post(_SEARCH, body | ({"page_token": page_token} if page_token else {}))

    def post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer's fields."""
        answer = self._server.request(path, Deadline.after(REQUEST_S), body=json.dumps(body).encode(), headers=_JSON)
        if not answer.is_success:
            raise ExportFailed(status=answer.status, hint=answer.hint)
        return answer.fields

    @contextmanager
    def asked(self, consequence: str = "") -> Iterator[None]:
        """Close the connection at the block's end; a failed request is NotPossible, in one sentence."""
        try:
            yield
        except Unreachable as error:
            raise NotPossible(
                f"MLflow does not answer ({error.cause}){consequence}: look at MLFLOW_TRACKING_URI and run"
                " the command again."
            ) from error
        except ExportFailed as error:
            hint = f" {error.hint}." if error.hint else ""
            raise NotPossible(f"MLflow refused ({error.status or 'not asked'}){consequence}.{hint}") from error
        finally:
            self._server.close()
