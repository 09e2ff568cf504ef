"""Read the served tips of a period from MLflow, judge them, and store the scores on their traces."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from itertools import islice
from typing import Any

from evals.served.score import Score, scores_of
from evals.served.tip_trace import TipTrace, read_trace
from oo.bootstrap.settings import TraceSettings
from oo.telemetry.export.exporter import ExportFailed
from operations.mlflow_api import MlflowApi

PAGE = 500
"""Most traces that MLflow gives in a search."""

BATCH = 20
"""Traces that are read with their spans at once: some MB of prompts and requests."""

_MASK = "feedback,rationale,metadata"


@dataclass
class Scored:
    """Counts of a run.

    `tips` counts them by basis: `request`, `prompt`, `sizes`, or `nothing`. `kept` counts scores. `values` are the
    values by scorer.
    """

    tips: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    values: dict[str, list[float]] = field(default_factory=dict)

    def add(self, score: Score, kept: str) -> None:
        """Count a score, and how it was stored."""
        self.kept[kept] += 1
        self.values.setdefault(score.name, []).append(score.value)


class ServedScores:
    """Scores of the tips in the settings' MLflow experiment. Raises NotPossible, whose sentence names MLflow."""

    def __init__(self, settings: TraceSettings, *, page: int = PAGE, batch: int = BATCH) -> None:
        self._api = MlflowApi(settings)
        self._page = page
        self._batch = batch

    def keep(self, since: datetime) -> Scored:
        """Judge the tips that were served since then. An equal score that is stored already needs no request."""
        found = Scored()
        with self._api.asked(", so tips may be without scores"):
            trace_ids = self._ids(since)
            while batch := list(islice(trace_ids, self._batch)):
                for trace in map(read_trace, self._api.traces(batch)):
                    if trace is not None:
                        self._keep(trace, found)
        return found

    def _ids(self, since: datetime) -> Iterator[str]:
        """The ids of the traces of tips, each once: a new trace moves others to the next page."""
        experiment_id, token, seen = self._api.experiment_id(), "", set[str]()
        condition = f"timestamp_ms >= {int(since.timestamp() * 1000)} AND tags.`mlflow.traceName` = 'recommend'"
        while experiment_id is not None:
            page = self._api.search(experiment_id, condition, most=self._page, page_token=token)
            new = [each for each in _ids(page.get("traces")) if each not in seen]
            yield from new
            seen.update(new)
            token = str(page.get("next_page_token") or "")
            if not token:
                return

    def _keep(self, trace: TipTrace, found: Scored) -> None:
        scores = scores_of(trace)
        found.tips[scores[0].basis if scores else "nothing"] += 1
        for score in scores:
            found.add(score, self._kept(score, trace.assessments.get(score.id)))

    def _kept(self, score: Score, stored: Mapping[str, Any] | None) -> str:
        """How a score was stored: `written`, `changed`, `unchanged`, or `lost` with a deleted trace."""
        path = f"/api/3.0/mlflow/traces/tr-{score.serve_id}/assessments"
        if stored is None:
            answer = self._api.answer(path, {"assessment": score.body()})
            if answer.is_success:
                return "written"
            if answer.status == HTTPStatus.NOT_FOUND:
                return "lost"
            # MLflow answers 500 for an id that is taken, as for a fault of its own.
            stored = self._stored(f"{path}/{score.id}", ExportFailed(status=answer.status, hint=answer.hint))
        if score.is_stored(stored):
            return "unchanged"
        self._api.post(f"{path}/{score.id}", {"assessment": score.body(), "update_mask": _MASK}, method="PATCH")
        return "changed"

    def _stored(self, path: str, fault: ExportFailed) -> Mapping[str, Any]:
        """The assessment of that path; raises the error of the write if there is none."""
        try:
            stored = self._api.get(path).get("assessment")
        except ExportFailed:
            raise fault from None
        return stored if isinstance(stored, dict) else {}


def _ids(traces: object) -> Sequence[str]:
    listed = traces if isinstance(traces, list) else []
    return [str(each["trace_id"]) for each in listed if isinstance(each, dict) and each.get("trace_id")]
