"""One tip for one user, from agents' snippets and tasks, by the language model or as a template tip."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from oo.contract.kinds import Kind, SnippetState
from oo.contract.leniency import Reading
from oo.contract.shown_ids import shown_id, shown_version
from oo.contract.tips import (
    AgentOutputSnippet,
    Receipt,
    ReceiptSnippet,
    RecommendRequest,
    RecommendResponse,
    Tip,
)
from oo.errors import ConfigError, LLMBadOutput, LLMError, StoreUnavailable, UnknownPromptVersion
from oo.llm.client import Purpose
from oo.llm.conversation import ModelConversation
from oo.llm.question import Question, Spent
from oo.prompts.recent import LONGEST_TIP
from oo.prompts.schema import response_format, tip_schema
from oo.prompts.versions import DEFAULT_RECOMMEND_VERSION, get_orchestrator
from oo.prompts.versions.orchestrator import Orchestrator
from oo.request_context import RequestContext
from oo.snippets.ranking import NO_TURNS, Turns
from oo.telemetry.metrics import count
from oo.telemetry.reading_log import report_reading
from oo.telemetry.spans import Span, SpanKind, Trace, span
from oo.tips.context import TipContext, build_context
from oo.tips.named_task import names_a_task, task_id_of
from oo.tips.shapes import first_object
from oo.tips.template_tip import template_tip
from oo.tips.tip_text import ReplyPolicy, TipText, read_json, read_tip_text, with_stored_title
from oo.tips.trace_lines import tip_line
from oo.untrusted_text.cleaning import fold

if TYPE_CHECKING:
    from oo.tips.experiment import Assignment, TipExperiment  # imported where one is running
    from oo.tips.recorded_request import RequestRecorder  # imported where requests are recorded

MOST_TOKENS = 400
TEMPLATE_MODEL = "template"

_ABOUT_NO_TASK = (Kind.REST, Kind.ADVICE)
_REPLY_FORMAT = response_format("tip", tip_schema())


class OutputReader(Protocol):
    """Source of the stored snippets."""

    def read(self, user_id: str) -> Sequence[AgentOutputSnippet]:
        """The user's snippets, including expired ones. Raises StoreUnavailable."""


