"""What a question to the model took and whether it came to nothing, as metrics."""

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from oo.errors import CircuitOpen, ConfigError, DeadlineExceeded, LLMError
from oo.telemetry.measures import count
from oo.tips.question import Spent


def measure_question(metrics: Metrics, spent: Spent) -> None:
    """Count one question, its calls and what they cost."""
    metrics.add_metric(name="LlmQuestions", unit=MetricUnit.Count, value=1)
    metrics.add_metric(name="LlmAttempts", unit=MetricUnit.Count, value=spent.attempts)
    metrics.add_metric(name="LlmPromptTokens", unit=MetricUnit.Count, value=spent.prompt_tokens)
    metrics.add_metric(name="LlmCompletionTokens", unit=MetricUnit.Count, value=spent.completion_tokens)
    if spent.cost_usd is not None:
        metrics.add_metric(name="LlmCostUsd", unit=MetricUnit.NoUnit, value=spent.cost_usd)


def count_failed_question(metrics: Metrics, error: LLMError | ConfigError) -> None:
    """Count a question without a usable answer, and its kind where no call was made that could have counted it."""
    metrics.add_metric(name="LlmQuestionsFailed", unit=MetricUnit.Count, value=1)
    if isinstance(error, CircuitOpen | DeadlineExceeded):
        count("LLMErrors", kind=error.code)
