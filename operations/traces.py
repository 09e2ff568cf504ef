"""A user's traces in MLflow, found by the pseudonym that they were sent under, and deleted page by page."""

import json
from collections.abc import Iterable
from typing import Any

from oo.bootstrap.exporters import mlflow_server
from oo.bootstrap.settings import TraceSettings
from oo.deadline import Deadline
from oo.telemetry.export.exporter import ExportFailed, Unreachable
from oo.telemetry.export.mlflow.experiment import Experiment
from oo.telemetry.export.mlflow.server import MlflowServer, ServerAnswer
from operations.aws_lookup import NotPossible

PAGE = 100
MOST_PAGES = 10_000
REQUEST_S = 60.0
_LARGEST_ANSWER_BYTES = 64 * 1024 * 1024
"""A page of traces with their previews, tags and assessments."""

_SEARCH = "/api/3.0/mlflow/traces/search"
_DELETE = "/api/2.0/mlflow/traces/delete-traces"
_JSON = {"content-type": "application/json"}


class Traces:
    """The traces of the experiment that the settings name. Raises NotPossible, whose sentence names MLflow."""

    def __init__(self, settings: TraceSettings) -> None:
        self._name = settings.mlflow_experiment_name
        self._server: MlflowServer = mlflow_server(settings, largest_answer_bytes=_LARGEST_ANSWER_BYTES)

    def forget(self, pseudonyms: Iterable[str]) -> int:
        """Delete the traces under these pseudonyms; how many there were."""
        try:
            experiment_id = Experiment(self._server, self._name).find(Deadline.after(REQUEST_S))
            if experiment_id is None:
                return 0
            return sum(self._forget(experiment_id, pseudonym) for pseudonym in pseudonyms)
        except Unreachable as error:
            raise NotPossible(
                f"MLflow does not answer ({error.cause}), so traces may be left: look at MLFLOW_TRACKING_URI and run"
                " the command again."
            ) from error
        except ExportFailed as error:
            hint = f" {error.hint}." if error.hint else ""
            raise NotPossible(
                f"MLflow refused ({error.status or 'not asked'}), so traces may be left.{hint}"
            ) from error
        finally:
            self._server.close()

    def _forget(self, experiment_id: str, pseudonym: str) -> int:
        """Always the first page: what was on it is gone when the next one is asked for."""
        count = 0
        for _ in range(MOST_PAGES):
            found = self._page(experiment_id, pseudonym)
            if not found:
                return count
            body = {"experiment_id": experiment_id, "request_ids": found}
            deleted = self._post(_DELETE, body).fields.get("traces_deleted")
            if not isinstance(deleted, int) or deleted < 1:
                break
            count += deleted
        raise NotPossible(f"MLflow still has traces after {count} were deleted. Run the command again.")

    def _page(self, experiment_id: str, pseudonym: str) -> list[str]:
        location = {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment_id}}
        body = {
            "locations": [location],
            "filter": f"metadata.`mlflow.trace.user` = '{pseudonym}'",
            "max_results": PAGE,
        }
        traces = self._post(_SEARCH, body).fields.get("traces", [])
        return [str(trace["trace_id"]) for trace in traces if isinstance(trace, dict) and trace.get("trace_id")]

    def _post(self, path: str, body: dict[str, Any]) -> ServerAnswer:
        answer = self._server.request(path, Deadline.after(REQUEST_S), body=json.dumps(body).encode(), headers=_JSON)
        if not answer.is_success:
            raise ExportFailed(status=answer.status, hint=answer.hint)
        return answer
