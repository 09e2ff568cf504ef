"""Estimators of how completions spread over days: how many a day, and on which weekdays hardly any."""

from math import sqrt
from typing import cast

from oo.agent_kit.manifest import InferredParam
from oo.inference.estimate import Estimate
from oo.inference.history import History
from oo.statistics.pace import daily_counts
from oo.statistics.weighted import decay_weight

_WEEK_D = 7
_MOST_REST_RATIO = 0.5
_MOST_REST_Z = -2.0
# Tasks that every weekday is credited with, so that a few more or less never make a ratio.
_CREDIT_N = 2


def daily_rate(evidence: History, param: InferredParam) -> Estimate | None:
    """Completions a day over every calendar day from the first to the newest one, days without any included.

    `n` is the number of these days. Their weight is the evidence, so that shrinking by `shrink_k` toward a `prior`
    gives the mean of the posterior of a Gamma(prior * shrink_k, shrink_k) prior.
    """
    counts = daily_counts(each.completed.day(evidence.zone) for each in evidence.completions)
    if not counts:
        return None
    newest = max(counts)
    span_d = (newest - min(counts)).days + 1
    exposure = sum(decay_weight(age_d, param.half_life_d) for age_d in range(span_d))
    done = sum(count * decay_weight((newest - day).days, param.half_life_d) for day, count in counts.items())
    return Estimate(done / exposure, span_d, exposure)


def rest_days(evidence: History, param: InferredParam) -> Estimate | None:
    """The weekdays (0 is Monday) with at most half the completions of the other six; None where there are none.

    Whole weeks back from the newest completion count, `min_weeks` at least and `max_weeks` at most (`args`); `n` is
    the number of completions in them. A weekday also has to lie two standard errors of its square root (Anscombe
    1948) below their average.
    """
    counts = daily_counts(each.completed.day(evidence.zone) for each in evidence.completions)
    if not counts:
        return None
    newest = max(counts)
    weeks = ((newest - min(counts)).days + 1) // _WEEK_D
    if weeks < cast("int", param.args["min_weeks"]):
        return None
    days = _WEEK_D * min(weeks, cast("int", param.args["max_weeks"]))
    by_weekday = [0.0] * _WEEK_D
    for day, count in counts.items():
        if (newest - day).days < days:
            by_weekday[day.weekday()] += count
    done = sum(by_weekday)
    found = [weekday for weekday, count in enumerate(by_weekday) if _is_rest_day(count, (done - count) / (_WEEK_D - 1))]
    return Estimate(found, int(done), done) if found else None


def _is_rest_day(count: float, others: float) -> bool:
    z = 2 * (sqrt(count + 3 / 8) - sqrt(others + 3 / 8))
    return (_CREDIT_N + count) / (_CREDIT_N + others) <= _MOST_REST_RATIO and z <= _MOST_REST_Z
