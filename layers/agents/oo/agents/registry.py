"""The agents of the service, in the order of every list."""

from collections.abc import Sequence

from oo.agent_kit.agent import Agent
from oo.agent_kit.manifest import Manifest
from oo.agents import (
    important_first,
    overdue_pile,
    peak_hours,
    quick_win,
    stale_task,
    weekly_review,
)
from oo.agents.deadline_pressure import agent as deadline_pressure
from oo.agents.lateness_buffer import agent as lateness_buffer
from oo.agents.momentum import agent as momentum
from oo.agents.project_focus import agent as project_focus
from oo.agents.tip_receptivity import agent as tip_receptivity
from oo.agents.workload_balance import agent as workload_balance

# One line per agent.
_AGENTS: Sequence[Agent] = (
    deadline_pressure.AGENT,
    lateness_buffer.AGENT,
    peak_hours.AGENT,
    momentum.AGENT,
    quick_win.AGENT,
    important_first.AGENT,
    stale_task.AGENT,
    workload_balance.AGENT,
    project_focus.AGENT,
    tip_receptivity.AGENT,
    overdue_pile.AGENT,
    weekly_review.AGENT,
)
_BY_ID = {agent.manifest.agent_id: agent for agent in _AGENTS}


def all_agents() -> tuple[Agent, ...]:
    """Every agent, in registry order."""
    return tuple(_AGENTS)


def all_manifests() -> tuple[Manifest, ...]:
    """Every agent's manifest, in registry order."""
    return tuple(agent.manifest for agent in _AGENTS)


def get_agent(agent_id: str) -> Agent:
    """The agent of that id. Raises KeyError if there is none."""
    return _BY_ID[agent_id]
