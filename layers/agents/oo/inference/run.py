"""Inference of one agent's parameters from one user's history."""

import logging
from collections.abc import Mapping

from oo.agent_kit.manifest import InferredParam, Manifest
from oo.agent_kit.preferences import accepts, is_supported, shrink
from oo.agent_kit.user_view import UserView
from oo.inference.estimate import Estimate, Estimator
from oo.inference.estimators import ESTIMATORS
from oo.inference.history import History, read_history

_logger = logging.getLogger(__name__)


def run_inference(
    manifest: Manifest, view: UserView, *, estimators: Mapping[str, Estimator] = ESTIMATORS
) -> dict[str, object]:
    """The parameters that the evidence supports, by preference key; a pure function of the history.

    The clock only removes events of the future. Estimators get only the sources that a parameter declares.
    """
    if not manifest.inferred_params:
        return {}
    evidence = read_history(view, {param.source for param in manifest.inferred_params})
    found = {param.key: _learn(manifest, param, evidence, estimators) for param in manifest.inferred_params}
    return {key: value for key, value in found.items() if value is not None}


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
    """The usable value of an estimate; a value that is not a number is unchanged."""
    if estimate is None or not is_supported(param, estimate.n, estimate.n_eff):
        return None
    if isinstance(estimate.value, list | str):
        return estimate.value
    return shrink(param, estimate.value, estimate.n_eff)
