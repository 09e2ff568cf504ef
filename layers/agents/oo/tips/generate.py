"""Several tip candidates with a chosen prompt version, for benchmarks and evaluation."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from itertools import count
from typing import Any, NamedTuple

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from oo.contract.limits import MAX_CANDIDATES
from oo.contract.tips import Candidate, GenerateRequest, GenerateResponse
from oo.contract.vocabulary import SMALLER_IS_HIGHER
from oo.errors import ConfigError, LLMReplyError, UnknownPromptVersion
from oo.llm.client import Purpose
from oo.llm.conversation import ModelConversation
from oo.llm.question import Question, Spent
from oo.prompts.clock_line import told_clock
from oo.prompts.data_block import BuiltPrompt
from oo.prompts.schema import candidates_schema, response_format
from oo.prompts.versions import get_prompt
from oo.prompts.versions.prompt import Prompt
from oo.request_context import RequestContext
from oo.snapshot.clock import clock_at
from oo.snapshot.zones import user_zone
from oo.telemetry.spans import SpanKind, span
from oo.tips.named_task import task_id_of
from oo.tips.shapes import several_objects
from oo.tips.tip_text import ReplyPolicy, TipText, read_json, read_tip_text, with_stored_title
from oo.tips.trace_lines import candidates_line

FEWEST_TOKENS = 400
"""One candidate with its rationale and its JSON needs more than a candidate's share of many does."""

TOKENS_A_CANDIDATE = 150
_REPLY_FORMAT = response_format("candidates", candidates_schema())
_MOST_READ = 2 * MAX_CANDIDATES
"""The maximum number of a reply's objects to read: a quarter of a megabyte may contain thousands."""


class TipCandidates(NamedTuple):
    """The usable candidates of one reply; `unusable` counts the others."""

    words: tuple[TipText, ...]
    unusable: int

    def shown(self) -> dict[str, Any]:
        """The texts for the trace."""
        return {
            "content": [words.content for words in self.words],
            "rationale": [words.rationale for words in self.words],
        }


class Generate:
    """Answers `POST /generate`. Raises UnknownPromptVersion, LLMError and ConfigError."""

    def __init__(
        self, *, ask: ModelConversation, default_prompt_version: str, logger: Logger, metrics: Metrics
    ) -> None:
        try:
            self._default = get_prompt(default_prompt_version)
        except KeyError:
            raise ConfigError("DEFAULT_PROMPT_VERSION is not one of the versions of /generate") from None
        self._ask = ask
        self._logger = logger
        self._metrics = metrics

    def __call__(self, request: GenerateRequest, context: RequestContext) -> GenerateResponse:
        """At most `n` candidates; fewer if the model returned fewer usable ones."""
        started = context.deadline.clock()
        version = self._version(request.prompt_version)
        context.trace.user_id = request.user_id
        context.trace.tags["serve_id"] = context.trace.trace_id
        context.trace.tags["prompt.version"] = version.version
        context.trace.asked = candidates_line(version.version, request)
        with span(
            "generate", SpanKind.CHAIN, user_id=request.user_id, n=request.n, prompt_version=version.version
        ) as root:
            try:
                spent = Spent()
                prompt = build_prompt(request, version, context.now, context.default_zone)
                found = self._ask(_question(request, prompt, context), context=context, spent=spent)
                response = _response(request, prompt, found, spent, serve_id=context.trace.trace_id)
                context.trace.asked = candidates_line(version.version, request, response.candidates)
                context.trace.answered = " | ".join(candidate.content for candidate in response.candidates)
                root.outputs["candidates"] = [candidate.model_dump(mode="json") for candidate in response.candidates]
            finally:
                latency_ms = root.attributes["latency_ms"] = round((context.deadline.clock() - started) * 1000)
        self._metrics.add_metric(name="CandidatesServed", unit=MetricUnit.Count, value=len(response.candidates))
        self._logger.info(
            "generate_served",
            serve_id=response.serve_id,
            prompt_version=version.version,
            asked_for=request.n,
            candidates=len(response.candidates),
            unusable=found.unusable,
            cost_usd=spent.cost_usd,
            latency_ms=latency_ms,
            **spent.counts(),
        )
        return response

    def _version(self, name: str | None) -> Prompt:
        if name is None:
            return self._default
        try:
            return get_prompt(name)
        except KeyError:
            raise UnknownPromptVersion(name) from None


