"""A user's history as it comes in, and as estimators see it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from math import sqrt

from oo.agents.clock import Moment
from oo.agents.completions import Completion, read_completions
from oo.agents.feedback import Episode, read_episodes, read_feedback

NEWEST_N = 2000
_BUCKET_S = 15 * 60
_DAY_S = 86_400


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
class Evidence:
    """History after reading: plausible, deduplicated, newest first in the counting; stamps without a zone in `zone`.

    Ages are counted from the newest accepted stamp of their own kind, so that learned values do not fade while
    the user is away and depend on nothing but the history.
    """

    completions: Sequence[Completion]
    episodes: Sequence[Episode]
    zone: tzinfo

    def completion_ages_d(self) -> list[float]:
        """Days between each completion and the newest one."""
        return _ages_d([each.completed.at for each in self.completions])

    def episode_ages_d(self) -> list[float]:
        """Days between each episode and the newest one."""
        return _ages_d([each.at for each in self.episodes])

    def bulk_shares(self) -> list[float]:
        """How much each completion counts: k that were ticked off in one quarter of an hour share sqrt(k).

        Ticking off a day's work in the evening says little about when or how it was done.
        """
        buckets = [_bucket(each.completed) for each in self.completions]
        sizes = Counter(bucket for bucket in buckets if bucket is not None)
        return [1 / sqrt(sizes[bucket]) if bucket is not None else 1.0 for bucket in buckets]


def read_history(history: UserHistory, latest: datetime, zone: tzinfo = UTC) -> Evidence:
    """The readable part of a history up to `latest`: the newest 2,000 completions and events, oldest first."""
    completions = read_completions(_objects(history.task_completions), zone, latest)
    completions.sort(key=_completion_order)
    rows = read_feedback(_objects(history.events), zone, latest)
    return Evidence(completions[-NEWEST_N:], read_episodes(rows[-NEWEST_N:]), zone)


def _completion_order(each: Completion) -> tuple[datetime, bool, float, str]:
    due = each.due.at.timestamp() if each.due else float("inf")
    return (each.completed.at, each.completed.date_only, due, each.project_id or "")


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


def _ages_d(stamps: Sequence[datetime]) -> list[float]:
    newest = max(stamps, default=None)
    return [] if newest is None else [(newest - stamp).total_seconds() / _DAY_S for stamp in stamps]


def _bucket(completed: Moment) -> int | None:
    return None if completed.date_only else int(completed.at.timestamp() // _BUCKET_S)
