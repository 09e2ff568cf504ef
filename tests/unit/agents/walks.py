"""An agent's outputs over a stretch of time with everything else unchanged."""

from collections.abc import Iterator
from datetime import timedelta

from oo.contract.agent_output import AgentOutput
from oo.contract.agents import ComputeRequest
from testing.agent_snapshots import SECOND, ask, changed, moment_of


def walk(agent_id: str, given: ComputeRequest, length: timedelta) -> Iterator[AgentOutput]:
    """The agent's outputs from one expiry to the next."""
    now = moment_of(given)
    while now < moment_of(given) + length:
        output = ask(agent_id, changed(given, now_iso=now))
        yield output
        now = output.expires_at.astimezone(moment_of(given).tzinfo)


def said_within(agent_id: str, given: ComputeRequest, output: AgentOutput) -> set[str]:
    """The agent's outputs at nine moments from the start to the last second of an output."""
    lasts = output.expires_at - output.computed_at - SECOND
    moments = [output.computed_at + lasts * part / 8 for part in range(9)]
    return {
        ask(agent_id, changed(given, now_iso=moment.astimezone(moment_of(given).tzinfo))).prompt_text
        for moment in moments
    }
