"""The tip that the service gives while no model answers: the baseline of every comparison."""

import io
import logging
from contextlib import redirect_stdout
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger, Metrics

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from oo.contract.shown_ids import hashed
from oo.deadline import Deadline
from oo.errors import LLMUnreachable
from oo.llm.question import Question, Spent
from oo.prompts.versions import get_orchestrator
from oo.request_context import RequestContext
from oo.telemetry.spans import Trace
from oo.tips.context import build_context
from oo.tips.recommend import Recommend

NO_MOMENT = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
"""The server's clock, for requests that tell no moment."""

_BUDGET_S = 25


class WithoutModel:
    """Answers cases through the service's own code."""

    def __init__(self) -> None:
        self._recommend = Recommend(
            ask=_unreachable,  # type: ignore[arg-type]  # stands in for the model
            outputs=None,
            template_fallback=True,
            logger=Logger(service="evals", level=logging.CRITICAL),
            metrics=_Unmeasured(namespace="evals"),
            pseudonym=hashed,
        )

    def __call__(self, case: Case) -> Answered:
        """The template tip, with the prompt that a model would have got."""
        with redirect_stdout(io.StringIO()):  # single metrics are printed
            response = self._recommend(case.body, RequestContext(NO_MOMENT, Deadline.after(_BUDGET_S), Trace.begin()))
            version = get_orchestrator(case.body.prompt_version)
            basis = build_context(case.body, case.body.agent_outputs or (), NO_MOMENT, version=version)
        tip = response.tip
        served = ServedTip(tip.content, tip.rationale, tip.kind, response.receipt.task_id, tip.source)
        return Answered(basis.prompt, None, served, case.recent)


def _unreachable(question: Question[Any], *, context: RequestContext, spent: Spent) -> Any:  # noqa: ANN401, ARG001
    raise LLMUnreachable


class _Unmeasured(Metrics):
    """Counts nothing."""

    def add_metric(self, *args: Any, **named: Any) -> None:  # noqa: ANN401
        """Do nothing."""
