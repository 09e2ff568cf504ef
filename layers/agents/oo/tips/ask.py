"""The one way to ask the language model: calls, retries and corrections within one request's limits."""

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from random import SystemRandom
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from aws_lambda_powertools import Logger, Metrics

from oo.call import Call
from oo.deadline import Deadline
from oo.errors import (
    ConfigError,
    LLMAuthRejected,
    LLMBadOutput,
    LLMError,
    LLMOversize,
    LLMRateLimited,
    LLMRefused,
    LLMReplyError,
)
from oo.llm.client import TEMPERATURE, LiteLLMClient, Message, Purpose
from oo.llm.completion import ALIAS, Completion
from oo.llm.retry import Attempts
from oo.telemetry.measures import count
from oo.telemetry.spans import Span, SpanKind, span
from oo.tips.question_measures import count_failed_question, measure_question

MOST_CORRECTIONS = 2
LONGEST_ECHO = 2_000
"""Characters of a bad reply that the model gets to see again."""

RATE_LIMIT_PAUSE_S = 10.0
"""What a caller is told to wait where neither proxy nor provider says for how long."""


_random = SystemRandom()


class Answer(Protocol):
    """What a reply was read as."""

    def shown(self) -> dict[str, Any]:
        """The answer's texts as the trace shows them."""


AnyAnswer = TypeVar("AnyAnswer", bound=Answer)
AnyAnswer_co = TypeVar("AnyAnswer_co", bound=Answer, covariant=True)


class Reader(Protocol[AnyAnswer_co]):
    """Reads a reply."""

    def __call__(self, text: str, *, is_cut: bool) -> AnyAnswer_co:
        """The answer; raises LLMReplyError for a reply that is not usable.

        `is_cut`: the model says that the text ends early, or the text may be its thoughts. Only JSON that is the whole
        text counts then.
        """


class Question(NamedTuple, Generic[AnyAnswer]):
    """A question to the model. `name` is the span's."""

    name: str
    messages: Sequence[Message]
    max_tokens: int
    response_format: Mapping[str, Any]
    purpose: Purpose
    read: Reader[AnyAnswer]


@dataclass(slots=True)
class Spent:
    """What asking has cost so far, failed attempts included. `cost_usd` is None as soon as one answer's is unknown."""

    attempts: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    model: str = ALIAS
    _answers: int = field(default=0, repr=False)

    def add(self, completion: Completion) -> None:
        """Count what one answer cost."""
        before = 0.0 if self._answers == 0 else self.cost_usd
        cost = completion.cost_usd
        self.cost_usd = None if before is None or cost is None else before + cost
        self.prompt_tokens += completion.prompt_tokens
        self.completion_tokens += completion.completion_tokens
        self.model = completion.model
        self._answers += 1

    def counts(self) -> dict[str, Any]:
        """What spans and log lines say about it."""
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "model": self.model,
            "attempts": self.attempts,
        }


class Guard(Protocol):
    """Decides whether the model is asked at all."""

    def __call__(self, ask: Callable[[], AnyAnswer]) -> AnyAnswer:
        """What `ask` returns or raises; raises CircuitOpen instead of asking."""


def unguarded(ask: Callable[[], AnyAnswer]) -> AnyAnswer:
    """Always ask."""
    return ask()


class Ask:
    """Asks until an answer is usable, a failure is final, or the request's calls or time are used up."""

    def __init__(
        self,
        client: LiteLLMClient,
        logger: Logger,
        metrics: Metrics,
        *,
        guard: Guard = unguarded,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = _random.random,
    ) -> None:
        self._client = client
        self._logger = logger
        self._metrics = metrics
        self._guard = guard
        self._sleep = sleep
        self._chance = chance

    def __call__(self, question: Question[AnyAnswer], *, call: Call, spent: Spent) -> AnyAnswer:
        """The first usable answer; `spent` is kept up to date whatever comes of it. Raises LLMError and ConfigError."""
        attempts = Attempts(call.deadline, sleep=self._sleep, chance=self._chance)
        with span(
            question.name, SpanKind.LLM, messages=list(question.messages), model=ALIAS, temperature=TEMPERATURE
        ) as record:
            try:
                answer = self._guard(_Conversation(self._client, self._logger, question, attempts, spent).until_usable)
            except (LLMError, ConfigError) as error:
                count_failed_question(self._metrics, error)
                if isinstance(error, LLMRateLimited) and error.retry_after_s is None:
                    error.retry_after_s = RATE_LIMIT_PAUSE_S
                raise
            finally:
                record.attributes.update(spent.counts())
                measure_question(self._metrics, spent)
            record.outputs.update(answer.shown())
            return answer