def build_prompt(
    request: GenerateRequest, version: Prompt, now: datetime, default_zone: tzinfo | None = None
) -> BuiltPrompt:
    """The prompt of that version, at the request's own time, else at `now`."""
    with span(
        "build_context",
        SpanKind.TOOL,
        # Candidates are based on tasks alone: no agents, so the slider has no effect.
        agent_count=0,
        task_count=len(request.context.tasks),
        science_destiny=None,
    ) as record:
        moment = request.now_iso or now
        clock = clock_at(moment, user_zone(request.timezone, moment, default_zone).zone)
        prompt = version.build(
            request.context,
            request.n,
            clock=clock,
            smaller_is_higher=request.context.priority_scale == SMALLER_IS_HIGHER,
            profile=request.profile_features,
            told_clock=told_clock(
                request.context.hour_of_day,
                request.context.day_of_week,
                clock,
                gives_moment=request.now_iso is not None,
                gives_zone=request.timezone is not None,
            ),
            locale=request.locale,
        )
        record.outputs["message_count"] = len(prompt.messages)
        return prompt


def _question(request: GenerateRequest, prompt: BuiltPrompt, context: RequestContext) -> Question[TipCandidates]:
    return Question(
        name="llm_generate",
        messages=prompt.messages,
        max_tokens=max(FEWEST_TOKENS, TOKENS_A_CANDIDATE * request.n),
        response_format=_REPLY_FORMAT,
        purpose=Purpose(
            user_id=request.user_id,
            trace_id=context.trace.correlation_id,
            tags=("fn:generate", f"prompt:{prompt.version}"),
            metadata={"serve_id": context.trace.trace_id},
        ),
        read=lambda text, *, is_cut: read_candidates(text, prompt, is_cut=is_cut),
    )


def read_candidates(text: str, prompt: BuiltPrompt, *, is_cut: bool = False) -> TipCandidates:
    """The usable candidates of a reply; raises the first one's error if none is usable."""
    guard = ReplyPolicy(prompt)
    usable: list[TipText] = []
    problems: list[LLMReplyError] = []
    for fields in read_json(text, several_objects, guard, is_cut=is_cut)[:_MOST_READ]:
        try:
            words = read_tip_text(fields, guard)
        except LLMReplyError as problem:
            problems.append(problem)
        else:
            usable.append(with_stored_title(words, prompt))
    if not usable:
        raise problems[0]
    return TipCandidates(tuple(usable), len(problems))


def _response(
    request: GenerateRequest, prompt: BuiltPrompt, found: TipCandidates, spent: Spent, *, serve_id: str
) -> GenerateResponse:
    chosen = found.words[: request.n]
    return GenerateResponse(
        candidates=[
            Candidate(
                id=tip_id,
                content=words.content,
                kind=words.kind,
                rationale=words.rationale,
                task_id=task_id_of(words, prompt),
            )
            for tip_id, words in zip(_ids(chosen), chosen, strict=True)
        ],
        serve_id=serve_id,
        model=spent.model,
        prompt_version=prompt.version,
        prompt_tokens=spent.prompt_tokens,
        completion_tokens=spent.completion_tokens,
    )


def _ids(chosen: Sequence[TipText]) -> list[str]:
    """An id for each, all different: its own or its default, or the next free number if an earlier one has that.

    A model's own id is never given to another candidate.
    """
    own = {words.tip_id for words in chosen}
    ids: list[str] = []
    for index, words in enumerate(chosen):
        free = (f"tip-{number}" for number in count(index) if f"tip-{number}" not in own)
        wanted = words.tip_id or f"tip-{index}"
        is_free = wanted not in ids and (words.tip_id or wanted not in own)
        ids.append(wanted if is_free else next(each for each in free if each not in ids))
    return ids
