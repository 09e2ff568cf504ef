"""A user's progress today: tasks done, tasks expected by the usual pace, and the week's comparison."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from oo.agent_kit.user_view import UserView
from oo.frozen import frozen
from oo.snapshot.clock import Clock, wall_clock
from oo.snapshot.numbers import clamp
from oo.statistics.looks import weekly_looks
from oo.statistics.pace import (
    RECENT_D,
    Counts,
    PaceVerdict,
    idle_days,
    is_away,
    pace_verdict,
    run_length,
    usual_counts,
)

_WINDOW_D = 90
# The hours over which a day's tasks are expected to get done, evenly.
_DAY_STARTS_H = 8
_DAY_LASTS_H = 12
# A verdict on the week is news on the days after its check.
_NEWS_D = 3
IDLE_D = 2


@frozen
class DayProgress:
    """A user's progress on one day, and in the weeks before it.

    `history_n` counts 90 days. `rate` is None if no usual pace is known, `week` if no weekly check has been made.
    `idle_d` is the number of full days before today without completions, rest days left out. `week_news` is 1 if a
    busier week is to be reported today, -1 for a lighter one.
    """

    done_today_n: int
    history_n: int
    goal_n: int
    rate: float | None
    rate_is_given: bool
    rests_today: bool
    week: PaceVerdict | None
    week_news: int
    active_days_7_n: int
    gap_d: int | None
    idle_d: int
    run_days_n: int
    landmark: str | None

    def expected_n(self, clock: Clock) -> float | None:
        """The number of tasks expected by now at the usual pace."""
        if self.rate is None or self.rests_today:
            return None if self.rate is None else 0.0
        local = clock.local(clock.now)
        hour = local.hour + local.minute / 60 + local.second / 3600
        return self.rate * clamp((hour - _DAY_STARTS_H) / _DAY_LASTS_H, 0, 1)

    def expects_at(self, count: float, clock: Clock) -> datetime | None:
        """The time at which that number of tasks is expected; None if not today."""
        if not self.rate or count >= self.rate:
            return None
        return wall_clock(clock.today, _DAY_STARTS_H + _DAY_LASTS_H * count / self.rate, clock.zone)


def read_day_progress(view: UserView) -> DayProgress:
    """The progress, from the preferences `daily_goal`, `daily_rate` and `rest_days` and the finished tasks."""
    clock, preferences = view.clock, view.preferences
    # A completion from the minutes that clocks may run ahead is today's, even across midnight.
    done = Counter[date]()
    for day, number in Counter([each.completed.day(clock.zone) for each in view.completions]).items():
        done[min(day, clock.today)] += number
    recent = {day: number for day, number in done.items() if (clock.today - day).days < _WINDOW_D}
    given_rate = preferences.optional_number("daily_rate")
    rest_weekdays = preferences.whole_numbers("rest_days")
    counts = usual_counts(done)
    week = _last_week(counts, clock, rest_weekdays)
    idle_d = idle_days(counts, clock.today, rest_weekdays)
    return DayProgress(
        done_today_n=done[clock.today],
        history_n=sum(recent.values()),
        goal_n=int(preferences.number("daily_goal")),
        rate=view.profile.get("mean_daily_done_28d") if given_rate is None else given_rate,
        rate_is_given=given_rate is not None,
        rests_today=clock.today.weekday() in rest_weekdays,
        week=week,
        week_news=_news(week, counts, clock.today, rest_weekdays, idle_d) if week else 0,
        active_days_7_n=sum((clock.today - day).days < RECENT_D for day in counts),
        gap_d=(clock.today - max(done)).days if done else None,
        idle_d=idle_d,
        run_days_n=run_length(recent, clock.today, rest_weekdays),
        landmark=_landmark(clock.today),
    )


def _last_week(counts: Counts, clock: Clock, rest_weekdays: Sequence[int]) -> PaceVerdict | None:
    if not counts:
        return None
    looks = weekly_looks(min(counts), max(counts), clock.today, clock.zone)
    return pace_verdict(counts, looks, rest_weekdays)


def _news(week: PaceVerdict, counts: Counts, today: date, rest_weekdays: Sequence[int], idle_d: int) -> int:
    """The verdict on the week, on its three days; a lighter week is not reported to a user who was away."""
    if (today - week.monday).days >= _NEWS_D:
        return 0
    was_away = idle_d >= IDLE_D or is_away(counts, week.monday, rest_weekdays)
    return 0 if week.direction < 0 and was_away else week.direction


def _landmark(today: date) -> str | None:
    if today.day == 1:
        return "month_start"
    return "week_start" if today.weekday() == 0 else None
