"""The closed registry of estimators: the names that a manifest may use, with their functions.

An estimator takes the evidence and one declared parameter. It returns a raw value with the amount of evidence, or None
if the evidence is inconclusive. `oo.inference.run` applies gates on size, shrinking, clamping and rounding.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from oo.agent_kit.manifest import InferredParam
from oo.inference.batching import batching_lift
from oo.inference.dates import dates_record, days_early
from oo.inference.day_counts import daily_rate, rest_days
from oo.inference.estimate import Estimate, Estimator
from oo.inference.history import History
from oo.inference.hour_of_day import best_hour_for_tips
from oo.inference.peak_hour import most_frequent_hour
from oo.inference.proportions import weighted_share
from oo.inference.reading import words_until_left
from oo.statistics.weighted import decay_weight, effective_size, weighted_quantile

# Observations with their weights.
_Sample = tuple[Sequence[float], Sequence[float]]


def weighted_quantile_of(evidence: History, param: InferredParam) -> Estimate | None:
    """The quantile `p` of a measure: `days_early`, `days_late` or `done_per_active_day`."""
    measure = _MEASURES[cast("str", param.args["measure"])]
    values, weights = measure(evidence, param.half_life_d)
    if not values:
        return None
    quantile = weighted_quantile(values, weights, cast("float", param.args["p"]))
    return Estimate(quantile, len(values), effective_size(weights))


def _done_per_active_day(evidence: History, half_life_d: float | None) -> _Sample:
    days = Counter(each.completed.day(evidence.zone) for each in evidence.completions)
    newest = max(days, default=None)
    if newest is None:
        return [], []
    weights = [decay_weight((newest - day).days, half_life_d) for day in days]
    return [float(count) for count in days.values()], weights


_MEASURES: Mapping[str, Callable[[History, float | None], _Sample]] = {
    "days_early": days_early,
    "days_late": History.lateness,
    "done_per_active_day": _done_per_active_day,
}

# One line per estimator, by the name that manifests use.
ESTIMATORS: Mapping[str, Estimator] = {
    "wq": weighted_quantile_of,
    "beta": weighted_share,
    "gamma_rate": daily_rate,
    "rest_days": rest_days,
    "dates_record": dates_record,
    "circ_mode": most_frequent_hour,
    "ratio_kde": best_hour_for_tips,
    "words_until_left": words_until_left,
    "batching_lift": batching_lift,
}
