"""One user's history as estimators see it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from oo.agent_kit.user_view import UserView
from oo.snapshot.completions import TaskCompletion, ages_d, bulk_shares, in_order
from oo.snapshot.feedback import Episode, read_episodes

NEWEST_N = 2000


@dataclass(frozen=True, slots=True)
class History:
    """History after reading: plausible, deduplicated, newest first in the counting; stamps without a zone in `zone`.

    Ages are counted from the newest accepted stamp of their own kind, so that learned values do not fade while
    the user is away and depend on nothing but the history.
    """

    completions: Sequence[TaskCompletion]
    episodes: Sequence[Episode]
    zone: tzinfo

    def completion_ages_d(self) -> list[float]:
        """Days between each completion and the newest one."""
        return ages_d([each.completed.at for each in self.completions])

    def episode_ages_d(self) -> list[float]:
        """Days between each episode and the newest one."""
        return ages_d([each.at for each in self.episodes])

    def bulk_shares(self) -> list[float]:
        """How much each completion counts beside those that were ticked off together with it."""
        return bulk_shares(self.completions)


def read_history(view: UserView, sources: Collection[str]) -> History:
    """The newest 2,000 completions sent along and feedback rows, oldest first; empty for what is no source."""
    completions = in_order(view.sent_completions) if "completions" in sources else []
    rows = view.feedback if "feedback" in sources else []
    return History(completions[-NEWEST_N:], read_episodes(rows[-NEWEST_N:]), view.clock.zone)
