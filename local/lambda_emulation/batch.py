"""A batch of queue messages: the event for a function, and each message's outcome from the function's response.

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
    """The event that Lambda's poller makes from received messages."""
    return {"Records": [_record(message, queue) for message in messages]}


def failed_ids(answer: FunctionAnswer, sent: Sequence[str], *, partial_failures: bool) -> set[str]:
    """The message ids in `sent` that failed: they stay in the queue, the others are deleted.

    If the function failed, all failed. If it reports partial failures, an unclear response also means that all failed.
    A response without `batchItemFailures` means that none failed.
    """
    if answer.failure is not None:
        return set(sent)
    failures = _failures(answer.payload) if partial_failures else []
    if failures is None:
        return set(sent)
    named = {_identifier(failure) for failure in failures}
    return {identifier for identifier in sent if identifier in named or not named <= set(sent)}


def _failures(payload: bytes) -> list[object] | None:
    """The items that a function reports; None if its response is not understood."""
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
