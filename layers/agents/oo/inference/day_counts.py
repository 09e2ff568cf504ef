"""Estimators of completions per day, and of weekdays with hardly any."""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple, cast

from oo.agent_kit.manifest import InferredParam
from oo.inference.estimate import Estimate
from oo.inference.history import History
from oo.statistics.looks import RECENT_D
from oo.statistics.pace import daily_counts, spread_within, weeks_before
from oo.statistics.weighted import decay_weight

_WEEK_D = 7
# Tasks added to every weekday, so that a few more or less do not change the ratio.
_CREDIT_N = 2
_LATEST_WEEKS = 8
# Work on it in two consecutive weeks ends the claim.
_RECENT_WEEKS = RECENT_D // _WEEK_D
_MOST_RECENT_RATIO = 0.9


class _Thresholds(NamedTuple):
    """The number of latest weeks that must be lighter on a weekday, and the required ratio over all of them."""

    lighter_weeks: int
    most_z: float
    most_ratio: float


_BEGINS = _Thresholds(6, -3.1, 0.5)
_STAYS = _Thresholds(5, -1.8, 0.6)


def daily_rate(evidence: History, param: InferredParam) -> Estimate | None:
    """Completions per calendar day from the first to the newest one, including days without any.

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
    """The weekdays (0 is Monday) that are claimed as days of rest; None if there are none.

    A claim begins and ends at weekly checks. Each uses the whole weeks before it: the history must reach into
    `min_weeks`, and at most `max_weeks` count (`args`). `n` is the number of completions in them.
    """
    counts = daily_counts(each.completed.day(evidence.zone) for each in evidence.completions)
    if not counts:
        return None
    least, most = (cast("int", param.args[name]) for name in ("min_weeks", "max_weeks"))
    first, claimed, weeks = min(counts), set[int](), list[list[float]]()
    for look in evidence.looks_at_days(first, max(counts)):
        weeks = weeks_before(look, counts, most)
        if (look.monday - first).days > _WEEK_D * (least - 1):
            claimed = {day for day in range(_WEEK_D) if _is_rest_day(day, weeks, _STAYS if day in claimed else _BEGINS)}
    done = sum(map(sum, weeks))
    return Estimate(sorted(claimed), int(done), done) if claimed else None


def _is_rest_day(weekday: int, weeks: Sequence[Sequence[float]], thresholds: _Thresholds) -> bool:
    """Whether a weekday has hardly any completions: few in most weeks, and clearly fewer than the other six average."""
    if _ratio(weekday, weeks) > thresholds.most_ratio or _ratio(weekday, weeks[:_RECENT_WEEKS]) > _MOST_RECENT_RATIO:
        return False
    lighter_n = sum(week[weekday] < sum(week) / _WEEK_D for week in weeks[:_LATEST_WEEKS])
    count, others = _compared(weekday, weeks)
    spread = spread_within(list(zip(*weeks, strict=True)))
    z = 2 * (sqrt(count + 3 / 8) - sqrt(others + 3 / 8)) / sqrt(spread)
    return lighter_n >= thresholds.lighter_weeks and z <= thresholds.most_z


def _ratio(weekday: int, weeks: Sequence[Sequence[float]]) -> float:
    count, others = _compared(weekday, weeks)
    return (_CREDIT_N + count) / (_CREDIT_N + others)


def _compared(weekday: int, weeks: Sequence[Sequence[float]]) -> tuple[float, float]:
    """The number of tasks done on a weekday, and the average of the other six."""
    count = sum(week[weekday] for week in weeks)
    return count, (sum(map(sum, weeks)) - count) / (_WEEK_D - 1)