class Recommend:
    """Answers `POST /recommend`.

    Without `outputs` only the snippets in a request count. With `template_fallback`, a template tip replaces the
    model's if the model fails. The log contains the user's `pseudonym`. `find_version` raises KeyError for an unknown
    version. `turns` are those of a replayed request. Raises UnknownPromptVersion, LLMError and ConfigError.
    """

    def __init__(
        self,
        *,
        ask: ModelConversation,
        outputs: OutputReader | None,
        template_fallback: bool,
        logger: Logger,
        metrics: Metrics,
        pseudonym: Callable[[str], str | None],
        default_prompt_version: str = DEFAULT_RECOMMEND_VERSION,
        experiment: "TipExperiment | None" = None,
        max_tokens: int = MOST_TOKENS,
        find_version: Callable[[str], Orchestrator] = get_orchestrator,
        recorder: "RequestRecorder | None" = None,
        turns: Turns = NO_TURNS,
    ) -> None:
        try:
            self._default = find_version(default_prompt_version)
        except KeyError:
            raise ConfigError("DEFAULT_RECOMMEND_VERSION is not one of the versions of /recommend") from None
        self._experiment = experiment
        self._find_version = find_version
        self._ask = ask
        self._max_tokens = max_tokens
        self._outputs = outputs
        self._template_fallback = template_fallback
        self._logger = logger
        self._metrics = metrics
        self._pseudonym = pseudonym
        self._recorder = recorder
        self._turns = turns

    def __call__(self, request: RecommendRequest, context: RequestContext) -> RecommendResponse:
        """One tip and its receipt."""
        started = context.deadline.clock()
        assigned = self._experiment.assign(request) if self._experiment else None
        if assigned:
            request = assigned.applied_to(request)
            context.trace.tags |= assigned.tags()
        version = self._version(request, assigned)
        context.trace.user_id = request.user_id
        context.trace.tags["serve_id"] = context.trace.trace_id
        context.trace.tags["prompt.version"] = version.version
        with span("recommend", SpanKind.CHAIN, **_asked(request)) as root:
            try:
                snippets = self._snippets(request)
                if self._recorder:
                    self._recorder.record(root, request, snippets, version.version, context)
                root.inputs["agent_ids"] = [snippet.agent_id for snippet in snippets]
                root.attributes["agent_count"] = len(snippets)
                context.trace.asked = tip_line(version.version, request, snippets)
                basis = build_context(
                    request, snippets, context.now, context.default_zone, version=version, turns=self._turns
                )
                reading = self._reported(basis)
                spent = Spent()
                tip = self._tip(basis, context, spent)
                response = _response(basis, tip, spent, context, reading, assigned)
                context.trace.asked = tip_line(version.version, request, snippets, response.tip.kind)
                _conclude(root, response, context.trace)
            finally:
                latency_ms = root.attributes["latency_ms"] = round((context.deadline.clock() - started) * 1000)
        self._report(request, response, spent, latency_ms, assigned)
        return response

    def _version(self, request: RecommendRequest, assigned: "Assignment | None") -> Orchestrator:
        """The request's version, else its arm's, else the default. Raises UnknownPromptVersion."""
        named = request.prompt_version if request.prompt_version is not None else assigned and assigned.version
        if named is None:
            return self._default
        try:
            return self._find_version(named)
        except KeyError:
            raise UnknownPromptVersion(named) from None

    def _snippets(self, request: RecommendRequest) -> Sequence[AgentOutputSnippet]:
        """The caller's snippets, or the stored ones if the caller sent none."""
        if self._outputs is None or request.agent_outputs is not None:
            return request.agent_outputs or []
        try:
            stored = self._outputs.read(request.user_id)
        except StoreUnavailable as error:
            self._logger.error(  # noqa: TRY400  # the type is enough, a stack may hold a user's words
                "stored_outputs_unavailable", code=error.code, error_type=type(error).__name__, degraded=True
            )
            self._metrics.add_metric(name="StoredOutputsUnavailable", unit=MetricUnit.Count, value=1)
            return []
        # A silent agent is stored with an empty text, which is not a snippet.
        return [snippet for snippet in stored if snippet.prompt_text != ""]

    def _reported(self, basis: TipContext) -> Reading | None:
        """The report of the unreadable values, which goes to log and metrics even if the answer fails."""
        reading = basis.open_tasks.reading
        report_reading(reading, self._logger, self._metrics)
        return None if reading is None else Reading(reading)

    def _tip(self, basis: TipContext, context: RequestContext, spent: Spent) -> TipText:
        question = Question(
            name="llm_orchestrator",
            messages=basis.prompt.messages,
            max_tokens=self._max_tokens,
            response_format=_REPLY_FORMAT,
            purpose=Purpose(
                user_id=basis.request.user_id,
                trace_id=context.trace.correlation_id,
                tags=("fn:recommend", f"prompt:{basis.prompt.version}"),
                metadata={"serve_id": context.trace.trace_id},
            ),
            read=_Reader(basis),
        )
        try:
            return self._ask(question, context=context, spent=spent)
        except LLMError as error:
            if not self._template_fallback:
                raise
            return template_tip(basis)._replace(degraded_reason=error.code)

    def _report(
        self,
        request: RecommendRequest,
        response: RecommendResponse,
        spent: Spent,
        latency_ms: int,
        assigned: "Assignment | None",
    ) -> None:
        receipt = response.receipt
        count("TipServed", source=response.tip.source)
        if not any(snippet.state is SnippetState.FRESH for snippet in receipt.snippets):
            self._metrics.add_metric(name="TipWithoutFreshSnippet", unit=MetricUnit.Count, value=1)
        for reason, number in Counter(snippet.reason for snippet in receipt.snippets if snippet.reason).items():
            count("SnippetDropped", number, reason=reason)
        for snippet in receipt.snippets:
            if snippet.used and snippet.age_s is not None:
                self._metrics.add_metric(name="SnippetAgeSeconds", unit=MetricUnit.Seconds, value=snippet.age_s)
        self._logger.info(
            "recommend_served",
            serve_id=receipt.serve_id,
            user=self._pseudonym(request.user_id),
            slider=request.science_destiny,
            prompt_version=receipt.prompt_version,
            **(assigned.logged() if assigned else {}),
            snippets=[_as_logged(snippet) for snippet in receipt.snippets],
            source=response.tip.source,
            kind=response.tip.kind.value,
            cost_usd=receipt.cost_usd,
            degraded_reason=receipt.degraded_reason,
            latency_ms=latency_ms,
            **spent.counts(),
        )


