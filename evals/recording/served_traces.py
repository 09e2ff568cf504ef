"""Traces of served tips in MLflow: found by a filter, read with their spans."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from itertools import islice
from typing import Any

from evals.unusable_input import UnusableInput
from oo.telemetry.export.exporter import ExportFailed
from operations.aws_lookup import NotPossible
from operations.mlflow_api import MlflowApi, mlflow_settings

PAGE = 500
_AT_ONCE = 20
"""Traces of one answer, with requests of up to 256 kB."""

_SERVED = "tags.`mlflow.traceName` = 'recommend'"
_NUMBER_OF_FEEDBACK = re.compile(r"(\bfeedback\.(?:`[^`]+`|\w+)\s*!?=\s*)(\d+(?:\.\d+)?)(?=\s|$)")
_SERVE_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


class ServedTraces:
    """The traces of the MLflow experiment that the environment names. Raises UnusableInput."""

    def __init__(self, environment: Mapping[str, str], *, page: int = PAGE) -> None:
        try:
            settings = mlflow_settings(environment)
        except NotPossible as problem:
            raise UnusableInput(str(problem)) from None
        self._api = MlflowApi(settings)
        self._page = page
        self.name = f"MLflow's {settings.mlflow_experiment_name}"

    def matching(self, condition: str, since: datetime | None) -> list[Mapping[str, Any]]:
        """The traces that match, the newest first, with their spans; `condition` is a filter of MLflow's."""
        conditions = [_SERVED]
        if since is not None:
            conditions.append(f"timestamp_ms >= {int(since.timestamp() * 1000)}")
        if condition.strip():
            conditions.append(_NUMBER_OF_FEEDBACK.sub(_quoted, condition.strip()))
        try:
            with self._api.asked():
                try:
                    return list(self._read(dict.fromkeys(self._ids(" AND ".join(conditions)))))
                except ExportFailed as error:
                    if error.status != HTTPStatus.BAD_REQUEST:
                        raise
                    raise UnusableInput(_unreadable(condition)) from None
        except NotPossible as problem:
            raise UnusableInput(str(problem)) from None

    def of_tip(self, serve_id: str) -> list[Mapping[str, Any]]:
        """The trace of one tip, none if MLflow does not have it."""
        if not _SERVE_ID.fullmatch(serve_id):
            raise UnusableInput("SERVE_ID is the serve_id of a receipt, 32 hexadecimal digits in lower case.")
        try:
            with self._api.asked():
                return self._api.traces([f"tr-{serve_id}"])
        except NotPossible as problem:
            raise UnusableInput(str(problem)) from None

    def _ids(self, condition: str) -> Iterator[str]:
        experiment_id = self._api.experiment_id()
        next_page = ""
        while experiment_id is not None:
            page = self._api.search(experiment_id, condition, most=self._page, page_token=next_page)
            traces = page.get("traces")
            yield from (str(trace["trace_id"]) for trace in traces or () if trace.get("trace_id"))
            next_page = page.get("next_page_token") or ""
            if not next_page:
                return

    def _read(self, ids: Mapping[str, None]) -> Iterator[Mapping[str, Any]]:
        left = iter(ids)
        while some := list(islice(left, _AT_ONCE)):
            yield from _in_order(self._api.traces(some), some)


def _in_order(traces: Sequence[Mapping[str, Any]], ids: Sequence[str]) -> list[Mapping[str, Any]]:
    places = {each: place for place, each in enumerate(ids)}
    return sorted(traces, key=lambda trace: places.get(trace.get("trace_info", {}).get("trace_id"), len(ids)))


def _quoted(found: re.Match[str]) -> str:
    """A number in the form that MLflow compares for equality: the text of the stored value."""
    return f"{found[1]}'{float(found[2])}'"


def _unreadable(condition: str) -> str:
    example = "feedback.dismissed > 0 AND tags.arm = 'orchestrator-2'"
    if not condition.strip():
        return "MLflow refused the search for traces (400): is it version 3.6 or later?"
    return f"MLflow cannot read FILTER: it is conditions with AND between them, as {example}."
