"""Estimators of an hour of the day: when things get finished, and when tips are taken up.

Habits follow the local clock, so hours are compared on it; what comes out is in UTC as it is on the day of the newest
observation: a clock change in the middle of a history moves nothing. Without a known zone all of this is UTC.

The day is a circle. Its mean is no use here: between two habits it falls into the hours of neither, and noise over
the waking day pulls it along. So hours are smoothed with a kernel and the best one is taken.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from math import atan2, cos, exp, pi, sin, sqrt
from typing import NamedTuple, cast

from oo.agent_kit.manifest import InferredParam
from oo.inference.estimate import Estimate
from oo.inference.history import History
from oo.statistics.weighted import decay_weight, effective_size

_DAY_H = 24.0
_QUARTERS = 96
# Hours are compared on a grid of half hours.
_MARK_STEP = 2
_REFINEMENTS = 3
# Things get done within about so many hours of a day; against an even spread over them a peak has to stand out.
_WAKING_H = 16.0

# Hours of the day with their weights.
_Sample = Sequence[tuple[float, float]]


class _Peak(NamedTuple):
    hour: float
    n: int
    n_eff: float


def most_frequent_hour(evidence: History, param: InferredParam) -> Estimate | None:
    """The hour around which completions cluster; None where they might as well be spread over the waking day.

    `args`: `kernel_h` (standard deviation), `half_window_h` around the hour, `z_min` (by how many standard errors the
    window has to hold more than its part), and `recent_d`: a clear peak of these last days that lies at least half a
    window away wins, since a changed habit otherwise stays hidden behind the old one for weeks.
    """
    hours = _hours([each.completed.at for each in evidence.completions], evidence.zone)
    rows = [
        (hour, age_d, share)
        for each, hour, age_d, share in zip(
            evidence.completions, hours, evidence.completion_ages_d(), evidence.bulk_shares(), strict=True
        )
        if not each.completed.date_only
    ]
    lasting = _clear_peak(
        [(hour, share * decay_weight(age_d, param.half_life_d)) for hour, age_d, share in rows], param
    )
    recent_d = cast("float", param.args["recent_d"])
    current = _clear_peak([(hour, share) for hour, age_d, share in rows if age_d <= recent_d], param)
    peak = lasting
    if current and (lasting is None or _has_moved(current, lasting, param)):
        peak = current
    return Estimate(*peak) if peak else None


def _has_moved(current: _Peak, lasting: _Peak, param: InferredParam) -> bool:
    return abs(_difference(current.hour, lasting.hour)) >= cast("float", param.args["half_window_h"])


def best_hour_for_tips(evidence: History, param: InferredParam) -> Estimate | None:
    """The hour at which tips are taken up most; None where no hour stands out from the overall rate.

    Each hour's rate is a kernel average, drawn toward the overall rate by the weight of `prior_weight` tips, so an hour
    with few tips can not win by luck. The best one has the highest rate less its standard error, and this has to
    exceed the overall rate by more than `margin`. `kernel_h` as above.
    """
    rows = list(zip(evidence.episodes, evidence.episode_ages_d(), strict=True))
    if not rows:
        return None
    hours = _hours([each.at for each in evidence.episodes], evidence.zone)
    weights = [each.weight * decay_weight(age_d, param.half_life_d) for each, age_d in rows]
    shown = list(zip(hours, weights, strict=True))
    taken = [(hour, weight * each.value) for (hour, weight), (each, _) in zip(shown, rows, strict=True)]
    overall = sum(weight for _, weight in taken) / sum(weights)
    kernel_h, prior = (cast("float", param.args[name]) for name in ("kernel_h", "prior_weight"))
    cautious = [
        _cautious_rate(prior * overall + near_taken, prior + near_shown)
        for near_taken, near_shown in zip(_smooth(taken, kernel_h), _smooth(shown, kernel_h), strict=True)
    ]
    if max(cautious) <= overall + cast("float", param.args["margin"]):
        return None
    return Estimate(_hour_at(cautious.index(max(cautious))), len(rows), effective_size(weights))


def _cautious_rate(taken: float, shown: float) -> float:
    """The rate less the standard deviation of its beta distribution."""
    rate = taken / shown
    return rate - sqrt(max(0.0, rate * (1 - rate)) / (shown + 1))


def _clear_peak(sample: _Sample, param: InferredParam) -> _Peak | None:
    """The densest hour, where the window around it holds clearly more than its part of an even waking day."""
    weights = [weight for _, weight in sample]
    n_eff = effective_size(weights)
    if len(sample) < param.min_n or n_eff < param.min_n_eff:
        return None
    kernel_h, half_window_h, z_min = (
        cast("float", param.args[name]) for name in ("kernel_h", "half_window_h", "z_min")
    )
    density = _smooth(sample, kernel_h)
    hour = _hour_at(density.index(max(density)))
    for _ in range(_REFINEMENTS):
        hour = _mean_within(sample, hour, half_window_h)
    by_chance = 2 * half_window_h / _WAKING_H
    inside = sum(weight for other, weight in sample if abs(_difference(other, hour)) <= half_window_h)
    excess = inside / sum(weights) - by_chance
    is_clear = excess >= z_min * sqrt(by_chance * (1 - by_chance) / n_eff)
    return _Peak(hour, len(sample), n_eff) if is_clear else None


def _smooth(sample: _Sample, kernel_h: float) -> list[float]:
    """At each half hour the weight around it, by a von Mises kernel of height 1 and standard deviation `kernel_h`.

    Hours are first rounded to quarters, a small step for the kernel, so that an observation costs one addition.
    """
    by_quarter = [0.0] * _QUARTERS
    for hour, weight in sample:
        by_quarter[round(hour * _QUARTERS / _DAY_H) % _QUARTERS] += weight
    concentration = 1 / _radians(kernel_h) ** 2
    kernel = [exp(concentration * (cos(2 * pi * quarters / _QUARTERS) - 1)) for quarters in range(_QUARTERS)]
    return [
        sum(weight * kernel[quarter - mark] for quarter, weight in enumerate(by_quarter))
        for mark in range(0, _QUARTERS, _MARK_STEP)
    ]


def _hour_at(mark: int) -> float:
    return mark * _MARK_STEP * _DAY_H / _QUARTERS


def _mean_within(sample: _Sample, centre_h: float, half_window_h: float) -> float:
    """The weighted mean of the hours near one, along the circle."""
    apart = [(_radians(_difference(hour, centre_h)), weight) for hour, weight in sample]
    near = [(angle, weight) for angle, weight in apart if abs(angle) <= _radians(half_window_h)]
    east = sum(weight * sin(angle) for angle, weight in near)
    north = sum(weight * cos(angle) for angle, weight in near)
    return (centre_h + atan2(east, north) * _DAY_H / (2 * pi)) % _DAY_H


def _difference(one_h: float, other_h: float) -> float:
    """The way from the other hour to this one, in [-12, 12) hours."""
    return (one_h - other_h + _DAY_H / 2) % _DAY_H - _DAY_H / 2


def _radians(hours: float) -> float:
    return hours * 2 * pi / _DAY_H


def _hours(moments: Sequence[datetime], zone: tzinfo) -> list[float]:
    """Hours on the local clock, moved as that is away from UTC at the newest moment."""
    newest = max(moments, default=None)
    if newest is None:
        return []
    ahead_h = (newest.astimezone(zone).utcoffset() or timedelta(0)) / timedelta(hours=1)
    local = [moment.astimezone(zone) for moment in moments]
    return [(each.hour + each.minute / 60 + each.second / 3600 - ahead_h) % _DAY_H for each in local]
