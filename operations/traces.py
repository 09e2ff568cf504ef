"""A user's traces in MLflow, found by their pseudonym and deleted page by page."""

from collections.abc import Iterable
from typing import NamedTuple

from oo.bootstrap.settings import TraceSettings
from operations.aws_lookup import NotPossible
from operations.mlflow_api import EVALS_EXPERIMENT, MlflowApi

PAGE = 100
MOST_PAGES = 10_000
_DELETE = "/api/2.0/mlflow/traces/delete-traces"


class ForgottenTraces(NamedTuple):
    """The number of deleted traces, and of their assessments."""

    traces: int
    assessments: int


class Traces:
    """The traces of the settings' experiment, and those of the bench, which replays users' requests.

    Raises NotPossible, whose sentence names MLflow.
    """

    def __init__(self, settings: TraceSettings) -> None:
        names = dict.fromkeys((settings.mlflow_experiment_name, EVALS_EXPERIMENT))
        self._experiments = [
            _ExperimentTraces(settings.model_copy(update={"mlflow_experiment_name": name})) for name in names
        ]

    def forget(self, pseudonyms: Iterable[str]) -> ForgottenTraces:
        """Delete the traces under these pseudonyms, with their feedback; returns their number."""
        names = list(pseudonyms)
        return _sum(experiment.forget(names) for experiment in self._experiments)


def _sum(gone: Iterable[ForgottenTraces]) -> ForgottenTraces:
    counts = list(gone)
    return ForgottenTraces(sum(one.traces for one in counts), sum(one.assessments for one in counts))


class _ExperimentTraces:
    """The traces of one experiment."""

    def __init__(self, settings: TraceSettings) -> None:
        self._api = MlflowApi(settings)

    def forget(self, pseudonyms: Iterable[str]) -> ForgottenTraces:
        with self._api.asked(", so traces may be left"):
            experiment_id = self._api.experiment_id()
            if experiment_id is None:
                return ForgottenTraces(0, 0)
            return _sum(self._forget(experiment_id, pseudonym) for pseudonym in pseudonyms)

    def _forget(self, experiment_id: str, pseudonym: str) -> ForgottenTraces:
        """Read the first page each time, because its traces are deleted before the next request."""
        count = assessments = 0
        for _ in range(MOST_PAGES):
            found = self._page(experiment_id, pseudonym)
            if not found:
                return ForgottenTraces(count, assessments)
            assessments += sum(found.values())
            body = {"experiment_id": experiment_id, "request_ids": list(found)}
            deleted = self._api.post(_DELETE, body).get("traces_deleted")
            if not isinstance(deleted, int) or deleted < 1:
                break
            count += deleted
        raise NotPossible(f"MLflow still has traces after {count} were deleted. Run the command again.")

    def _page(self, experiment_id: str, pseudonym: str) -> dict[str, int]:
        """The ids of some of the traces, each with the number of its assessments."""
        answer = self._api.search(experiment_id, f"metadata.`mlflow.trace.user` = '{pseudonym}'", most=PAGE)
        traces = answer.get("traces", [])
        return {
            str(trace["trace_id"]): len(trace.get("assessments") or [])
            for trace in traces
            if isinstance(trace, dict) and trace.get("trace_id")
        }
