"""A user's traces in MLflow, found by the pseudonym that they were sent under, and deleted page by page."""

from collections.abc import Iterable

from oo.bootstrap.settings import TraceSettings
from operations.aws_lookup import NotPossible
from operations.mlflow_api import MlflowApi

PAGE = 100
MOST_PAGES = 10_000
_DELETE = "/api/2.0/mlflow/traces/delete-traces"


class Traces:
    """The traces of the experiment that the settings name. Raises NotPossible, whose sentence names MLflow."""

    def __init__(self, settings: TraceSettings) -> None:
        self._api = MlflowApi(settings)

    def forget(self, pseudonyms: Iterable[str]) -> int:
        """Delete the traces under these pseudonyms; how many there were."""
        with self._api.asked(", so traces may be left"):
            experiment_id = self._api.experiment_id()
            if experiment_id is None:
                return 0
            return sum(self._forget(experiment_id, pseudonym) for pseudonym in pseudonyms)

    def _forget(self, experiment_id: str, pseudonym: str) -> int:
        """Always the first page: what was on it is gone when the next one is asked for."""
        count = 0
        for _ in range(MOST_PAGES):
            found = self._page(experiment_id, pseudonym)
            if not found:
                return count
            body = {"experiment_id": experiment_id, "request_ids": found}
            deleted = self._api.post(_DELETE, body).get("traces_deleted")
            if not isinstance(deleted, int) or deleted < 1:
                break
            count += deleted
        raise NotPossible(f"MLflow still has traces after {count} were deleted. Run the command again.")

    def _page(self, experiment_id: str, pseudonym: str) -> list[str]:
        answer = self._api.search(experiment_id, f"metadata.`mlflow.trace.user` = '{pseudonym}'", most=PAGE)
        traces = answer.get("traces", [])
        return [str(trace["trace_id"]) for trace in traces if isinstance(trace, dict) and trace.get("trace_id")]
