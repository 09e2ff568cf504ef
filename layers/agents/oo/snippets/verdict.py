"""Which of the agents' snippets still say something true."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from oo.contract.agent_versions import VERSIONS
from oo.contract.tips import AgentOutputSnippet, ReceiptSnippet, SnippetState, StoredSnippet
from oo.snippets.open_tasks import OpenTasks
from oo.snippets.ranking import is_ghost, is_malformed
from oo.telemetry.spans import Link, Span, SpanKind, span
from oo.telemetry.traceparent import is_trace_id

MOST_AHEAD = timedelta(minutes=5)
"""How far two clocks may differ: an output from later than that would count as fresh until its moment comes."""

USABLE = (SnippetState.FRESH, SnippetState.UNKNOWN)


class JudgedSnippet(NamedTuple):
    """A snippet and what it is worth at a moment."""

    snippet: AgentOutputSnippet
    state: SnippetState
    age_s: int | None

    @property
    def is_usable(self) -> bool:
        """Whether it may reach the prompt."""
        return self.state in USABLE

    def receipt(self, *, used: bool) -> ReceiptSnippet:
        """What the caller is told became of it."""
        return ReceiptSnippet(
            agent_id=self.snippet.agent_id,
            agent_version=self.snippet.agent_version,
            age_s=self.age_s,
            state=self.state,
            used=used,
        )


def judge_all(snippets: Sequence[AgentOutputSnippet], tasks: OpenTasks, now: datetime) -> list[JudgedSnippet]:
    """Every snippet with its state, each under a span that names its agent."""
    return [_judge(snippet, tasks, now) for snippet in snippets]


def _judge(snippet: AgentOutputSnippet, tasks: OpenTasks, now: datetime) -> JudgedSnippet:
    with span(f"agent:{snippet.agent_id}", SpanKind.AGENT, agent_id=snippet.agent_id) as record:
        judged = JudgedSnippet(snippet, state_of(snippet, tasks, now), _age_s(snippet, now))
        malformed = judged.state is SnippetState.MALFORMED
        record.outputs["prompt_text"] = None if malformed else snippet.prompt_text
        record.attributes.update(
            state=judged.state.value,
            agent_version=snippet.agent_version,
            age_s=judged.age_s,
        )
        _name_origin(record, snippet)
        return judged


def _name_origin(record: Span, snippet: AgentOutputSnippet) -> None:
    """Say which trace the snippet was computed in, and link to the very span where it is known: a stored one's is."""
    if snippet.trace_id is not None and is_trace_id(snippet.trace_id):
        record.attributes["computed_in_trace"] = snippet.trace_id
        if isinstance(snippet, StoredSnippet) and snippet.span_id is not None:
            record.links.append(Link(snippet.trace_id, snippet.span_id))


def state_of(snippet: AgentOutputSnippet, tasks: OpenTasks, now: datetime) -> SnippetState:
    """The first reason against a snippet; without a time of expiry nobody can tell whether it is fresh."""
    if is_malformed(snippet.prompt_text) or _is_from_the_future(snippet, now):
        return SnippetState.MALFORMED
    if _is_of_other_major(snippet):
        return SnippetState.OTHER_VERSION
    if snippet.expires_at is not None and snippet.expires_at <= now:
        return SnippetState.EXPIRED
    if is_ghost(snippet.prompt_text, tasks):
        return SnippetState.GHOST
    return SnippetState.UNKNOWN if snippet.expires_at is None else SnippetState.FRESH


def _is_from_the_future(snippet: AgentOutputSnippet, now: datetime) -> bool:
    return snippet.computed_at is not None and snippet.computed_at > now + MOST_AHEAD


def _is_of_other_major(snippet: AgentOutputSnippet) -> bool:
    """Whether the agent has since changed what it means; of an agent that is not ours nobody can tell."""
    current = VERSIONS.get(snippet.agent_id)
    if current is None or snippet.agent_version is None:
        return False
    return snippet.agent_version.partition(".")[0] != current.partition(".")[0]


def _age_s(snippet: AgentOutputSnippet, now: datetime) -> int | None:
    """Seconds since the snippet was computed; 0 where the two clocks disagree about which came first."""
    return None if snippet.computed_at is None else max(0, int((now - snippet.computed_at).total_seconds()))
