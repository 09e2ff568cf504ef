"""The one way to ask the language model: calls, retries and corrections within one request's limits."""

import time
from collections.abc import Callable
from random import SystemRandom
from typing import Protocol

from aws_lambda_powertools import Logger, Metrics

from oo.call import Call
from oo.errors import ConfigError, LLMError, LLMRateLimited
from oo.llm.client import LiteLLMClient
from oo.llm.completion import ALIAS
from oo.llm.retry import Attempts
from oo.telemetry.spans import SpanKind, span
from oo.tips.conversation import Conversation
from oo.tips.question import AnyAnswer, Question, Spent
from oo.tips.question_measures import count_failed_question, measure_question

RATE_LIMIT_PAUSE_S = 10.0
"""What a caller is told to wait where neither proxy nor provider says for how long."""


_random = SystemRandom()


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
            question.name,
            SpanKind.LLM,
            messages=list(question.messages),
            model=ALIAS,
            temperature=self._client.parameters.temperature,
        ) as record:
            try:
                answer = self._guard(Conversation(self._client, self._logger, question, attempts, spent).until_usable)
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
