"""The prompt for one tip, built from plain rows."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from oo.contract.tips import AgentOutputSnippet
from oo.prompts import orchestrator
from oo.prompts.data_block import BuiltPrompt
from oo.prompts.slider import NEUTRAL, read_slider
from oo.snapshot.clock import clock_at
from oo.snippets.judge import judge
from oo.snippets.open_tasks import read_open_tasks

_SOME_MOMENT = datetime(2025, 1, 1, tzinfo=UTC)


def build(
    *,
    agent_outputs: Sequence[Mapping[str, Any]],
    tasks: Sequence[object],
    now: datetime | None = None,
    science_destiny: int | None = NEUTRAL,
    **others: Any,
) -> BuiltPrompt:
    """Read the rows and judge the snippets as `/recommend` does; without `now` no date is known."""
    # Not validated: the prompt is to hold whatever an id or a text holds.
    snippets = [AgentOutputSnippet.model_construct(**{"agent_id": "", **row}) for row in agent_outputs]
    open_tasks = read_open_tasks(tasks, clock_at(now, now.tzinfo) if now else None)
    judged = judge(snippets, open_tasks, now or _SOME_MOMENT, read_slider(science_destiny).evidence_snippets)
    return orchestrator.build(snippets=judged, open_tasks=open_tasks, science_destiny=science_destiny, **others)
