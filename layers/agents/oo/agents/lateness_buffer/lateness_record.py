"""Lateness of a user's dated tasks: from preferences, else measured on finished and overdue tasks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from oo.agent_kit.manifest import InferredParam
from oo.agent_kit.preferences import Preferences, is_supported, shrink
from oo.agent_kit.user_view import UserView
from oo.frozen import frozen
from oo.snapshot.completions import TaskCompletion, in_order
from oo.snapshot.tasks import TaskList, overdue_days
from oo.statistics.dates_record import LATE, NEITHER, ON_TIME, record_of_dates
from oo.statistics.lateness import DatedTask, Lateness, UserDays, dated_tasks, lateness_at, newest_evidence
from oo.statistics.looks import weekly_looks

LATE_P = "late_p"
P50_D = "lateness_p50_d"
P80_D = "lateness_p80_d"
RECORD = "date_record"

HALF_LIFE_D = 45
# Eligibility counts these, so nothing is counted from fewer.
LEAST_DATED_N = 8
_WINDOW_D = 90
# A share that the user or a caller gives is not an estimate, and needs no interval.
_OFTEN_LATE_P = 0.35
_RARELY_LATE_P = 0.15
_LATE_MEDIAN_D = 0.5
_FIRM_N_EFF = 12


@frozen
class LatenessRecord:
    """The values by preference key.

    Those listed in `measured` were counted from `counted_n` dated tasks. `record` is `late`, `on_time` or `none`.
    `by_first_dates` is true if earlier due dates than the last ones were known.
    """

    values: Mapping[str, float | None]
    record: str
    measured: frozenset[str]
    counted_n: int | None
    is_firm: bool
    by_first_dates: bool

    @property
    def median_is_late(self) -> bool:
        """Whether the median dated task is late by half a day or more."""
        median_d = self.values[P50_D]
        return median_d is not None and median_d >= _LATE_MEDIAN_D


def read_lateness_record(view: UserView, params: Sequence[InferredParam]) -> LatenessRecord:
    """The record; values without a preference are measured over 90 days, by the rules of inference."""
    numbers = [param for param in params if param.key != RECORD]
    given = {param.key: view.preferences.optional_number(param.key) for param in numbers}
    recent = view.completions_within(_WINDOW_D)
    if recent and recent[-1].completed.at > view.clock.now:
        recent = in_order(_by_now(each, view) for each in recent)
    by_first_dates = _knows_first_dates(view.tasks, recent)
    record = _given_record(view.preferences, given)
    if record is not None and None not in given.values():
        return LatenessRecord(given, record, frozenset(), None, is_firm=True, by_first_dates=by_first_dates)
    dated = _dated(view, recent)
    done = [each.completed.at for each in recent]
    now = view.clock.now
    lateness = lateness_at(dated, now, newest_evidence(dated, done, now), HALF_LIFE_D)
    found = {param.key: value for param in numbers if (value := _counted(param, lateness)) is not None}
    measured = frozenset(key for key in found if given[key] is None)
    return LatenessRecord(
        values={key: found[key] if key in measured else value for key, value in given.items()},
        record=record if record is not None else _counted_record(view, dated, recent),
        measured=measured,
        counted_n=len(lateness.days) if measured else None,
        is_firm=not measured or lateness.effective_n >= _FIRM_N_EFF,
        by_first_dates=by_first_dates,
    )


def _by_now(each: TaskCompletion, view: UserView) -> TaskCompletion:
    """The completion, moved to now if it lies in the future by no more than the tolerated clock skew.

    Otherwise it would count only minutes later.
    """
    if each.completed.at <= view.clock.now:
        return each
    return each._replace(completed=each.completed._replace(at=view.clock.now))


def _knows_first_dates(tasks: TaskList, recent: Iterable[TaskCompletion]) -> bool:
    is_done = any(each.earlier_dues for each in recent)
    return is_done or any(task.earlier_dues for task in (*tasks.open, *tasks.set_aside))


def _given_record(preferences: Preferences, given: Mapping[str, float | None]) -> str | None:
    """The learned record, unless the user set one of its numbers; None if neither is given."""
    learned = preferences.optional_text(RECORD)
    is_own = any(preferences.sources.get(key) == "user" for key in (LATE_P, P50_D))
    late_p, median_d = given[LATE_P], given[P50_D]
    if (learned is not None and not is_own) or (late_p is None and median_d is None):
        return learned
    if (median_d or 0) >= _LATE_MEDIAN_D or (late_p or 0) >= _OFTEN_LATE_P:
        return LATE
    return ON_TIME if late_p is not None and late_p <= _RARELY_LATE_P else NEITHER


def _dated(view: UserView, recent: Sequence[TaskCompletion]) -> list[DatedTask]:
    overdue_n = sum(overdue_days(task, view.clock) is not None for task in view.tasks.open)
    if sum(each.due is not None for each in recent) + overdue_n < LEAST_DATED_N:
        return []
    return dated_tasks(recent, view.tasks, UserDays(view.clock.zone, view.clock.zone_known))


def _counted(param: InferredParam, lateness: Lateness) -> float | None:
    if not lateness.days:
        return None
    if param.key == LATE_P:
        raw, evidence = lateness.late_share(), lateness.total_weight
    else:
        raw, evidence = lateness.quantile(cast("float", param.args["p"])), lateness.effective_n
    return shrink(param, raw, evidence) if is_supported(param, len(lateness.days), evidence) else None


def _counted_record(view: UserView, dated: Sequence[DatedTask], recent: Sequence[TaskCompletion]) -> str:
    clock, done = view.clock, [each.completed.at for each in recent]
    known = [at for each in dated for at in (each.passed_at, each.done_at) if at and at <= clock.now]
    if not known:
        return NEITHER
    first, newest = (clock.local(at).date() for at in (min(known), max(known)))
    looks = weekly_looks(first, newest, clock.today, clock.zone)
    return record_of_dates(dated, done, looks, clock.now, HALF_LIFE_D)
