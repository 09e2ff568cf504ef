"""Records of `FeedbackQueue`: parsing, and removal of those that newer ones of the same batch replace."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from oo.contract import strict_json
from oo.contract.feedback import FeedbackMessage
from oo.errors import InvalidMessage
from oo.feedback.assessment import FAMILIES
from oo.runtime.sqs_batch import attribute
from oo.validation.models import ValidationError


class FeedbackDelivery(NamedTuple):
    """One delivery of a message: its number, counted from 1, and the time at which the message was sent."""

    user_id: str
    message: FeedbackMessage
    receive_count: int
    sent_at: datetime


def read_feedback(record: SQSRecord, now: datetime) -> tuple[FeedbackDelivery, str | None]:
    """A delivery and the trace id of the request that sent it. Raises InvalidMessage."""
    try:
        message = FeedbackMessage.model_validate_json(record.body)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        raise InvalidMessage(strict_json.problems(problems, at=("body",))) from None
    sent_ms = attribute(record, "SentTimestamp")
    sent_at = now if sent_ms is None else datetime.fromtimestamp(sent_ms / 1000, UTC)
    receive_count = attribute(record, "ApproximateReceiveCount") or 1
    return FeedbackDelivery(message.user_id, message, receive_count, sent_at), message.trace_id


def newest_of_each(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records without those that a newer one replaces, of the same tip or candidate, user and family.

    Replaced records count as done, because an assessment stores the newest only. A record that cannot be parsed is
    kept.
    """
    messages = [_message(record) for record in records]
    newest: dict[object, tuple[datetime, int]] = {}
    for place, message in enumerate(messages):
        if message is not None:
            about = (message.serve_id, message.candidate_id, message.user_id, FAMILIES[message.action][0])
            newest[about] = max(newest.get(about, (message.created_at, place)), (message.created_at, place))
    kept = {place for _, place in newest.values()}
    return [record for place, record in enumerate(records) if messages[place] is None or place in kept]


def _message(record: dict[str, Any]) -> FeedbackMessage | None:
    with suppress(ValidationError):
        return FeedbackMessage.model_validate_json(record["body"])
    return None
