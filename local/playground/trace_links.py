"""The page of a served tip's trace in MLflow's own UI."""

from __future__ import annotations

from urllib.parse import urlsplit

from oo.bootstrap.exporters import mlflow_server
from oo.bootstrap.settings import TraceSettings
from oo.deadline import Deadline
from oo.telemetry.export.exporter import ExportFailed, Unreachable
from oo.telemetry.export.mlflow.experiment import Experiment
from oo.telemetry.export.mlflow.exporter import is_sampled

_PATIENCE_S = 5.0
_LARGEST_ANSWER_BYTES = 1024 * 1024


class NoTracePage(Exception):
    """One sentence for the user who followed the link."""


class TraceLinks:
    """Finds the page when a link is followed, so that an MLflow that is slow or down delays no tip."""

    def __init__(self, settings: TraceSettings) -> None:
        self._settings = settings
        self._uri = settings.mlflow_tracking_uri.rstrip("/")

    def has(self, serve_id: str) -> bool:
        """Whether MLflow is configured and receives the trace."""
        is_server = urlsplit(self._uri).scheme in ("http", "https")
        return is_server and is_sampled(serve_id, self._settings.mlflow_trace_sampling_ratio)

    def page(self, trace_id: str) -> str:
        """The URL, after a request to MLflow for the experiment's id. Raises NoTracePage."""
        server = mlflow_server(self._settings, largest_answer_bytes=_LARGEST_ANSWER_BYTES)
        name = self._settings.mlflow_experiment_name
        try:
            experiment_id = Experiment(server, name).find(Deadline.after(_PATIENCE_S))
        except (ExportFailed, Unreachable) as error:
            raise NoTracePage("MLflow does not answer: check MLFLOW_TRACKING_URI.") from error
        finally:
            server.close()
        if experiment_id is None:
            raise NoTracePage(f"MLflow has no experiment {name} yet: no trace has arrived.")
        return f"{self._uri}/#/experiments/{experiment_id}/traces?selectedEvaluationId={trace_id}&traceId={trace_id}"
