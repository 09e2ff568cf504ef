"""One user's snapshot as an agent sees it: everything read, nothing raw."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from oo.agent_kit.agent import AgentInput
from oo.agent_kit.manifest import Manifest
from oo.agent_kit.preferences import Preferences, read_preferences
from oo.snapshot.clock import FUTURE_TOLERANCE, Clock, read_clock
from oo.snapshot.completions import Completion, read_completions, with_done_tasks
from oo.snapshot.feedback import FeedbackRow, read_feedback
from oo.snapshot.profile import read_profile
from oo.snapshot.tasks import TaskList, read_tasks


@dataclass(frozen=True)
class Scene:
    """The present, the tasks and the preferences of one agent; the rest is read when asked for."""

    clock: Clock
    preferences: Preferences
    given: AgentInput

    @property
    def user_id(self) -> str:
        """The user's id."""
        return self.given.user_id

    def profile(self) -> dict[str, float]:
        """The usable profile values."""
        return read_profile(self.given.profile)

    @cached_property
    def tasks(self) -> TaskList:
        """The tasks."""
        return read_tasks(_rows(self.given.tasks), self.clock)

    @cached_property
    def latest(self) -> datetime:
        """What happened later than this lies in the future."""
        return self.clock.now + FUTURE_TOLERANCE

    def feedback(self) -> list[FeedbackRow]:
        """Readable feedback rows in order of time."""
        return [row for row in self._feedback_of_the_day if row.at <= self.latest]

    def feedback_changes_at(self) -> datetime | None:
        """When a feedback row with a time in the future begins to count today, if there is one."""
        return self._next(row.at for row in self._feedback_of_the_day)

    def completions(self) -> list[Completion]:
        """Completions sent along and those of the done tasks, once each."""
        sent = [each for each in self._completions_of_the_day if each.completed.at <= self.latest]
        return with_done_tasks(sent, self.tasks.done)

    def completions_change_at(self) -> datetime | None:
        """When a completion that was sent along with a time in the future begins to count today, if there is one."""
        return self._next(each.completed.at for each in self._completions_of_the_day)

    @cached_property
    def _feedback_of_the_day(self) -> list[FeedbackRow]:
        return read_feedback(_rows(self.given.feedback_history), self.clock.zone, self._end_of_the_day)

    @cached_property
    def _completions_of_the_day(self) -> list[Completion]:
        return read_completions(_rows(self.given.task_completions), self.clock.zone, self._end_of_the_day)

    @property
    def _end_of_the_day(self) -> datetime:
        """No output holds longer, so nothing that begins to count after it can end one."""
        return self.clock.midnight + FUTURE_TOLERANCE

    def _next(self, moments: Iterable[datetime]) -> datetime | None:
        return min((moment - FUTURE_TOLERANCE for moment in moments if moment > self.latest), default=None)


def read_scene(manifest: Manifest, given: AgentInput) -> Scene:
    """The snapshot read with the agent's preferences; a valid preference `timezone` beats the zone of `now`."""
    preferences = read_preferences(manifest, given.agent_prefs)
    clock = read_clock(given.now, preferences.values["timezone"])
    return Scene(clock, preferences, given)


def _rows(value: object) -> list[object] | tuple[object, ...]:
    return value if isinstance(value, list | tuple) else ()
