"""Learning one agent's parameters from one user's history."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from oo.agent_kit.manifest import InferredParam, Manifest
from oo.agent_kit.preferences import accepts, is_supported, shrink
from oo.inference.estimate import Estimate, Estimator
from oo.inference.estimators import ESTIMATORS
from oo.inference.history import History, UserHistory, read_history
from oo.snapshot.clock import DAY, FUTURE_TOLERANCE, read_zone

_logger = logging.getLogger(__name__)


def run_inference(
    manifest: Manifest,
    history: UserHistory,
    *,
    now: datetime | None = None,
    timezone: object = None,
    estimators: Mapping[str, Estimator] = ESTIMATORS,
) -> dict[str, object]:
    """The parameters that the evidence supports, by preference key; a pure function of the history.

    `now` only cuts off what lies in the future (without it, the wall clock and a day). Stamps without a zone
    are read in `timezone`, an IANA name, and in UTC where that is none.
    """
    if not manifest.inferred_params:
        return {}
    latest = now + FUTURE_TOLERANCE if now else datetime.now(UTC) + DAY
    evidence = read_history(_cut(manifest, history), latest, read_zone(timezone) or UTC)
    found = {param.key: _learn(manifest, param, evidence, estimators) for param in manifest.inferred_params}
    return {key: value for key, value in found.items() if value is not None}


def _cut(manifest: Manifest, history: UserHistory) -> UserHistory:
    """The history without what none of the parameters is learned from."""
    sources = {param.source for param in manifest.inferred_params}
    return UserHistory(
        history.user_id,
        history.events if "feedback" in sources else (),
        history.task_completions if "completions" in sources else (),
    )


def _learn(manifest: Manifest, param: InferredParam, evidence: History, estimators: Mapping[str, Estimator]) -> object:
    try:
        value = _value(param, estimators[param.estimator](evidence, param))
    except Exception as error:  # noqa: BLE001  # one faulty estimator must not take the other parameters along
        _logger.warning(
            "inference_param_failed",
            extra={"agent_id": manifest.agent_id, "key": param.key, "error_type": type(error).__name__},
        )
        return None
    schema = manifest.preferences[param.key]
    if schema["type"] == "integer" and isinstance(value, float):
        value = round(value)
    return value if accepts(schema, value) else None


def _value(param: InferredParam, estimate: Estimate | None) -> object:
    """The usable value of an estimate; what is no number passes as it is."""
    if estimate is None or not is_supported(param, estimate.n, estimate.n_eff):
        return None
    if isinstance(estimate.value, list):
        return estimate.value
    return shrink(param, estimate.value, estimate.n_eff)
