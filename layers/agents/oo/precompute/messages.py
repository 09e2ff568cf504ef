"""Parsing of bodies and SQS records into the contract's messages; any fault is an InvalidMessage.

`now` is the machine's clock, which limits the times that a sender may use.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from oo.contract import strict_json
from oo.contract.queues import ComputeJob, PrecomputeMessage
from oo.contract.snapshot import RANGE_PROBLEMS, Snapshot
from oo.errors import InvalidMessage, PayloadTooLarge, RequestInvalid
from oo.precompute.batch_memory import BatchMemory
from oo.precompute.envelopes import cure
from oo.precompute.job_text import read_fields
from oo.runtime.sqs_batch import attribute, sent_trace_id
from oo.validation.models import ErrorDetails, ValidationError

Message = TypeVar("Message", bound=Snapshot)
_NO_MEMORY = BatchMemory()


def read_message(body: str, now: datetime) -> PrecomputeMessage:
    """A message for `PrecomputeQueue` from its producer; without a version it is about to be sent at `now`."""
    return _precompute_message(body, int(now.timestamp() * 1000), now)


def read_snapshot(record: SQSRecord, now: datetime) -> tuple[PrecomputeMessage, str | None]:
    """A message of `PrecomputeQueue`, and the producer's trace id, None if absent."""
    return _precompute_message(record.body, attribute(record, "SentTimestamp"), now), sent_trace_id(record)


def read_job(record: SQSRecord, now: datetime, memory: BatchMemory = _NO_MEMORY) -> tuple[ComputeJob, str | None]:
    """A message of `ComputeQueue`, and the fan-out's trace id; `memory` holds lists of the batch's earlier jobs."""
    try:
        found = read_fields(record.body, lambda user_id: memory.of(user_id).lists)
    except RequestInvalid as error:
        raise InvalidMessage(error.errors) from None
    if found is None:
        job = _validated(ComputeJob, _fields(record.body), now)
    else:
        job = _validated(ComputeJob, found.others, now).model_copy(update=found.rows)
    return job, job.trace_id


def _precompute_message(body: str, sent_ms: int | None, now: datetime) -> PrecomputeMessage:
    """The message; its version is the producer's, else the time at which it was sent."""
    fields = _fields(body)
    if fields.get("snapshot_version") is None:
        fields["snapshot_version"] = sent_ms
    return _validated(PrecomputeMessage, fields, now)


def _fields(body: str) -> dict[str, Any]:
    try:
        fields = strict_json.parse(body)
    except RequestInvalid as error:
        raise InvalidMessage(error.errors) from None
    except PayloadTooLarge as error:
        raise InvalidMessage([strict_json.problem_at_body("too_long", str(error))]) from None
    if not isinstance(fields, dict):
        raise InvalidMessage([strict_json.problem_at_body("dict_type", "Input should be an object")], cure(fields))
    return fields


def _validated(kind: type[Message], fields: dict[str, Any], now: datetime) -> Message:
    try:
        return kind.model_validate(fields, context=now)
    except ValidationError as error:
        errors = error.errors(include_input=False, include_context=False)
    raise InvalidMessage(strict_json.problems(errors, at=("body",)), cure(fields) or _out_of_range(errors))


def _out_of_range(errors: Sequence[ErrorDetails]) -> str:
    """The ranges that the producer's values exceed, each with its field."""
    return " ".join(f"body.{error['loc'][0]}: {error['msg']}." for error in errors if error["type"] in RANGE_PROBLEMS)
