"""One user's snapshot as an agent sees it: everything read, nothing raw."""

from dataclasses import dataclass
from datetime import datetime

from oo.agents.base import AgentInput
from oo.agents.clock import FUTURE_TOLERANCE, Clock, read_clock
from oo.agents.completions import Completion, next_completion, read_completions, with_done_tasks
from oo.agents.feedback import FeedbackRow, next_feedback, read_feedback
from oo.agents.manifest import Manifest
from oo.agents.preferences import Preferences, read_preferences
from oo.agents.profile import read_profile
from oo.agents.tasks import TaskList, read_tasks


@dataclass(frozen=True, slots=True)
class Scene:
    """The present, the tasks and the preferences of one agent; the rest is read when asked for."""

    clock: Clock
    tasks: TaskList
    preferences: Preferences
    given: AgentInput

    @property
    def user_id(self) -> str:
        """The user's id."""
        return self.given.user_id

    def profile(self) -> dict[str, float]:
        """The usable profile values."""
        return read_profile(self.given.profile)

    def feedback(self) -> list[FeedbackRow]:
        """Readable feedback rows in order of time."""
        latest = self.clock.now + FUTURE_TOLERANCE
        return read_feedback(_rows(self.given.feedback_history), self.clock.zone, latest)

    def feedback_changes_at(self) -> datetime | None:
        """When a feedback row with a time in the future begins to count, if there is one."""
        latest = self.clock.now + FUTURE_TOLERANCE
        return next_feedback(_rows(self.given.feedback_history), self.clock.zone, latest)

    def completions(self) -> list[Completion]:
        """Completions sent along and those of the done tasks, once each."""
        latest = self.clock.now + FUTURE_TOLERANCE
        sent = read_completions(_rows(self.given.task_completions), self.clock.zone, latest)
        return with_done_tasks(sent, self.tasks.done)

    def completions_change_at(self) -> datetime | None:
        """When a completion that was sent along with a time in the future begins to count, if there is one."""
        latest = self.clock.now + FUTURE_TOLERANCE
        return next_completion(_rows(self.given.task_completions), self.clock.zone, latest)


def read_scene(manifest: Manifest, given: AgentInput) -> Scene:
    """The snapshot read with the agent's preferences; a valid preference `timezone` beats the zone of `now`."""
    preferences = read_preferences(manifest, given.agent_prefs)
    clock = read_clock(given.now, preferences.values["timezone"])
    return Scene(clock, read_tasks(_rows(given.tasks), clock), preferences, given)


def _rows(value: object) -> list[object] | tuple[object, ...]:
    return value if isinstance(value, list | tuple) else ()
