"""What an agent says over a stretch of time with everything else unchanged."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from oo.agent_kit.agent import AgentInput, AgentOutput
from testing.agent_snapshots import SECOND, ask


def walk(agent_id: str, given: AgentInput, length: timedelta) -> Iterator[AgentOutput]:
    """The agent's outputs from one expiry to the next."""
    now = given.now
    while now < given.now + length:
        output = ask(agent_id, replace(given, now=now))
        yield output
        now = output.expires_at.astimezone(given.now.tzinfo)


def said_within(agent_id: str, given: AgentInput, output: AgentOutput) -> set[str]:
    """What the agent says at nine moments from the start to the last second of an output."""
    lasts = output.expires_at - output.computed_at - SECOND
    moments = [output.computed_at + lasts * part / 8 for part in range(9)]
    return {ask(agent_id, replace(given, now=moment.astimezone(given.now.tzinfo))).prompt_text for moment in moments}
