"""The prompt for one tip, built from plain rows."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from oo.contract.tips import AgentOutputSnippet
from oo.prompts.chosen import choose
from oo.prompts.clock_line import told_clock
from oo.prompts.data_block import MOST_CHARACTERS, BuiltPrompt
from oo.prompts.recent import RecentTips, choose_recent
from oo.prompts.slider import NEUTRAL, read_slider
from oo.prompts.versions import get_orchestrator
from oo.snapshot.clock import clock_at
from oo.snippets.judge import judge
from oo.snippets.open_tasks import OpenTasks, read_open_tasks

_SOME_MOMENT = datetime(2025, 1, 1, tzinfo=UTC)


def build(
    *,
    agent_outputs: Sequence[Mapping[str, Any]],
    tasks: Sequence[object],
    now: datetime | None = None,
    hour_of_day: int | None = None,
    day_of_week: int | None = None,
    science_destiny: int | None = NEUTRAL,
    version: str | None = None,
    most_characters: int = MOST_CHARACTERS,
    recent_tips: RecentTips = (),
    **others: Any,
) -> BuiltPrompt:
    """Parse the rows and judge the snippets as `/recommend` does; without `now` no date is known."""
    snippets, open_tasks = _sent(agent_outputs), _read(tasks, now)
    judged = judge(snippets, open_tasks, now or _SOME_MOMENT, read_slider(science_destiny).evidence_snippets)
    chosen = choose(
        snippets=judged,
        open_tasks=open_tasks,
        told_clock=told_clock(hour_of_day, day_of_week, open_tasks.clock, gives_moment=False, gives_zone=False),
        science_destiny=science_destiny,
        recent=choose_recent(recent_tips),
        **others,
    )
    return get_orchestrator(version).build(chosen, most_characters=most_characters)


def _sent(agent_outputs: Sequence[Mapping[str, Any]]) -> list[AgentOutputSnippet]:
    # Not validated: the prompt must hold any id and text.
    return [AgentOutputSnippet.model_construct(**{"agent_id": "", **row}) for row in agent_outputs]


def _read(tasks: Sequence[object], now: datetime | None) -> OpenTasks:
    return read_open_tasks(tasks, clock_at(now, now.tzinfo) if now else None)
