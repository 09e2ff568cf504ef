"""An agent with a test's planned output, which records its input."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from oo.agent_kit.manifest import Manifest
from oo.agent_kit.user_view import UserView
from oo.agents.registry import get_agent
from oo.contract.agent_output import AgentOutput


@dataclass
class ScriptedAgent:
    """Stands on the manifest of `deadline-pressure`; speaks for six hours, or raises `error`."""

    text: str = "[start|3] Fact: one. Move: two."
    error: Exception | None = None
    version: str = "1.4.2"
    seen: list[UserView] = field(default_factory=list)

    @property
    def manifest(self) -> Manifest:
        """The manifest under this agent's version."""
        return replace(get_agent("deadline-pressure").manifest, version=self.version)

    def compute(self, view: UserView) -> AgentOutput:
        """The scripted output, computed at the moment given."""
        self.seen.append(view)
        if self.error:
            raise self.error
        signals: dict[str, Any] = {"applicable": True, "open_n": len(view.snapshot.tasks)}
        now = view.clock.now
        return AgentOutput(
            user_id=view.snapshot.user_id,
            agent_id=self.manifest.agent_id,
            prompt_text=self.text,
            signals_snapshot=signals,
            computed_at=now,
            expires_at=now + timedelta(hours=6),
            agent_version=self.version,
        )

    def find(self, agent_id: str) -> "ScriptedAgent":
        """A registry of this one agent."""
        return {self.manifest.agent_id: self}[agent_id]
