"""What every agent takes and gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from oo.agent_kit.manifest import Manifest


@dataclass(frozen=True, slots=True)
class AgentInput:
    """One user's snapshot. Everything but `user_id` and `now` is untrusted and may hold anything.

    `now` is aware; its zone is the user's unless the preference `timezone` names another one.
    `agent_prefs` are this agent's merged preferences: learned values with the user's own over them.
    """

    user_id: str
    tasks: Sequence[object]
    profile: Mapping[str, object]
    feedback_history: Sequence[object]
    now: datetime
    agent_prefs: Mapping[str, object]
    task_completions: Sequence[object] = ()


@dataclass(frozen=True, slots=True)
class AgentOutput:
    """One agent's snippet; an empty `prompt_text` says that the agent has nothing to say.

    Both times are UTC with whole seconds. The text holds from `computed_at` until just before `expires_at`.
    """

    user_id: str
    agent_id: str
    prompt_text: str
    signals_snapshot: Mapping[str, object]
    computed_at: datetime
    expires_at: datetime
    agent_version: str

    def to_dict(self) -> dict[str, object]:
        """The output as JSON-safe values, times as ISO 8601 with `+00:00`."""
        return {
            "user_id": self.user_id,
            "agent_id": self.agent_id,
            "prompt_text": self.prompt_text,
            "signals_snapshot": dict(self.signals_snapshot),
            "computed_at": self.computed_at.astimezone(UTC).isoformat(timespec="seconds"),
            "expires_at": self.expires_at.astimezone(UTC).isoformat(timespec="seconds"),
            "agent_version": self.agent_version,
        }


class Agent(Protocol):
    """A pure function of its input with a manifest that describes it."""

    @property
    def manifest(self) -> Manifest:
        """What the agent is, needs, and may say."""

    def compute(self, given: AgentInput) -> AgentOutput:
        """The agent's snippet for one user; never raises over what the input holds."""
