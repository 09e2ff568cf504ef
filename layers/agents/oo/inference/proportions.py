"""Estimators of shares: how often a condition is met."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from oo.agent_kit.manifest import InferredParam
from oo.inference.estimate import Estimate
from oo.inference.history import History
from oo.statistics.acceptance import taken_up

# Whether each observation holds (1) or not (0), with their weights.
_Outcomes = tuple[Sequence[float], Sequence[float]]


def weighted_share(evidence: History, param: InferredParam) -> Estimate | None:
    """The share of a measure's weight for which the condition is met, without a prior; `args`: `measure`.

    Its evidence is the whole weight. So shrinking it by `shrink_k` = a + b toward a `prior` of a / (a + b) gives the
    mean of the posterior of a Beta(a, b) prior: (a + weight of successes) / (a + b + weight).
    """
    outcomes, weights = _MEASURES[cast("str", param.args["measure"])](evidence, param.half_life_d)
    total = sum(weights)
    if not total:
        return None
    held = sum(outcome * weight for outcome, weight in zip(outcomes, weights, strict=True))
    return Estimate(held / total, len(outcomes), total)


def _done_late(evidence: History, half_life_d: float | None) -> _Outcomes:
    lateness = evidence.lateness(half_life_d)
    return [float(days > 0) for days in lateness.days], lateness.weights


def _tips_taken_up(evidence: History, half_life_d: float | None) -> _Outcomes:
    return taken_up(evidence.episodes, half_life_d)


_MEASURES: Mapping[str, Callable[[History, float | None], _Outcomes]] = {
    "done_late": _done_late,
    "tips_taken_up": _tips_taken_up,
}
