"""The context of one recommendation: the judged snippets and the prompt built from them and the tasks."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from oo.contract.tips import AgentOutputSnippet, RecommendRequest, SnippetState, StoredSnippet
from oo.contract.vocabulary import SMALLER_IS_HIGHER
from oo.prompts import orchestrator
from oo.prompts.data_block import BuiltPrompt
from oo.prompts.slider import read_slider
from oo.snapshot.clock import clock_at
from oo.snapshot.zones import user_zone
from oo.snippets.judge import judge
from oo.snippets.open_tasks import OpenTasks, read_open_tasks
from oo.snippets.verdict import JudgedSnippet, Verdict
from oo.telemetry.spans import Link, Span, SpanKind, span
from oo.telemetry.traceparent import is_trace_id

_VALID = (SnippetState.FRESH, SnippetState.UNKNOWN)


class TipContext(NamedTuple):
    """One request, its open tasks, and its prompt with the judged snippets."""

    request: RecommendRequest
    open_tasks: OpenTasks
    prompt: BuiltPrompt


def build_context(
    request: RecommendRequest, snippets: Sequence[AgentOutputSnippet], now: datetime, default_zone: tzinfo | None = None
) -> TipContext:
    """Judge the snippets at the request's own moment, else at `now`, and write the prompt."""
    moment = request.now_iso or now
    zone = user_zone(request.timezone, moment, default_zone)
    open_tasks = read_open_tasks(
        request.tasks,
        clock_at(moment, zone.zone),
        smaller_is_higher=request.priority_scale == SMALLER_IS_HIGHER,
        zone=zone,
        notes=request.notes,
    )
    records: list[Span] = []
    limit = read_slider(request.science_destiny).evidence_snippets
    judged = judge(_under_spans(snippets, records), open_tasks, moment, limit)
    _describe(records, judged)
    with span(
        "build_context",
        SpanKind.TOOL,
        agent_count=sum(snippet.state in _VALID for snippet in judged),
        task_count=len(request.tasks),
        science_destiny=request.science_destiny,
    ) as record:
        prompt = orchestrator.build(
            snippets=judged,
            open_tasks=open_tasks,
            hour_of_day=request.hour_of_day,
            day_of_week=request.day_of_week,
            science_destiny=request.science_destiny,
            recent_tips=request.recent_tips,
        )
        record.outputs["message_count"] = len(prompt.messages)
    _describe(records, prompt.snippets)
    return TipContext(request, open_tasks, prompt)


def _under_spans(snippets: Iterable[AgentOutputSnippet], records: list[Span]) -> Iterator[AgentOutputSnippet]:
    """Each snippet under a span of its agent, which lasts until the next one is asked for."""
    for snippet in snippets:
        with span(f"agent:{snippet.agent_id}", SpanKind.AGENT, agent_id=snippet.agent_id) as record:
            records.append(record)
            yield snippet


def _describe(records: Iterable[Span], judged: Iterable[JudgedSnippet]) -> None:
    """Write the verdicts into the spans; a text that may tell of self-harm is in none of them."""
    for record, snippet in zip(records, judged, strict=True):
        is_hidden = snippet.is_withheld or snippet.verdict is Verdict.MALFORMED
        record.outputs["prompt_text"] = None if is_hidden else snippet.source.prompt_text
        record.attributes.update(
            state=snippet.state.value,
            reason=snippet.reason,
            agent_version=snippet.source.agent_version,
            age_s=snippet.age_s,
        )
        _name_origin(record, snippet.source)


def _name_origin(record: Span, snippet: AgentOutputSnippet) -> None:
    """Name the trace in which the snippet was computed, and link to the span where a stored snippet has it."""
    if snippet.trace_id is not None and is_trace_id(snippet.trace_id):
        record.attributes["computed_in_trace"] = snippet.trace_id
        if isinstance(snippet, StoredSnippet) and snippet.span_id is not None:
            record.links[:] = [Link(snippet.trace_id, snippet.span_id)]
