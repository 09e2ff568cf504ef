"""Whether due dates are often missed or reliable: a claim that begins and ends at fixed checks."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from oo.snapshot.clock import DAY
from oo.statistics.beta import beta_below
from oo.statistics.lateness import DatedTask
from oo.statistics.looks import LEAST_RECENT_N, RECENT_D, Look
from oo.statistics.weighted import decay_weight

LATE, ON_TIME, NEITHER = "late", "on_time", "none"
RECORDS = (LATE, ON_TIME, NEITHER)

# 6.5% of 2.5 million assignments are late: a prior with a mean near that, and too weak to hide a habit.
PRIOR_LATE, PRIOR_ON_TIME = 0.4, 2.0
_LEAST_WEIGHT = 6.0
# A 90% interval leaves out as much on each side.
_TAIL = 0.05
_LATE_FROM, _LATE_UNTIL = 0.30, 0.25
_ON_TIME_TO, _ON_TIME_UNTIL = 0.20, 0.22


class _Counted(NamedTuple):
    """The number of dated tasks that count, and of late ones among them."""

    total: float
    late: float

    def sure_below(self, share: float) -> float:
        """The probability that fewer than this share are late."""
        on_time = max(0.0, self.total - self.late)
        return beta_below(share, PRIOR_LATE + max(0.0, self.late), PRIOR_ON_TIME + on_time)


class _Change(NamedTuple):
    """The weight that a task adds to the counts at a time; it decays from `since` on."""

    at: datetime
    since: datetime
    weight: float
    late: float


def record_of_dates(
    dated: Sequence[DatedTask], done: Sequence[datetime], looks: Sequence[Look], moment: datetime, half_life_d: float
) -> str:
    """The record at a time: `late`, `on_time` or `none`, replayed from the first check.

    `dated` are in order of their dates, `done` are the times of all completions, dated or not. A record begins if a 90%
    interval of the share of late tasks lies beyond a bound, continues within a weaker one, and ends at once if the last
    two weeks contradict it.
    """
    evidence = _Evidence(dated, done, half_life_d)
    record = NEITHER
    for look in looks:
        record = _next(record, evidence.at(look.at))
        if _is_contradicted(record, evidence.lately(look.at)):
            record = NEITHER
    return NEITHER if _is_contradicted(record, evidence.lately(moment)) else record


def _next(record: str, counted: _Counted) -> str:
    late_from = _LATE_UNTIL if record == LATE else _LATE_FROM
    on_time_to = _ON_TIME_UNTIL if record == ON_TIME else _ON_TIME_TO
    if counted.total < _LEAST_WEIGHT:
        return NEITHER
    if counted.sure_below(late_from) <= _TAIL:
        return LATE
    return ON_TIME if counted.sure_below(on_time_to) >= 1 - _TAIL else NEITHER


def _is_contradicted(record: str, lately: _Counted) -> bool:
    if record == NEITHER or lately.total < LEAST_RECENT_N:
        return False
    if record == LATE:
        return lately.sure_below(_LATE_FROM) >= 1 - _TAIL
    return lately.sure_below(_ON_TIME_TO) <= _TAIL


class _Evidence:
    """Counts at any time, by running sums, so that many checks cost little more than one."""

    def __init__(self, dated: Sequence[DatedTask], done: Sequence[datetime], half_life_d: float) -> None:
        self._half_life_d = half_life_d
        self._dated = dated
        self._passed = [each.passed_at for each in dated]
        finished = sorted((each.done_at, each.late_d > 0) for each in dated if each.done_at is not None)
        self._finished = [at for at, _ in finished]
        self._finished_late = [0, *accumulate(is_late for _, is_late in finished)]
        changes = sorted(_changes(dated))
        self._times = [change.at for change in changes]
        self._news = sorted({change.at for change in changes if change.weight > 0} | set(done))
        self._last = max(self._news, default=None)
        faded = [decay_weight(self._age_d(change.since), half_life_d) for change in changes]
        self._totals = [0.0, *accumulate(each.weight * fade for each, fade in zip(changes, faded, strict=True))]
        self._lates = [0.0, *accumulate(each.late * fade for each, fade in zip(changes, faded, strict=True))]

    def at(self, moment: datetime) -> _Counted:
        """The counts known at a time, each decayed by its age before the newest evidence."""
        newest = self._newest(moment)
        if newest is None:
            return _Counted(0, 0)
        place = bisect_right(self._times, moment)
        unfaded = 1 / decay_weight(self._age_d(newest), self._half_life_d)
        return _Counted(self._totals[place] * unfaded, self._lates[place] * unfaded)

    def lately(self, moment: datetime) -> _Counted:
        """Tasks of the last two weeks that were finished, or passed their date and are open: each counts once."""
        newest = self._newest(moment)
        if newest is None:
            return _Counted(0, 0)
        begins = newest - RECENT_D * DAY
        first, last = (bisect_right(self._finished, at) for at in (begins, moment))
        passed = self._dated[bisect_right(self._passed, begins) : bisect_right(self._passed, moment)]
        open_n = sum(each.is_open_late(moment) for each in passed)
        late_n = self._finished_late[last] - self._finished_late[first]
        return _Counted(last - first + open_n, late_n + open_n)

    def _newest(self, moment: datetime) -> datetime | None:
        place = bisect_right(self._news, moment)
        return self._news[place - 1] if place else None

    def _age_d(self, at: datetime) -> float:
        return (self._last - at) / DAY if self._last else 0.0


def _changes(dated: Sequence[DatedTask]) -> Iterator[_Change]:
    for each in dated:
        if each.done_at is not None:
            yield _Change(each.done_at, each.done_at, each.weight, each.weight if each.late_d > 0 else 0)
        if each.done_at is None or each.done_at > each.passed_at:
            yield _Change(each.passed_at, each.passed_at, 1, 1)
            yield _Change(each.open_until(), each.passed_at, -1, -1)
