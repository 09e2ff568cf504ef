"""The context of one recommendation: the usable snippets and the prompt built from them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from oo.contract.kinds import SnippetState
from oo.contract.tips import AgentOutputSnippet, RecommendRequest, StoredSnippet
from oo.contract.vocabulary import SMALLER_IS_HIGHER
from oo.prompts.chosen import choose
from oo.prompts.clock_line import ToldClock, told_clock
from oo.prompts.data_block import BuiltPrompt
from oo.prompts.recent import Recent, choose_recent
from oo.prompts.slider import read_slider
from oo.prompts.versions.orchestrator import Orchestrator
from oo.snapshot.clock import Clock, clock_at
from oo.snapshot.zones import user_zone
from oo.snippets.judge import judge
from oo.snippets.open_tasks import OpenTasks, read_open_tasks
from oo.snippets.ranking import NO_TURNS, RankedFor, Turns
from oo.snippets.said import SaidTip
from oo.snippets.verdict import JudgedSnippet, Verdict
from oo.telemetry.spans import Link, Span, SpanKind, span
from oo.telemetry.traceparent import is_trace_id
from oo.tips.wordings import statement_told

_VALID = (SnippetState.FRESH, SnippetState.UNKNOWN)


class TipContext(NamedTuple):
    """One request, its open tasks, the clock in the prompt, and the prompt with the judged snippets."""

    request: RecommendRequest
    open_tasks: OpenTasks
    told_clock: ToldClock
    prompt: BuiltPrompt


def build_context(
    request: RecommendRequest,
    snippets: Sequence[AgentOutputSnippet],
    now: datetime,
    default_zone: tzinfo | None = None,
    *,
    version: Orchestrator,
    turns: Turns = NO_TURNS,
) -> TipContext:
    """Judge the snippets at the request's own time, else at `now`, and build the prompt of that version.

    `turns` are those of a replayed request.
    """
    moment = request.now_iso or now
    zone = user_zone(request.timezone, moment, default_zone)
    clock = clock_at(moment, zone.zone)
    open_tasks = read_open_tasks(
        request.tasks,
        clock,
        smaller_is_higher=request.priority_scale == SMALLER_IS_HIGHER,
        zone=zone,
        notes=request.notes._replace(assumed=(*request.notes.assumed, *_contradicted_by_clock(request, clock))),
    )
    records: list[Span] = []
    limit = read_slider(request.science_destiny).evidence_snippets
    recent = choose_recent(request.recent_tips)
    reader = RankedFor(request.user_id, open_tasks.clock, _said(recent.tips), turns)
    judged = judge(_under_spans(snippets, records), open_tasks, moment, limit, reader)
    _describe(records, judged)
    told = told_clock(
        request.hour_of_day,
        request.day_of_week,
        clock,
        gives_moment=request.now_iso is not None,
        gives_zone=request.timezone is not None,
    )
    with span(
        "build_context",
        SpanKind.TOOL,
        agent_count=sum(snippet.state in _VALID for snippet in judged),
        task_count=len(request.tasks),
        science_destiny=request.science_destiny,
    ) as record:
        chosen = choose(
            snippets=judged,
            open_tasks=open_tasks,
            told_clock=told,
            science_destiny=request.science_destiny,
            recent=recent,
            locale=request.locale,
        )
        prompt = version.build(chosen)
        record.outputs["message_count"] = len(prompt.messages)
    _describe(records, prompt.snippets)
    return TipContext(request, open_tasks, told, prompt)


def _contradicted_by_clock(request: RecommendRequest, clock: Clock) -> Iterator[str]:
    """The parts of the caller's clock that contradict a given time, which takes precedence."""
    if request.now_iso is None or not clock.zone_known:
        return
    local = clock.local(clock.now)
    if request.hour_of_day not in (None, local.hour):
        yield "hour_of_day=now_iso"
    if request.day_of_week not in (None, local.weekday()):
        yield "day_of_week=now_iso"


def _said(recent: Sequence[Recent]) -> tuple[SaidTip, ...]:
    """The recent tips with their statements, if these are in the service's own words."""
    return tuple(
        SaidTip(tip.content, tip.kind, tip.task_id, statement_told(tip.content), tip.at, place)
        for place, tip in enumerate(recent)
    )


def _under_spans(snippets: Iterable[AgentOutputSnippet], records: list[Span]) -> Iterator[AgentOutputSnippet]:
    """Each snippet under a span of its agent, which ends when the next one is requested."""
    for snippet in snippets:
        with span(f"agent:{snippet.agent_id}", SpanKind.AGENT, agent_id=snippet.agent_id) as record:
            records.append(record)
            yield snippet


def _describe(records: Iterable[Span], judged: Iterable[JudgedSnippet]) -> None:
    """Write the verdicts into the spans; a text that may mention self-harm is in none of them."""
    for record, snippet in zip(records, judged, strict=True):
        is_hidden = snippet.is_withheld or snippet.verdict is Verdict.MALFORMED
        record.outputs["prompt_text"] = None if is_hidden else snippet.source.prompt_text
        record.attributes.update(
            state=snippet.state.value,
            used=snippet.is_used,
            reason=snippet.reason,
            agent_version=snippet.source.agent_version,
            age_s=snippet.age_s,
        )
        _name_origin(record, snippet.source)


def _name_origin(record: Span, snippet: AgentOutputSnippet) -> None:
    """Add the trace in which the snippet was computed, and a link to the span of a stored snippet."""
    if snippet.trace_id is not None and is_trace_id(snippet.trace_id):
        record.attributes["computed_in_trace"] = snippet.trace_id
        if isinstance(snippet, StoredSnippet) and snippet.span_id is not None:
            record.links[:] = [Link(snippet.trace_id, snippet.span_id)]
