"""The worker of `FeedbackQueue`: one assessment per message, for any order, any repeats and any state of MLflow."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from oo.deadline import LAMBDA_RESERVE_S, Deadline
from oo.errors import ConfigError, TraceNotLanded, TraceUnknown
from oo.feedback.assessment import Assessment, assessment_of
from oo.feedback.assessment_store import Kept
from oo.feedback.receiver import Queue
from oo.feedback.records import FeedbackDelivery
from oo.frozen import frozen
from oo.request_context import RequestContext
from oo.telemetry.export.mlflow.exporter import is_sampled
from oo.telemetry.spans import WHOLE_TRACE, Link, SpanKind, span

MOST_DELIVERIES = 5
LANDED_AFTER = timedelta(minutes=15)
"""A trace missing after this many deliveries and this time will not arrive: exports give up within seconds."""


class Assessments(Protocol):
    """Stores assessments."""

    def put(self, assessment: Assessment, deadline: Deadline) -> Kept:
        """Store one unless a newer one with its id exists. Raises TraceNotLanded and MlflowUnavailable."""


@frozen
class FeedbackWorker:
    """Stores feedback on the traces of tips.

    `assessments` is None without MLflow. `sampling_ratio` is the share of traces that MLflow has. Without
    `keeps_comments`, comments that were queued earlier are dropped as well.
    """

    assessments: Assessments | None
    sampling_ratio: float
    pseudonym: Callable[[str], str | None]
    metrics: Metrics
    keeps_comments: bool

    def run(self, delivery: FeedbackDelivery, context: RequestContext) -> None:
        """Store one piece of feedback. Raises ConfigError, MlflowUnavailable, TraceNotLanded and TraceUnknown."""
        message = delivery.message
        if not self.keeps_comments:
            message = message.model_copy(update={"comment": None})
        if self.assessments is None or not is_sampled(message.serve_id, self.sampling_ratio):
            self.metrics.add_metric(name="FeedbackUnsampled", unit=MetricUnit.Count, value=1)
            return
        with span("feedback", SpanKind.CHAIN, serve_id=message.serve_id, action=message.action) as record:
            record.links.append(Link(message.serve_id, WHOLE_TRACE))
            assessment = assessment_of(message, self._name_of(message.user_id))
            with span("assess", SpanKind.TOOL, assessment_id=assessment.id, family=assessment.name) as assess:
                # A function that times out reports no failures.
                deadline = context.deadline.within(context.deadline.remaining() - LAMBDA_RESERVE_S)
                try:
                    assess.outputs["kept"] = self.assessments.put(assessment, deadline)
                except TraceNotLanded:
                    if _is_given_up(delivery, context.now):
                        raise TraceUnknown from None
                    raise

    def _name_of(self, user_id: str) -> str:
        """The user's pseudonym. Without one the assessment's id is unknown, so the record is delivered again."""
        pseudonym = self.pseudonym(user_id)
        if pseudonym is None:
            raise ConfigError("The key of the users' pseudonyms cannot be read: PSEUDONYM_KEY_SECRET")
        return pseudonym


def _is_given_up(delivery: FeedbackDelivery, now: datetime) -> bool:
    return delivery.receive_count >= MOST_DELIVERIES and now - delivery.sent_at > LANDED_AFTER


@frozen
class FeedbackDeadLetters:
    """Moves records without a trace to the dead-letter queue, where an operator can read and redrive them."""

    queue: Queue
    metrics: Metrics

    def take(self, record: SQSRecord) -> None:
        """Move one, and count it. Raises FeedbackUnavailable."""
        self.queue.send(record.body)
        self.metrics.add_metric(name="FeedbackWithoutTrace", unit=MetricUnit.Count, value=1)