@dataclass(slots=True)
class _Conversation(Generic[AnyAnswer]):
    """One question and what has been said since."""

    client: LiteLLMClient
    logger: Logger
    question: Question[AnyAnswer]
    attempts: Attempts
    spent: Spent
    said: list[Message] = field(default_factory=list)
    corrections: int = 0
    key_refreshed: bool = False
    latest: Completion | None = None

    def until_usable(self) -> AnyAnswer:
        while True:
            limit = self.attempts.begin()
            call_id = str(uuid.uuid4())
            try:
                return self._attempt(limit, call_id)
            except LLMError as error:
                self._tell(error, call_id)
                if not self._goes_on(error):
                    raise

    def _attempt(self, limit: Deadline, call_id: str) -> AnyAnswer:
        """One call and the verdict on its reply."""
        self.spent.attempts = self.attempts.made
        self.latest = None
        messages = [*self.question.messages, *self.said]
        with span("attempt", SpanKind.LLM, messages=messages, model=ALIAS, temperature=TEMPERATURE) as record:
            record.attributes["call_id"] = call_id
            completion = self.client.complete(
                messages,
                max_tokens=self.question.max_tokens,
                deadline=limit,
                purpose=self.question.purpose,
                call_id=call_id,
                response_format=self.question.response_format,
                span_id=record.span_id,
                on_resent=self.attempts.count_resent,
            )
            self.latest = completion
            self.spent.add(completion)
            _record(completion, record)
            if not completion.usage_known:
                self.logger.warning("llm_usage_unknown", call_id=completion.call_id)
            return _usable(completion, self.question)

    def _tell(self, error: LLMError, call_id: str) -> None:
        count("LLMErrors", kind=error.code)
        facts = {name: getattr(error, name, None) for name in ("status", "proxy_type", "retry_after_s", "reason")}
        self.logger.warning(
            "llm_attempt_failed",
            attempt=self.attempts.made,
            error_type=type(error).__name__,
            code=error.code,
            call_id=getattr(error, "call_id", call_id),
            **{name: fact for name, fact in facts.items() if fact is not None},
        )

    def _goes_on(self, error: LLMError) -> bool:
        """Whether another call is to be made; what it needs is done then."""
        if isinstance(error, LLMReplyError):
            return self._correct(error)
        if isinstance(error, LLMAuthRejected) and error.status == HTTPStatus.UNAUTHORIZED:
            return self._refresh_key()
        return self._wait(error)

    def _wait(self, error: LLMError) -> bool:
        waited = self.attempts.wait_to_retry(error)
        hint_s = getattr(error, "retry_after_s", None)
        if waited and hint_s is not None:
            self.logger.info("llm_retry_after_kept", retry_after_s=hint_s, retry_after_honoured=True)
        return waited

    def _correct(self, error: LLMReplyError) -> bool:
        # A model that once wrote without end is given one more chance, not two.
        most = 1 if isinstance(error, LLMOversize) else MOST_CORRECTIONS
        if self.corrections >= most or not self.attempts.has_another():
            return False
        self.corrections += 1
        self.said += [
            {"role": "assistant", "content": _echo(self.latest)},
            {"role": "user", "content": _CORRECTION.format(reason=error.reason)},
        ]
        return True

    def _refresh_key(self) -> bool:
        if self.key_refreshed or not self.attempts.has_another():
            return False
        self.key_refreshed = True
        changed = self.client.refresh_key()
        if changed:
            self.logger.info("secret_refreshed")
        return changed


_CORRECTION = "That reply could not be used: {reason}. Send the JSON again as asked for above, and nothing else."
_CUT_OFF = "it was cut off at the length limit; a shorter one is needed"


def _usable(completion: Completion, question: Question[AnyAnswer]) -> AnyAnswer:
    """The reply as it was read; raises LLMRefused and LLMReplyError."""
    if completion.refused:
        raise LLMRefused(HTTPStatus.OK, completion.call_id)
    try:
        if completion.called_tools:
            raise LLMBadOutput("it called a tool")  # noqa: TRY301  # a call that was cut off is one, too
        return question.read(completion.text, is_cut=completion.finish_reason == "length")
    except LLMBadOutput:
        if completion.finish_reason == "length" or completion.completion_tokens >= question.max_tokens:
            raise LLMBadOutput(_CUT_OFF) from None
        raise


def _echo(completion: Completion | None) -> str:
    if completion is None:
        return "(reply too long to be repeated)"
    return completion.text[:LONGEST_ECHO] if completion.text.strip() else "(empty reply)"


def _record(completion: Completion, record: Span) -> None:
    """Usage, cost and model under MLflow's own names, on the attempt alone: MLflow sums them up to the root."""
    record.outputs["text"] = completion.text
    record.attributes |= {
        "call_id": completion.call_id,
        "finish_reason": completion.finish_reason,
        "mlflow.llm.model": completion.model,
        "mlflow.chat.tokenUsage": {
            "input_tokens": completion.prompt_tokens,
            "output_tokens": completion.completion_tokens,
            "total_tokens": completion.prompt_tokens + completion.completion_tokens,
        },
    }
    if completion.costs:
        record.attributes["mlflow.llm.cost"] = dict(completion.costs)