def _as_logged(snippet: ReceiptSnippet) -> dict[str, Any]:
    """A snippet of the receipt for the trace, without a caller's own id and version."""
    agent_id, version = shown_id(snippet.agent_id), shown_version(snippet.agent_id, snippet.agent_version)
    return snippet.model_dump(mode="json") | {"agent_id": agent_id, "agent_version": version}


def _asked(request: RecommendRequest) -> dict[str, Any]:
    """The trace's inputs; hour and weekday are null if the caller sent none."""
    return {
        "user_id": request.user_id,
        "agent_ids": [],
        "hour_of_day": request.hour_of_day,
        "day_of_week": request.day_of_week,
        "science_destiny": request.science_destiny,
    }


class _Reader:
    """Parses one tip from a reply. A tip that the user has just seen is rejected, but only once."""

    def __init__(self, basis: TipContext) -> None:
        self._prompt = basis.prompt
        self._guard = ReplyPolicy(basis.prompt)
        self._recent = {fold(tip.content[:LONGEST_TIP]) for tip in basis.request.recent_tips if tip.content}

    def __call__(self, text: str, *, is_cut: bool) -> TipText:
        words = read_tip_text(read_json(text, first_object, self._guard, is_cut=is_cut), self._guard)
        words = with_stored_title(words, self._prompt)
        if words.kind not in _ABOUT_NO_TASK and not names_a_task(words, self._prompt):
            refs = ", ".join(ref.ref for ref in self._prompt.refs)
            raise LLMBadOutput(f"it names none of the tasks {refs}")
        if self._recent and fold(words.content) in self._recent:
            self._recent = set()
            raise LLMBadOutput("it repeated a recent tip")
        return words


def _response(
    basis: TipContext,
    tip: TipText,
    spent: Spent,
    context: RequestContext,
    reading: Reading | None,
    assigned: "Assignment | None",
) -> RecommendResponse:
    return RecommendResponse(
        tip=Tip(
            id=tip.tip_id or f"tip-{basis.request.user_id[:8]}",
            content=tip.content,
            source="template" if tip.degraded_reason else "llm",
            kind=tip.kind,
            rationale=tip.rationale,
        ),
        model=TEMPLATE_MODEL if tip.degraded_reason else spent.model,
        prompt_tokens=spent.prompt_tokens,
        completion_tokens=spent.completion_tokens,
        receipt=Receipt(
            serve_id=context.trace.trace_id,
            trace_id=context.trace.correlation_id,
            prompt_version=basis.prompt.version,
            task_id=task_id_of(tip, basis.prompt),
            experiment=assigned.receipt() if assigned else None,
            attempts=spent.attempts,
            cost_usd=spent.cost_usd,
            degraded_reason=tip.degraded_reason,
            snippets=[snippet.receipt() for snippet in basis.prompt.snippets],
        ),
        reading=reading,
    )


def _conclude(root: Span, response: RecommendResponse, trace: Trace) -> None:
    tip, degraded_reason = response.tip, response.receipt.degraded_reason
    root.outputs.update(tip_id=tip.id, content=tip.content, rationale=tip.rationale)
    trace.answered = tip.content
    if degraded_reason:
        trace.tags["degraded"] = degraded_reason
    if response.receipt.experiment:
        trace.tags["attempts"] = str(response.receipt.attempts)
