"""Reading bodies and SQS records into the contract's messages; whatever is wrong with one is an InvalidMessage.

`now` is the machine's clock, which bounds the times that a sender may claim.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from oo import payload
from oo.contract.queues import RANGE_PROBLEMS, ComputeJob, PrecomputeMessage, Snapshot, SnapshotVersion
from oo.errors import InvalidMessage, InvalidRequest, PayloadTooLarge
from oo.precompute.envelopes import cure
from oo.telemetry.traceparent import caller_trace_id

Message = TypeVar("Message", bound=Snapshot)

_MOST_DIGITS = 20


class SentSnapshot(PrecomputeMessage):
    """A snapshot whose version is known: the producer's, else the moment at which the message was sent."""

    snapshot_version: SnapshotVersion


def read_message(body: str, now: datetime) -> PrecomputeMessage:
    """A message for `PrecomputeQueue` as its producer has it, before anything has sent it."""
    return _validated(PrecomputeMessage, _fields(body), now)


def read_snapshot(record: SQSRecord, now: datetime) -> tuple[SentSnapshot, str | None]:
    """A message of `PrecomputeQueue`, and the producer's trace id where it sent one."""
    fields = _fields(record.body)
    if fields.get("snapshot_version") is None:
        fields["snapshot_version"] = attribute(record, "SentTimestamp")
    return _validated(SentSnapshot, fields, now), sent_trace_id(record)


def read_job(record: SQSRecord, now: datetime) -> tuple[ComputeJob, str | None]:
    """A message of `ComputeQueue`, and the fan-out's trace id."""
    job = _validated(ComputeJob, _fields(record.body), now)
    return job, job.trace_id


def attribute(record: SQSRecord, name: str) -> int | None:
    """One of the numbers that SQS itself puts beside a message."""
    attributes = record.raw_event.get("attributes")
    value = attributes.get(name) if isinstance(attributes, dict) else None
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) <= _MOST_DIGITS else None


def sent_trace_id(record: SQSRecord) -> str | None:
    """The trace id of a valid `traceparent` among the message's attributes."""
    match record.raw_event:
        case {"messageAttributes": {"traceparent": {"stringValue": str(sent)}}}:
            return caller_trace_id(sent)
    return None


def _fields(body: str) -> dict[str, Any]:
    try:
        fields = payload.parse(body)
    except InvalidRequest as error:
        raise InvalidMessage(error.errors) from None
    except PayloadTooLarge as error:
        raise InvalidMessage([payload.problem_at_body("too_long", str(error))]) from None
    if not isinstance(fields, dict):
        raise InvalidMessage([payload.problem_at_body("dict_type", "Input should be an object")], cure(fields))
    return fields


def _validated(kind: type[Message], fields: dict[str, Any], now: datetime) -> Message:
    try:
        return kind.model_validate(fields, context=now)
    except ValidationError as error:
        errors = error.errors(include_input=False, include_context=False)
    raise InvalidMessage(payload.problems(errors, at=("body",)), cure(fields) or _out_of_range(errors))


def _out_of_range(errors: Sequence[ErrorDetails]) -> str:
    """The ranges that a producer has missed, each with its field."""
    return " ".join(f"body.{error['loc'][0]}: {error['msg']}." for error in errors if error["type"] in RANGE_PROBLEMS)
