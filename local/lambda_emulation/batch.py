"""A batch of queue messages: as an event for a function, and the outcome of each by the function's answer.

"Using Lambda with Amazon SQS" of the AWS Lambda developer guide, sections on events and on partial batch responses.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from local.deployment.template import REGION, TemplateQueue
from local.lambda_emulation.runtime import FunctionAnswer

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef


def build_event(messages: Sequence[MessageTypeDef], queue: TemplateQueue) -> dict[str, Any]:
    """The event Lambda's poller makes of received messages."""
    return {"Records": [_record(message, queue) for message in messages]}


def failed_ids(answer: FunctionAnswer, sent: Sequence[str], *, partial_failures: bool) -> set[str]:
    """Which of the message ids in `sent` count as failed: they stay in the queue, the others are deleted.

    A function that failed has failed all; where it reports partial failures an answer that does not say clearly
    which ones failed counts as all, too. An answer without `batchItemFailures` counts as none.
    """
    if answer.failure is not None:
        return set(sent)
    failures = _failures(answer.payload) if partial_failures else []
    if failures is None:
        return set(sent)
    named = {_identifier(failure) for failure in failures}
    return {identifier for identifier in sent if identifier in named or not named <= set(sent)}


def _failures(payload: bytes) -> list[object] | None:
    """The items a function reports; None where its answer cannot be understood."""
    try:
        document = json.loads(payload)
    except ValueError:
        return None
    if document is None:
        return []
    failures = (document.get("batchItemFailures") or []) if isinstance(document, dict) else None
    return failures if isinstance(failures, list) else None


def _identifier(failure: object) -> str | None:
    identifier = failure.get("itemIdentifier") if isinstance(failure, dict) else None
    return identifier if isinstance(identifier, str) else None


def _record(message: MessageTypeDef, queue: TemplateQueue) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {
            name: _attribute(attribute) for name, attribute in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue.arn,
        "awsRegion": REGION,
    }


def _attribute(attribute: Mapping[str, Any]) -> dict[str, Any]:
    text = {"stringValue": attribute["StringValue"]} if "StringValue" in attribute else {}
    binary = {"binaryValue": base64.b64encode(attribute["BinaryValue"]).decode()} if "BinaryValue" in attribute else {}
    return {
        **text,
        **binary,
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": attribute["DataType"],
    }
