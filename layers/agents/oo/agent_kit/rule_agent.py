"""An agent built from a manifest and one pure decision function."""

from collections.abc import Callable

from oo.agent_kit.decision import Say, Silent, write_output
from oo.agent_kit.manifest import Manifest
from oo.agent_kit.user_view import UserView
from oo.contract.agent_output import AgentOutput
from oo.frozen import frozen


@frozen
class RuleAgent:
    """Makes the decision about a user's statement, and builds the output with its end of validity."""

    manifest: Manifest
    decide: Callable[[UserView], Say | Silent]

    def compute(self, view: UserView) -> AgentOutput:
        """The agent's snippet; the same view gives the same output in every process."""
        return write_output(self.manifest, view, self.decide(view))
