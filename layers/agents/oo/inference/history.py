"""One user's history for estimators."""

from collections.abc import Collection, Sequence
from dataclasses import field
from datetime import date, datetime, tzinfo
from functools import cached_property

from oo.agent_kit.user_view import UserView
from oo.frozen import frozen
from oo.snapshot.completions import TaskCompletion, ages_d, in_order
from oo.snapshot.feedback import Episode, read_episodes
from oo.snapshot.tasks import TaskList
from oo.statistics.lateness import DatedTask, Lateness, UserDays, dated_tasks, lateness_at, newest_evidence
from oo.statistics.looks import Look, weekly_looks

NEWEST_N = 2000


@frozen
class History:
    """History after parsing: plausible, deduplicated, oldest first; timestamps without a zone are in `zone`.

    Ages are counted from the newest accepted timestamp of the same kind. So learned values do not fade while the user
    is away, and depend on the history only. `asked_at` is the request's time, None if absent. `tasks` are evidence of
    late tasks that are still open.
    """

    completions: Sequence[TaskCompletion]
    episodes: Sequence[Episode]
    zone: tzinfo
    asked_at: datetime | None = None
    zone_known: bool = True
    tasks: TaskList = TaskList()  # a tuple, which nothing changes
    _lateness: dict[float | None, Lateness] = field(default_factory=dict, repr=False, compare=False)

    @property
    def days(self) -> UserDays:
        """How the user's days are counted."""
        return UserDays(self.zone, self.zone_known)

    @cached_property
    def dated(self) -> list[DatedTask]:
        """Tasks with their first due dates."""
        return dated_tasks(self.completions, self.tasks, self.days)

    def lateness(self, half_life_d: float | None) -> Lateness:
        """The lateness of dated tasks against their first due dates, including open ones.

        Four preferences are inferred from it, so it is computed once.
        """
        if half_life_d not in self._lateness:
            self._lateness[half_life_d] = self._lateness_at(half_life_d)
        return self._lateness[half_life_d]

    def _lateness_at(self, half_life_d: float | None) -> Lateness:
        if self.moment is None:
            return Lateness((), ())
        newest = newest_evidence(self.dated, (each.completed.at for each in self.completions), self.moment)
        return lateness_at(self.dated, self.moment, newest, half_life_d)

    @property
    def moment(self) -> datetime | None:
        """The request's time, else that of the newest completion; None without either."""
        return self.asked_at or max((each.completed.at for each in self.completions), default=None)

    def completion_ages_d(self) -> list[float]:
        """Days between each completion and the newest one."""
        return ages_d([each.completed.at for each in self.completions])

    def episode_ages_d(self) -> list[float]:
        """Days between each episode and the newest one."""
        return ages_d([each.at for each in self.episodes])

    def looks(self, first: datetime, newest: datetime) -> list[Look]:
        """The checks of the events from `first` to `newest`."""
        return self.looks_at_days(first.astimezone(self.zone).date(), newest.astimezone(self.zone).date())

    def looks_at_days(self, first: date, newest: date) -> list[Look]:
        """The checks of the events from the `first` day to the `newest`."""
        asked = self.asked_at and self.asked_at.astimezone(self.zone).date()
        return weekly_looks(first, newest, asked, self.zone)


def read_history(view: UserView, sources: Collection[str]) -> History:
    """The newest 2,000 completions and feedback rows, oldest first; empty for a kind that is not a source."""
    completions = in_order(view.sent_completions) if "completions" in sources else []
    rows = view.feedback[-NEWEST_N:] if "feedback" in sources else []
    moment = view.snapshot.now_iso or (rows[-1].at if rows else view.clock.now)
    return History(
        completions[-NEWEST_N:],
        read_episodes(rows, moment),
        view.clock.zone,
        asked_at=view.snapshot.now_iso,
        zone_known=view.clock.zone_known,
        tasks=view.tasks if "completions" in sources else TaskList(),
    )
