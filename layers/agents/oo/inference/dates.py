"""Estimators on dated tasks: lateness, earliness, and reliability of due dates."""

from oo.agent_kit.manifest import InferredParam
from oo.inference.estimate import Estimate
from oo.inference.history import History
from oo.statistics.dates_record import record_of_dates
from oo.statistics.lateness import Lateness
from oo.statistics.sittings import in_sittings, sitting_weight
from oo.statistics.weighted import decay_weight


def days_early(evidence: History, half_life_d: float | None) -> Lateness:
    """Days from completion to due date, 0 for late tasks, by the due dates at completion."""
    days, weights = [], []
    newest = max((each.completed.at for each in evidence.completions), default=None)
    for sitting in in_sittings(each for each in evidence.completions if each.due):
        for each in sitting:
            late_d = each.due and evidence.days.late_d(each.due, each.completed)
            if newest and late_d is not None:
                days.append(max(0.0, -late_d))
                age_d = (newest - each.completed.at).total_seconds() / 86_400
                weights.append(sitting_weight(len(sitting)) * decay_weight(age_d, half_life_d))
    return Lateness(days, weights)


def dates_record(evidence: History, param: InferredParam) -> Estimate | None:
    """Whether due dates are often missed or reliable, as a claim that begins and ends at weekly checks."""
    lateness, moment = evidence.lateness(param.half_life_d), evidence.moment
    if not lateness.days or moment is None or param.half_life_d is None:
        return None
    done = [each.completed.at for each in evidence.completions]
    known = [at for each in evidence.dated for at in (each.passed_at, each.done_at) if at and at <= moment]
    looks = evidence.looks(min(known), max(known))
    record = record_of_dates(evidence.dated, done, looks, moment, param.half_life_d)
    return Estimate(record, len(lateness.days), lateness.total_weight)
