"""An agent made of a manifest and one pure decision."""

from collections.abc import Callable
from dataclasses import dataclass

from oo.agents.base import AgentInput, AgentOutput
from oo.agents.manifest import Manifest
from oo.agents.scene import Scene, read_scene
from oo.agents.statement import Silence, Statement, write_output


@dataclass(frozen=True, slots=True)
class RuleAgent:
    """Reads the snapshot, decides what to say about it, and writes that down with its end of validity."""

    manifest: Manifest
    decide: Callable[[Scene], Statement | Silence]

    def compute(self, given: AgentInput) -> AgentOutput:
        """The agent's snippet; the same input gives the same output in every process."""
        scene = read_scene(self.manifest, given)
        return write_output(self.manifest, scene, self.decide(scene))
