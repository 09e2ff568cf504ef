"""The calls of one question: the check of each reply, and the decision on another call."""

import json
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Generic

from aws_lambda_powertools import Logger

from oo.deadline import Deadline
from oo.errors import (
    DeadlineExceeded,
    LLMAuthRejected,
    LLMBadOutput,
    LLMError,
    LLMOversize,
    LLMParameterRefused,
    LLMRefused,
    LLMReplyError,
    LLMUpstreamError,
)
from oo.llm.client import LiteLLMClient, Message
from oo.llm.completion import ALIAS, ChatCompletion
from oo.llm.question import AnyAnswer, Question, Spent
from oo.llm.reply import parsed
from oo.llm.retry import Attempts
from oo.llm.thoughts import without_thoughts
from oo.telemetry.metrics import count
from oo.telemetry.spans import Span, SpanKind, span

MOST_CORRECTIONS = 2
LONGEST_ECHO = 2_000
"""Characters of a bad reply that the model gets to see again."""

LARGEST_GROWTH = 4
"""Times the question's own limit of tokens that a call may have after replies that were cut off."""


@dataclass(eq=False, repr=False)
class Turns(Generic[AnyAnswer]):
    """One question and its calls, retries and corrections. `max_tokens` grows with every truncated reply."""

    client: LiteLLMClient
    logger: Logger
    question: Question[AnyAnswer]
    attempts: Attempts
    spent: Spent
    said: list[Message] = field(default_factory=list)
    corrections: int = 0
    key_refreshed: bool = False
    latest: ChatCompletion | None = None
    first: LLMError | None = None
    max_tokens: int = field(init=False)

    def __post_init__(self) -> None:
        self.max_tokens = self.question.max_tokens

    def until_usable(self) -> AnyAnswer:
        """The first usable answer. Raises the first failure after the last change of the call (key, parameter).

        Later failures may be consequences: a proxy with a failing provider answers 429 for some seconds.
        """
        while True:
            call_id = str(uuid.uuid4())
            try:
                return self._attempt(self.attempts.begin(), call_id)
            except DeadlineExceeded as error:
                raise self.first or error from None
            except LLMError as error:
                self._tell(error, call_id)
                self.first = self.first or error
                if not self._goes_on(error):
                    raise error if self.first.code == error.code else self.first from None

    def _attempt(self, limit: Deadline, call_id: str) -> AnyAnswer:
        """One call and the verdict on its reply."""
        self.spent.attempts = self.attempts.made
        self.latest = None
        messages = [*self.question.messages, *self.said]
        with span(
            "attempt", SpanKind.LLM, messages=messages, model=ALIAS, temperature=self.client.parameters.temperature
        ) as record:
            record.attributes["call_id"] = call_id
            completion = self.client.complete(
                messages,
                max_tokens=self.max_tokens,
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
            return self._usable(completion)

    def _usable(self, completion: ChatCompletion) -> AnyAnswer:
        """The parsed reply.

        Raises LLMRefused, LLMReplyError, and LLMUpstreamError for a reply that contains the key.
        """
        if completion.refused:
            raise LLMRefused(HTTPStatus.OK, completion.call_id, reason="refusal")
        try:
            if completion.called_tools:
                raise LLMBadOutput("it called a tool")  # noqa: TRY301  # a call that was cut off is one, too
            answer = _read(completion, self.question)
        except LLMBadOutput as error:
            if not _was_cut(completion, error, self.max_tokens):
                raise
            self.max_tokens = min(2 * self.max_tokens, LARGEST_GROWTH * self.question.max_tokens)
            raise LLMBadOutput(_CUT_OFF) from None
        if self.client.repeats_key(json.dumps(answer.shown(), ensure_ascii=False)):
            raise LLMUpstreamError(HTTPStatus.OK, completion.call_id, reason="repeated key")
        return answer

    def _tell(self, error: LLMError, call_id: str) -> None:
        count("LLMErrors", kind=error.code)
        facts = {name: getattr(error, name, None) for name in ("status", "retry_after_s", "reason")}
        self.logger.warning(
            "llm_attempt_failed",
            attempt=self.attempts.made,
            error_type=type(error).__name__,
            code=error.code,
            call_id=getattr(error, "call_id", call_id),
            **{name: fact for name, fact in facts.items() if fact is not None},
            **getattr(error, "proxy_words", {}),
        )

    def _goes_on(self, error: LLMError) -> bool:
        """Whether another call follows; prepares it if so."""
        if isinstance(error, LLMReplyError):
            return self._correct(error)
        if isinstance(error, LLMAuthRejected) and error.status == HTTPStatus.UNAUTHORIZED:
            return self._refresh_key()
        if isinstance(error, LLMParameterRefused):
            return self._leave_out(error)
        return self._wait(error)

    def _wait(self, error: LLMError) -> bool:
        waited = self.attempts.wait_to_retry(error)
        hint_s = getattr(error, "retry_after_s", None)
        if waited and hint_s is not None:
            self.logger.info("llm_retry_after_kept", retry_after_s=hint_s, retry_after_honoured=True)
        return waited

    def _correct(self, error: LLMReplyError) -> bool:
        # After a reply that exceeds the size limit, the model is called again once, not twice.
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
            self.first = None
            self.logger.info("secret_refreshed")
        return changed

    def _leave_out(self, error: LLMParameterRefused) -> bool:
        """Call without the parameter, now and later; a second rejection of it is final."""
        if not error.was_sent:
            return False
        self.client.parameters.refuse(error.parameter)
        self.logger.warning("llm_parameter_dropped", parameter=error.parameter)
        if not self.attempts.has_another():
            return False
        self.first = None
        return True


_CORRECTION = "That reply could not be used: {reason}. Send the JSON again as asked for above, and nothing else."
_CUT_OFF = "it was cut off at the length limit; a shorter one is needed"


def _read(completion: ChatCompletion, question: Question[AnyAnswer]) -> AnyAnswer:
    """The answer in the text, or, without a text, in reasoning that is all JSON: some servers confuse the two."""
    reasoning = completion.reasoning.strip()
    if not completion.text.strip() and completion.finish_reason == "stop" and _is_json(reasoning):
        with suppress(LLMBadOutput):
            return question.read(reasoning, is_cut=True)
    return question.read(completion.text, is_cut=completion.is_cut)


def _was_cut(completion: ChatCompletion, error: LLMBadOutput, max_tokens: int) -> bool:
    """Whether an unusable reply was truncated at its token limit. A complete reply was not, at any token count."""
    if completion.is_cut:
        texts = (completion.text, without_thoughts(completion.text)[0])
        return not any(isinstance(parsed(text), dict | list) for text in texts)
    return error.ends_early and completion.completion_tokens >= max_tokens


def _is_json(text: str) -> bool:
    """Whether the whole text is a JSON object or array."""
    try:
        return text.startswith(("{", "[")) and json.loads(text, strict=False) is not None
    except (ValueError, RecursionError):
        return False


def _echo(completion: ChatCompletion | None) -> str:
    if completion is None:
        return "(reply too long to be repeated)"
    return completion.text[:LONGEST_ECHO] if completion.text.strip() else "(empty reply)"


def _record(completion: ChatCompletion, record: Span) -> None:
    """Usage, cost and model under MLflow's names, on the attempt only, because MLflow adds them up to the root."""
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
