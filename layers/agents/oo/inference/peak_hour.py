"""Estimator of the hour around which tasks get finished, as a claim that begins and ends at fixed checks.

Habits follow the local clock of the place where a task was done, so hours are compared on it. The result is in UTC by
the user's offset at the request's time. In an unknown zone, UTC is the local clock.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import asin, sqrt
from typing import NamedTuple, cast

from oo.agent_kit.manifest import InferredParam
from oo.inference.estimate import Estimate
from oo.inference.history import History
from oo.snapshot.clock import DAY
from oo.statistics.day_circle import DAY_H, HoursOfDay, hours_between
from oo.statistics.looks import LEAST_RECENT_N, RECENT_D, seen_at
from oo.statistics.sittings import in_sittings, is_ticked_off, sitting_weight
from oo.statistics.weighted import decay_weight

_HOUR = timedelta(hours=1)
# Own active hours: the shortest arc with nearly all of the weight, made longer by the part that it leaves out.
_ACTIVE_SHARE = 0.95
_LEAST_ACTIVE_H = 8.0
# The fullest window is searched up to an hour from the densest hour, in steps of a quarter.
_STEPS_H = [step / 4 for step in range(-4, 5)]

_Thresholds = Mapping[str, float]


class _Sitting(NamedTuple):
    at: datetime
    hour: float
    weight: float


class _Window(NamedTuple):
    """A window around an hour, compared with an even spread over the user's active hours, of which it is `chance`.

    It contains `ratio` times as many completions as by chance, `z` standard errors more. A doubted claim is not
    reported: the last two weeks contradict it without a clear window of their own.
    """

    hour: float
    chance: float
    ratio: float
    z: float
    n: int
    n_eff: float
    is_doubted: bool = False


def most_frequent_hour(evidence: History, param: InferredParam) -> Estimate | None:
    """The hour of the claimed window; None if completions may be spread evenly over the user's active hours.

    A sitting counts once. `args`: `kernel_h` (standard deviation), `window_h`, and thresholds. A claim begins at
    `z_begin` and `ratio_begin`, or if the last two weeks alone reach `z_begin_recent`. It continues at `z_stay` and
    `ratio_stay` around the same hour. If the last two weeks contain less of it than an even spread would, it moves to
    their own window if that reaches `z_move`, now or by the next check; else it ends. Below `few_n` sittings a claim
    begins at `z_begin_few`: the first checks get most of the total error probability, since later ones hardly find an
    hour that was not found before.
    """
    thresholds = cast("_Thresholds", {**param.args, "min_n": param.min_n, "min_n_eff": param.min_n_eff})
    done = _read_sittings(evidence)
    if not done:
        return None
    stamps, newest = [each.at for each in done], done[-1].at
    lasting, claim, counted = HoursOfDay(thresholds["kernel_h"]), None, 0
    for _, seen in seen_at(evidence.looks(stamps[0], newest), stamps):
        for each in done[counted:seen]:
            lasting.add(each.hour, each.weight * decay_weight((newest - each.at) / DAY, param.half_life_d))
        counted = seen
        claim = _at_look(claim, lasting, _recent(done, stamps, seen, thresholds), thresholds)
    if claim:
        claim = _unless_contradicted(claim, _recent(done, stamps, len(done), thresholds), thresholds)
    if claim is None or claim.is_doubted:
        return None
    ahead = (evidence.asked_at or newest).astimezone(evidence.zone).utcoffset() or timedelta()
    return Estimate((claim.hour - ahead / _HOUR) % DAY_H, claim.n, claim.n_eff)


def _read_sittings(evidence: History) -> list[_Sitting]:
    """The sittings in order of time, each at its mean; bare dates have no hour."""
    found = []
    for sitting in in_sittings(each for each in evidence.completions if not each.completed.date_only):
        begins = sitting[0].completed
        later = sum((each.completed.at - begins.at for each in sitting), timedelta()) / len(sitting)
        # In an unknown zone the offset of the local clock could not be subtracted at the end, so UTC is used.
        local = begins.wall_clock(evidence.zone) if evidence.zone_known else begins.at
        hour = local.hour + local.minute / 60 + local.second / 3600 + later / _HOUR
        weight = sitting_weight(len(sitting)) if is_ticked_off(sitting) else 1.0
        found.append(_Sitting(begins.at + later, hour % DAY_H, weight))
    return sorted(found)


def _recent(done: Sequence[_Sitting], stamps: Sequence[datetime], seen: int, thresholds: _Thresholds) -> HoursOfDay:
    """The hours of the last two weeks before the check, with equal weights."""
    hours = HoursOfDay(thresholds["kernel_h"])
    first = bisect_left(stamps, stamps[seen - 1] - RECENT_D * DAY, hi=seen) if seen else 0
    for each in done[first:seen]:
        hours.add(each.hour, each.weight)
    return hours


def _at_look(claim: _Window | None, lasting: HoursOfDay, recent: HoursOfDay, thresholds: _Thresholds) -> _Window | None:
    """The claim after a check, from the previous claim."""
    kept = claim and _unless_contradicted(claim, recent, thresholds)
    if kept is not claim and kept is not None:
        return kept
    of_all = _window(lasting, thresholds)
    if kept and of_all and _stays(of_all, kept, thresholds):
        return of_all
    of_late = _window(recent, thresholds)
    if kept and of_late and _stays(of_late, kept, thresholds):
        return of_late
    begun = _begun(of_all, of_late, thresholds)
    return begun if begun and not _is_contradicted(begun, recent, thresholds) else None


def _unless_contradicted(claim: _Window, recent: HoursOfDay, thresholds: _Thresholds) -> _Window | None:
    """The claim, or the window of the last two weeks if these contradict it, or None."""
    if not claim.is_doubted and not _is_contradicted(claim, recent, thresholds):
        return claim
    window = _window(recent, thresholds)
    if window and window.z >= thresholds["z_move"] and window.ratio >= thresholds["ratio_begin"]:
        return window
    return None if claim.is_doubted else claim._replace(is_doubted=True)


def _is_contradicted(claim: _Window, recent: HoursOfDay, thresholds: _Thresholds) -> bool:
    """Whether the last two weeks contain less of it than an even spread would."""
    return recent.n >= LEAST_RECENT_N and recent.share_within(claim.hour, thresholds["window_h"] / 2) < claim.chance


def _stays(window: _Window, claim: _Window, thresholds: _Thresholds) -> bool:
    is_there = window.z >= thresholds["z_stay"] and window.ratio >= thresholds["ratio_stay"]
    return is_there and abs(hours_between(window.hour, claim.hour)) <= thresholds["window_h"] / 2


def _begun(of_all: _Window | None, of_late: _Window | None, thresholds: _Thresholds) -> _Window | None:
    """A window that is clear enough to claim: that of the last two weeks if it lies elsewhere."""
    z_begin = thresholds["z_begin_few" if of_all and of_all.n < thresholds["few_n"] else "z_begin"]
    lasting, recent = (
        window if window and window.z >= z and window.ratio >= thresholds["ratio_begin"] else None
        for window, z in ((of_all, z_begin), (of_late, thresholds["z_begin_recent"]))
    )
    if lasting and recent and abs(hours_between(recent.hour, lasting.hour)) >= thresholds["window_h"]:
        return recent
    return lasting or recent


def _window(hours: HoursOfDay, thresholds: _Thresholds) -> _Window | None:
    """The window around the densest hour; None with too few hours.

    It is tested at its fullest place near that hour. Differences of arcs of sines have a standard error of one half at
    any share, including a small one.
    """
    n_eff = hours.n_eff
    if hours.n < thresholds["min_n"] or n_eff < thresholds["min_n_eff"]:
        return None
    hour, half_h = hours.densest(), thresholds["window_h"] / 2
    active_h = min(DAY_H, max(_LEAST_ACTIVE_H, hours.shortest_arc_h(_ACTIVE_SHARE) / _ACTIVE_SHARE))
    chance = thresholds["window_h"] / active_h
    share = min(1.0, hours.fullest_share(hour, half_h, _STEPS_H))
    z = 2 * sqrt(n_eff) * (asin(sqrt(share)) - asin(sqrt(chance)))
    return _Window(hour, chance, share / chance, z, hours.n, n_eff)
