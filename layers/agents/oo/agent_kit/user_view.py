"""One user's snapshot as agents and estimators see it: everything read, nothing raw."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any, ParamSpec, TypeVar, cast

from oo.agent_kit.manifest import Manifest
from oo.agent_kit.preferences import Preferences, read_preferences
from oo.contract.snapshot import Snapshot
from oo.snapshot.clock import FUTURE_TOLERANCE, Clock, read_clock, read_zone
from oo.snapshot.completions import TaskCompletion, read_task_completions, with_done_tasks
from oo.snapshot.feedback import FeedbackRow, read_feedback
from oo.snapshot.profile import read_profile
from oo.snapshot.report import reading
from oo.snapshot.tasks import TaskList, read_tasks

_Given = ParamSpec("_Given")
_Read = TypeVar("_Read")


@dataclass(frozen=True)
class UserView:
    """One user's snapshot at one time. A part is read when it is first asked for, once for all agents of one zone.

    Nothing that the snapshot holds raises. `preferences` are empty until `for_agent` binds those of an agent.
    """

    snapshot: Snapshot
    clock: Clock
    preferences: Preferences = field(default_factory=lambda: Preferences({}, {}))
    _parts: dict[Callable[..., object], Any] = field(default_factory=dict, repr=False, compare=False)

    def for_agent(self, manifest: Manifest, preferences: object) -> "UserView":
        """The view with an agent's merged preferences; a valid preference `timezone` beats the zone of the clock."""
        read = read_preferences(manifest, preferences)
        zone = read_zone(read.values["timezone"]) or self.clock.zone
        return replace(self.in_zone(zone), preferences=read)

    def in_zone(self, zone: tzinfo) -> "UserView":
        """The same moment in a zone. Another zone than the clock's reads stamps and days anew."""
        if zone == self.clock.zone:
            return self
        return replace(self, clock=read_clock(self.clock.now.astimezone(zone)), _parts={})

    @property
    def reading(self) -> dict[str, object] | None:
        """The report of what could not be read; None where everything was."""
        return reading((), notes=self.snapshot.notes)

    @cached_property
    def tasks(self) -> TaskList:
        """The tasks."""
        return self._once(read_tasks, _rows(self.snapshot.tasks), self.clock)

    @cached_property
    def profile(self) -> dict[str, float]:
        """The usable profile values."""
        return self._once(read_profile, self.snapshot.profile)

    @cached_property
    def feedback(self) -> list[FeedbackRow]:
        """Readable feedback rows in order of time."""
        return [row for row in self._feedback_of_the_day if row.at <= self._latest]

    @property
    def feedback_changes_at(self) -> datetime | None:
        """When a feedback row with a time in the future begins to count today, if there is one."""
        return self._next(row.at for row in self._feedback_of_the_day)

    @cached_property
    def completions(self) -> list[TaskCompletion]:
        """Completions sent along and those of the done tasks, once each."""
        return with_done_tasks(self.sent_completions, self.tasks.done)

    @cached_property
    def sent_completions(self) -> list[TaskCompletion]:
        """Completions sent along, once each."""
        return [row for row in self._completions_of_the_day if row.completed.at <= self._latest]

    @property
    def completions_change_at(self) -> datetime | None:
        """When a completion that was sent along with a time in the future begins to count today, if there is one."""
        return self._next(row.completed.at for row in self._completions_of_the_day)

    @property
    def _feedback_of_the_day(self) -> list[FeedbackRow]:
        rows = _rows(self.snapshot.feedback_history)
        return self._once(read_feedback, rows, self.clock.zone, self._end_of_the_day)

    @property
    def _completions_of_the_day(self) -> list[TaskCompletion]:
        rows = _rows(self.snapshot.task_completions)
        return self._once(read_task_completions, rows, self.clock.zone, self._end_of_the_day)

    @property
    def _latest(self) -> datetime:
        """An event later than this lies in the future."""
        return self.clock.now + FUTURE_TOLERANCE

    @property
    def _end_of_the_day(self) -> datetime:
        """No output holds longer, so nothing that begins to count after it can end one."""
        return self.clock.midnight + FUTURE_TOLERANCE

    def _next(self, moments: Iterable[datetime]) -> datetime | None:
        return min((moment - FUTURE_TOLERANCE for moment in moments if moment > self._latest), default=None)

    def _once(self, read: Callable[_Given, _Read], *given: _Given.args, **named: _Given.kwargs) -> _Read:
        """A part of the snapshot by its reader, which runs once for all views that share the parts."""
        if read not in self._parts:
            self._parts[read] = read(*given, **named)
        return cast("_Read", self._parts[read])


def view_at(snapshot: Snapshot, now: datetime) -> UserView:
    """The view of a snapshot at an aware moment, whose zone is the user's."""
    return UserView(snapshot, read_clock(now))


def _rows(value: object) -> list[object] | tuple[object, ...]:
    return value if isinstance(value, list | tuple) else ()
