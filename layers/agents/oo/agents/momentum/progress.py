"""Where a user stands today: what is done, what the usual pace leads to expect, and how the week compares."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from oo.agent_kit.user_view import UserView
from oo.snapshot.clock import Clock, wall_clock
from oo.snapshot.numbers import clamp
from oo.statistics.pace import BEFORE_D, RECENT_D, PaceChange, daily_counts, pace_change, run_length

_WINDOW_D = 90
# The hours over which a day's tasks are expected to get done, evenly.
_DAY_STARTS_H = 8
_DAY_LASTS_H = 12


@dataclass(frozen=True, slots=True)
class DayProgress:
    """`history_n` counts 90 days. `rate` is None where no usual pace is known, `change` where weeks do not compare."""

    done_today_n: int
    history_n: int
    goal_n: int
    rate: float | None
    rate_is_given: bool
    rests_today: bool
    change: PaceChange | None
    active_days_7_n: int
    gap_d: int | None
    run_days_n: int
    landmark: str | None

    def expected_n(self, clock: Clock) -> float | None:
        """What the usual pace leads to expect by now."""
        if self.rate is None or self.rests_today:
            return None if self.rate is None else 0.0
        local = clock.local(clock.now)
        hour = local.hour + local.minute / 60 + local.second / 3600
        return self.rate * clamp((hour - _DAY_STARTS_H) / _DAY_LASTS_H, 0, 1)

    def expects_at(self, count: float, clock: Clock) -> datetime | None:
        """When the usual pace leads to expect so many; None where it does not today."""
        if not self.rate or count >= self.rate:
            return None
        return wall_clock(clock.today, _DAY_STARTS_H + _DAY_LASTS_H * count / self.rate, clock.zone)


def read_day_progress(view: UserView) -> DayProgress:
    """The standing by the preferences `daily_goal`, `daily_rate` and `rest_days`, and what was finished."""
    clock, preferences = view.clock, view.preferences
    # A completion from the minutes that clocks may run ahead is today's, even across midnight.
    days = [min(each.completed.day(clock.zone), clock.today) for each in view.completions]
    recent = [day for day in days if (clock.today - day).days < _WINDOW_D]
    counts = {(clock.today - day).days: count for day, count in daily_counts(recent).items()}
    given_rate = preferences.optional_number("daily_rate")
    rest_weekdays = preferences.whole_numbers("rest_days")
    return DayProgress(
        done_today_n=days.count(clock.today),
        history_n=len(recent),
        goal_n=int(preferences.number("daily_goal")),
        rate=view.profile.get("mean_daily_done_28d") if given_rate is None else given_rate,
        rate_is_given=given_rate is not None,
        rests_today=clock.today.weekday() in rest_weekdays,
        change=_change(counts),
        active_days_7_n=sum(age < RECENT_D for age in counts),
        gap_d=(clock.today - max(days)).days if days else None,
        run_days_n=run_length(set(recent), clock.today, rest_weekdays),
        landmark=_landmark(clock.today),
    )


def _change(counts: Mapping[int, float]) -> PaceChange | None:
    """The last 7 full days against the 28 before; `counts` by age in days.

    None for a history that does not reach back into the first of these weeks: what lies before its beginning was not
    slow, it is unknown.
    """
    if max(counts, default=0) <= BEFORE_D:
        return None
    last_n = sum(count for age, count in counts.items() if 1 <= age <= RECENT_D)
    before_n = sum(count for age, count in counts.items() if RECENT_D < age <= RECENT_D + BEFORE_D)
    return pace_change(last_n, before_n)


def _landmark(today: date) -> str | None:
    if today.day == 1:
        return "month_start"
    return "week_start" if today.weekday() == 0 else None
