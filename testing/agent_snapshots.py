"""Short ways to plan a snapshot and to ask an agent about it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from oo.agent_kit.agent import AgentInput, AgentOutput
from oo.agents.registry import get_agent
from oo.snapshot.clock import Clock, read_clock

# A Wednesday morning in Berlin, at +02:00.
NOW = datetime(2026, 6, 17, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def snapshot(
    *tasks: object,
    now: datetime = NOW,
    user_id: str = "user-1",
    prefs: Mapping[str, object] | None = None,
    completions: Sequence[object] = (),
) -> AgentInput:
    """A snapshot of these tasks."""
    return AgentInput(user_id, tasks, {}, (), now, prefs or {}, completions)


def ask(agent_id: str, given: AgentInput) -> AgentOutput:
    """The agent's output for a snapshot."""
    return get_agent(agent_id).compute(given)


def iso(moment: datetime) -> str:
    """The moment as text in UTC."""
    return moment.astimezone(UTC).isoformat()


def clock_at(now: datetime = NOW) -> Clock:
    """The clock in Berlin at a moment."""
    return read_clock(now.astimezone(NOW.tzinfo))
