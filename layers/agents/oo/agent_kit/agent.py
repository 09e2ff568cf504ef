"""The interface of every agent."""

from typing import Protocol

from oo.agent_kit.manifest import Manifest
from oo.agent_kit.user_view import UserView
from oo.contract.agent_output import AgentOutput


class Agent(Protocol):
    """A pure function of one user's view, described by a manifest."""

    @property
    def manifest(self) -> Manifest:
        """The agent's identity, its needs, and the snippets that it may write."""

    def compute(self, view: UserView) -> AgentOutput:
        """The agent's snippet for one user; `view` holds the agent's preferences.

        An empty `prompt_text` means that the agent has no statement. Both times are UTC in whole seconds; the text is
        valid from `computed_at` until just before `expires_at`. No content of the snapshot makes it raise.
        """
