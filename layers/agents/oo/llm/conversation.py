"""The one way to call the language model: calls, retries and corrections within one request's limits."""

import time
from collections.abc import Callable
from random import SystemRandom
from typing import Protocol

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from oo.errors import CircuitOpen, ConfigError, DeadlineExceeded, LLMError, LLMRateLimited
from oo.llm.client import LiteLLMClient
from oo.llm.completion import ALIAS
from oo.llm.question import AnyAnswer, Question, Spent
from oo.llm.retry import Attempts
from oo.llm.turns import Turns
from oo.request_context import RequestContext
from oo.telemetry.metrics import count
from oo.telemetry.spans import SpanKind, span

RATE_LIMIT_PAUSE_S = 10.0
"""Seconds in `Retry-After` where neither proxy nor provider names a time."""


_random = SystemRandom()


class CircuitGate(Protocol):
    """Decides whether the model is called."""

    def __call__(self, ask: Callable[[], AnyAnswer]) -> AnyAnswer:
        """Return or raise as `ask` does, or raise CircuitOpen without calling it."""


def unguarded(ask: Callable[[], AnyAnswer]) -> AnyAnswer:
    """Always call."""
    return ask()


class ModelConversation:
    """Calls the model until a reply is usable, a failure is final, or the request's calls or time are used up."""

    def __init__(
        self,
        client: LiteLLMClient,
        logger: Logger,
        metrics: Metrics,
        *,
        guard: CircuitGate = unguarded,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = _random.random,
    ) -> None:
        self._client = client
        self._logger = logger
        self._metrics = metrics
        self._guard = guard
        self._sleep = sleep
        self._chance = chance

    def __call__(self, question: Question[AnyAnswer], *, context: RequestContext, spent: Spent) -> AnyAnswer:
        """Return the first usable answer.

        `spent` is current after errors as well. Raises LLMError and ConfigError.
        """
        attempts = Attempts(context.deadline, sleep=self._sleep, chance=self._chance)
        with span(
            question.name,
            SpanKind.LLM,
            messages=list(question.messages),
            model=ALIAS,
            temperature=self._client.parameters.temperature,
        ) as record:
            try:
                answer = self._guard(Turns(self._client, self._logger, question, attempts, spent).until_usable)
            except (LLMError, ConfigError) as error:
                _count_failed_question(self._metrics, error)
                if isinstance(error, LLMRateLimited) and error.retry_after_s is None:
                    error.retry_after_s = RATE_LIMIT_PAUSE_S
                raise
            finally:
                record.attributes.update(spent.counts())
                _measure_question(self._metrics, spent)
            record.outputs.update(answer.shown())
            return answer


def _measure_question(metrics: Metrics, spent: Spent) -> None:
    """Count one question, its calls and their cost."""
    metrics.add_metric(name="LlmQuestions", unit=MetricUnit.Count, value=1)
    metrics.add_metric(name="LlmAttempts", unit=MetricUnit.Count, value=spent.attempts)
    metrics.add_metric(name="LlmPromptTokens", unit=MetricUnit.Count, value=spent.prompt_tokens)
    metrics.add_metric(name="LlmCompletionTokens", unit=MetricUnit.Count, value=spent.completion_tokens)
    if spent.cost_usd is not None:
        metrics.add_metric(name="LlmCostUsd", unit=MetricUnit.NoUnit, value=spent.cost_usd)


def _count_failed_question(metrics: Metrics, error: LLMError | ConfigError) -> None:
    """Count a question without a usable answer, and its kind if no call counted it."""
    metrics.add_metric(name="LlmQuestionsFailed", unit=MetricUnit.Count, value=1)
    if isinstance(error, CircuitOpen | DeadlineExceeded):
        count("LLMErrors", kind=error.code)
