"""A user's history as it comes in, and as estimators see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from oo.snapshot.completions import Completion, ages_d, bulk_shares, in_order, read_completions
from oo.snapshot.feedback import Episode, read_episodes, read_feedback

NEWEST_N = 2000


@dataclass(frozen=True, slots=True)
class FeedbackEvent:
    """One reaction to a tip; every field may be missing or hold anything."""

    action: object = None
    dwell_ms: object = None
    created_at: object = None


@dataclass(frozen=True, slots=True)
class TaskCompletion:
    """One finished task; every field may be missing or hold anything."""

    project_id: object = None
    completed_at: object = None
    due_at: object = None


@dataclass(frozen=True, slots=True)
class UserHistory:
    """What is known about one user's past, in any order."""

    user_id: str
    events: Sequence[FeedbackEvent] = ()
    task_completions: Sequence[TaskCompletion] = ()


@dataclass(frozen=True, slots=True)
class History:
    """History after reading: plausible, deduplicated, newest first in the counting; stamps without a zone in `zone`.

    Ages are counted from the newest accepted stamp of their own kind, so that learned values do not fade while
    the user is away and depend on nothing but the history.
    """

    completions: Sequence[Completion]
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


def read_history(history: UserHistory, latest: datetime, zone: tzinfo = UTC) -> History:
    """The readable part of a history up to `latest`: the newest 2,000 completions and events, oldest first."""
    completions = in_order(read_completions(_objects(history.task_completions), zone, latest))
    rows = read_feedback(_objects(history.events), zone, latest)
    return History(completions[-NEWEST_N:], read_episodes(rows[-NEWEST_N:]), zone)


def _objects(items: object) -> Iterable[Mapping[str, object]]:
    """Each item's fields by name, whatever the item is."""
    if not isinstance(items, list | tuple):
        return
    for item in items:
        if isinstance(item, Mapping):
            yield item
        elif isinstance(item, FeedbackEvent):
            yield {"action": item.action, "dwell_ms": item.dwell_ms, "created_at": item.created_at}
        elif isinstance(item, TaskCompletion):
            yield {"project_id": item.project_id, "completed_at": item.completed_at, "due_at": item.due_at}
