"""Served tips and feedback from MLflow: the traces with the experiment's tag, and their assessments."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from oo.bootstrap.settings import TraceSettings
from oo.snapshot.feedback import read_action
from operations.experiment.served_tips import Record, ServedTip, TipFeedback, number, share, text
from operations.mlflow_api import MlflowApi

PAGE = 500
"""The most traces that MLflow gives at once."""

_SERVED = "OK"
"""The state of a trace whose request was answered with a tip."""


class TracedTips:
    """The traces of the settings' MLflow experiment, `page` per request. Raises NotPossible."""

    def __init__(self, settings: TraceSettings, *, page: int = PAGE) -> None:
        self._api = MlflowApi(settings)
        self._page = page
        self.name = f"MLflow's {settings.mlflow_experiment_name}"

    def records(self, experiment: str) -> Iterator[Record]:
        """Each trace of the experiment as a served tip, then the feedback on it."""
        with self._api.asked():
            experiment_id = self._api.experiment_id()
            next_page = ""
            while experiment_id is not None:
                page = self._api.search(
                    experiment_id, f"tags.experiment = '{experiment}'", most=self._page, page_token=next_page
                )
                for trace in _objects(page.get("traces")):
                    yield from _records(trace)
                next_page = text(page.get("next_page_token")) or ""
                if not next_page:
                    return


def _records(trace: Mapping[str, Any]) -> Iterator[Record]:
    tags, metadata = _texts(trace.get("tags")), _texts(trace.get("trace_metadata"))
    serve_id = tags.get("serve_id") or (text(trace.get("trace_id")) or "").removeprefix("tr-")
    if trace.get("state") != _SERVED or not serve_id or not tags.get("experiment"):
        return
    assessments = [each for each in _objects(trace.get("assessments")) if each.get("valid", True)]
    yield ServedTip(
        serve_id=serve_id,
        user=metadata.get("mlflow.trace.user"),
        experiment=tags["experiment"],
        arm=tags.get("arm"),
        propensity=share(tags.get("propensity")),
        is_degraded="degraded" in tags,
        attempts=number(tags.get("attempts")),
        cost_usd=_cost(metadata.get("mlflow.trace.cost", "")),
        latency_ms=_milliseconds(trace.get("execution_duration")),
        scores=dict(_scores(assessments)),
        control=tags.get("control"),
    )
    for each in assessments:
        feedback = _feedback(serve_id, each)
        if feedback is not None:
            yield feedback


def _feedback(serve_id: str, assessment: Mapping[str, Any]) -> TipFeedback | None:
    """The worker's assessment; for the family `helpful`, the value decides between its two words."""
    user, value = _source(assessment, "HUMAN"), _value(assessment)
    outcome = read_action(assessment.get("assessment_name"))
    if user is None or outcome is None or value is None:
        return None
    if outcome == "helpful" and value <= 0:
        outcome = "not_helpful"
    return TipFeedback(serve_id, user, outcome, number(_texts(assessment.get("metadata")).get("dwell_ms")))


def _scores(assessments: list[Mapping[str, Any]]) -> Iterator[tuple[str, float]]:
    for each in assessments:
        name, value = text(each.get("assessment_name")), _value(each)
        if _source(each, "CODE") is not None and name is not None and value is not None:
            yield name, value


def _source(assessment: Mapping[str, Any], kind: str) -> str | None:
    """The id of a source of that kind."""
    source = assessment.get("source")
    if not isinstance(source, dict) or source.get("source_type") != kind:
        return None
    return str(source.get("source_id") or "")


def _value(assessment: Mapping[str, Any]) -> float | None:
    """A number; true or false as 1 or 0."""
    feedback = assessment.get("feedback")
    value = feedback.get("value") if isinstance(feedback, dict) else None
    return float(value) if isinstance(value, bool) else number(value)


def _cost(written: str) -> float | None:
    """The total that MLflow computes over the spans and writes as JSON."""
    try:
        costs = json.loads(written)
    except ValueError:
        return None
    return number(costs.get("total_cost")) if isinstance(costs, dict) else None


def _milliseconds(duration: object) -> float | None:
    """A duration as protobuf writes it into JSON, `1.5s`."""
    seconds = number(duration.removesuffix("s")) if isinstance(duration, str) else None
    return None if seconds is None else seconds * 1000


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _texts(value: object) -> dict[str, str]:
    """The texts of an object that are not empty."""
    return (
        {name: each for name, each in value.items() if each and isinstance(each, str)}
        if isinstance(value, dict)
        else {}
    )
