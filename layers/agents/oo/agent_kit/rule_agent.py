"""An agent made of a manifest and one pure decision."""

from collections.abc import Callable
from dataclasses import dataclass

from oo.agent_kit.agent import AgentInput, AgentOutput
from oo.agent_kit.decision import Say, Silent, write_output
from oo.agent_kit.manifest import Manifest
from oo.agent_kit.user_view import Scene, read_scene


@dataclass(frozen=True, slots=True)
class RuleAgent:
    """Reads the snapshot, decides what to say about it, and writes that down with its end of validity."""

    manifest: Manifest
    decide: Callable[[Scene], Say | Silent]

    def compute(self, given: AgentInput) -> AgentOutput:
        """The agent's snippet; the same input gives the same output in every process."""
        scene = read_scene(self.manifest, given)
        return write_output(self.manifest, scene, self.decide(scene))
