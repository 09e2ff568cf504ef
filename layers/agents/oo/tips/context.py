"""What one tip stands on: the snippets that still hold, and the prompt that is made of them and the tasks."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from oo.contract.tips import AgentOutputSnippet, RecommendRequest
from oo.prompts import orchestrator
from oo.prompts.data_block import BuiltPrompt
from oo.snippets.open_tasks import read_open_tasks
from oo.snippets.verdict import JudgedSnippet, judge_all
from oo.telemetry.spans import SpanKind, span


class TipContext(NamedTuple):
    """`passed_to_prompt` holds the places in `judged` of what the prompt was built from, `used` of what it holds."""

    request: RecommendRequest
    judged: list[JudgedSnippet]
    passed_to_prompt: tuple[int, ...]
    prompt: BuiltPrompt

    @property
    def used(self) -> frozenset[int]:
        """What reached the prompt, after the slider's cut."""
        return frozenset(self.passed_to_prompt[index] for index in self.prompt.used)


def build_context(request: RecommendRequest, snippets: Sequence[AgentOutputSnippet], now: datetime) -> TipContext:
    """Judge the snippets at `now`, which carries the user's zone, and write the prompt."""
    open_tasks = read_open_tasks(request.tasks, now)
    judged = judge_all(snippets, open_tasks, now)
    offered = tuple(place for place, each in enumerate(judged) if each.is_usable)
    with span(
        "build_context",
        SpanKind.TOOL,
        agent_count=len(offered),
        task_count=len(request.tasks),
        science_destiny=request.science_destiny,
    ) as record:
        prompt = orchestrator.build(
            agent_outputs=[snippets[place] for place in offered],
            tasks=request.tasks,
            hour_of_day=given(request, "hour_of_day"),
            day_of_week=given(request, "day_of_week"),
            science_destiny=request.science_destiny,
            recent_tips=request.recent_tips,
            now=now,
            open_tasks=open_tasks,
        )
        record.outputs["message_count"] = len(prompt.messages)
    return TipContext(request, judged, offered, prompt)


def given(request: RecommendRequest, name: str) -> int | None:
    """A part of the user's clock, None where the caller left it out: a default is nobody's clock."""
    return getattr(request, name) if name in request.model_fields_set else None
