"""The prompt for one tip, built from plain rows."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from oo.contract.tips import AgentOutputSnippet
from oo.prompts import orchestrator, orchestrator_2
from oo.prompts.clock_line import told_clock
from oo.prompts.data_block import BuiltPrompt
from oo.prompts.slider import NEUTRAL, read_slider
from oo.snapshot.clock import clock_at
from oo.snippets.judge import judge
from oo.snippets.open_tasks import OpenTasks, read_open_tasks
from oo.snippets.ranking import rank
from oo.snippets.verdict import JudgedSnippet, Verdict, with_verdicts

_SOME_MOMENT = datetime(2025, 1, 1, tzinfo=UTC)
_ORDER = (
    "deadline-pressure",
    "lateness-buffer",
    "important-first",
    "project-focus",
    "peak-hours",
    "stale-task",
    "momentum",
    "quick-win",
    "workload-balance",
)
"""Of notes of one strength, when `orchestrator-1` was released."""


def build(
    *,
    agent_outputs: Sequence[Mapping[str, Any]],
    tasks: Sequence[object],
    now: datetime | None = None,
    hour_of_day: int | None = None,
    day_of_week: int | None = None,
    science_destiny: int | None = NEUTRAL,
    **others: Any,
) -> BuiltPrompt:
    """Read the rows and judge the snippets as `/recommend` does; without `now` no date is known."""
    snippets, open_tasks = _sent(agent_outputs), _read(tasks, now)
    judged = judge(snippets, open_tasks, now or _SOME_MOMENT, read_slider(science_destiny).evidence_snippets)
    return orchestrator_2.build(
        snippets=judged,
        open_tasks=open_tasks,
        told_clock=told_clock(hour_of_day, day_of_week, open_tasks.clock, gives_moment=False, gives_zone=False),
        science_destiny=science_destiny,
        **others,
    )


def build_first(
    *,
    agent_outputs: Sequence[Mapping[str, Any]],
    tasks: Sequence[object],
    now: datetime | None = None,
    science_destiny: int | None = NEUTRAL,
    **others: Any,
) -> BuiltPrompt:
    """`orchestrator-1` of the notes that were chosen when it was released: the strongest ones."""
    snippets, open_tasks = _sent(agent_outputs), _read(tasks, now)
    judged = [
        snippet._replace(rank=_released_rank(snippet))
        for snippet in judge(snippets, open_tasks, now or _SOME_MOMENT, len(snippets))
    ]
    limit = read_slider(science_destiny).evidence_snippets
    outranked = {snippet.place: Verdict.OUTRANKED for snippet in rank(judged).lines[limit:]}
    return orchestrator.build(
        snippets=with_verdicts(judged, outranked), open_tasks=open_tasks, science_destiny=science_destiny, **others
    )


def _released_rank(snippet: JudgedSnippet) -> float:
    place = _ORDER.index(snippet.agent_id) if snippet.agent_id in _ORDER else len(_ORDER)
    return snippet.strength - place / 100


def _sent(agent_outputs: Sequence[Mapping[str, Any]]) -> list[AgentOutputSnippet]:
    # Not validated: the prompt is to hold whatever an id or a text holds.
    return [AgentOutputSnippet.model_construct(**{"agent_id": "", **row}) for row in agent_outputs]


def _read(tasks: Sequence[object], now: datetime | None) -> OpenTasks:
    return read_open_tasks(tasks, clock_at(now, now.tzinfo) if now else None)
