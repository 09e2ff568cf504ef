"""Estimator of the hour of the day at which tips are accepted.

Habits follow the local clock, so hours are compared on it. The result is in UTC by the offset of the newest tip's day,
so a clock change within the history has no effect. In an unknown zone, UTC is the local clock.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from math import sqrt
from typing import cast

from oo.agent_kit.manifest import InferredParam
from oo.inference.estimate import Estimate
from oo.inference.history import History
from oo.statistics.day_circle import DAY_H, HoursOfDay, half_hour
from oo.statistics.weighted import decay_weight, effective_size


def best_hour_for_tips(evidence: History, param: InferredParam) -> Estimate | None:
    """The hour with the highest acceptance rate; None if no hour exceeds the overall rate clearly.

    Each hour's rate is a kernel average, shrunk toward the overall rate by the weight of `prior_weight` tips, so that
    an hour with few tips cannot win by chance. The best one has the highest rate less its standard error, which must
    exceed the overall rate by more than `margin`. `kernel_h` is the kernel's standard deviation.
    """
    rows = [row for row in zip(evidence.episodes, evidence.episode_ages_d(), strict=True) if row[0].weight]
    weights = [each.weight * decay_weight(age_d, param.half_life_d) for each, age_d in rows]
    if not sum(weights):
        return None
    kernel_h, prior = (cast("float", param.args[name]) for name in ("kernel_h", "prior_weight"))
    shown, taken = HoursOfDay(kernel_h), HoursOfDay(kernel_h)
    for hour, weight, (each, _) in zip(
        _hours([each.at for each, _ in rows], evidence.zone), weights, rows, strict=True
    ):
        shown.add(hour, weight)
        taken.add(hour, weight * each.value)
    overall = taken.total / shown.total
    cautious = [
        _cautious_rate(prior * overall + near_taken, prior + near_shown)
        for near_taken, near_shown in zip(taken.density(), shown.density(), strict=True)
    ]
    if max(cautious) <= overall + cast("float", param.args["margin"]):
        return None
    return Estimate(half_hour(cautious.index(max(cautious))), len(rows), effective_size(weights))


def _cautious_rate(taken: float, shown: float) -> float:
    """The rate less the standard deviation of its beta distribution."""
    rate = taken / shown
    return rate - sqrt(max(0.0, rate * (1 - rate)) / (shown + 1))


def _hours(moments: Sequence[datetime], zone: tzinfo) -> list[float]:
    """Hours on the local clock, shifted by its offset from UTC at the newest timestamp."""
    newest = max(moments)
    ahead_h = (newest.astimezone(zone).utcoffset() or timedelta(0)) / timedelta(hours=1)
    local = [moment.astimezone(zone) for moment in moments]
    return [(each.hour + each.minute / 60 + each.second / 3600 - ahead_h) % DAY_H for each in local]
