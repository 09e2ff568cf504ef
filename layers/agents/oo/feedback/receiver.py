"""`POST /feedback`: one message to the queue and one log line, nothing else."""

import json
from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Protocol

from aws_lambda_powertools import Logger

from oo.contract.feedback import Action, FeedbackMessage, FeedbackRequest, FeedbackResponse
from oo.contract.strict_json import problem_at_body
from oo.contract.vocabulary import FEEDBACK_WORDS
from oo.errors import RequestInvalid
from oo.frozen import frozen
from oo.request_context import RequestContext
from oo.snapshot.feedback import read_action
from oo.snapshot.numbers import numeric
from oo.telemetry.metrics import count

MOST_AHEAD = timedelta(minutes=5)
"""How far a caller's clock may be ahead of the service's: a time further ahead would win over all later feedback."""


class Queue(Protocol):
    """Sends the body of one message."""

    def send(self, body: str) -> None:
        """Send it. Raises FeedbackUnavailable."""


@frozen
class FeedbackReceiver:
    """Queues feedback; without `keeps_comments` the user's comment is dropped first."""

    queue: Queue
    logger: Logger
    pseudonym: Callable[[str], str | None]
    keeps_comments: bool

    def receive(self, request: FeedbackRequest, context: RequestContext) -> FeedbackResponse:
        """Queue one piece of feedback. Raises RequestInvalid for an unknown action, and FeedbackUnavailable."""
        message = self._message(request, context)
        # ASCII alone: SQS rejects some characters that JSON may contain unescaped.
        self.queue.send(json.dumps(message.model_dump(mode="json", exclude_none=True), allow_nan=False))
        count("FeedbackReceived", action=message.action)
        self.logger.info(
            "feedback_received",
            serve_id=message.serve_id,
            user=self.pseudonym(message.user_id),
            action=message.action,
            dwell_ms=message.dwell_ms,
            created_at=message.created_at.isoformat(),
        )
        return FeedbackResponse()

    def _message(self, request: FeedbackRequest, context: RequestContext) -> FeedbackMessage:
        at = request.created_at
        dwell_ms = numeric(request.dwell_ms)
        return FeedbackMessage(
            user_id=request.user_id,
            serve_id=request.serve_id,
            action=_action(request.action),
            dwell_ms=dwell_ms if dwell_ms is not None and dwell_ms >= 0 else None,
            comment=request.comment if self.keeps_comments else None,
            created_at=(context.now if at is None or at - context.now > MOST_AHEAD else at).astimezone(UTC),
            candidate_id=request.candidate_id,
            trace_id=context.trace.correlation_id,
        )


def _action(word: object) -> Action:
    """The action of a word. Raises for an unknown one; in a history, the row is dropped instead."""
    action: Action | None = read_action(word)  # type: ignore[assignment]  # the outcomes of the table are the actions
    if action is None:
        raise RequestInvalid(
            [
                problem_at_body("feedback_action", f"Input should be one of {', '.join(FEEDBACK_WORDS)}")
                | {"loc": ["body", "action"]}
            ]
        )
    return action
