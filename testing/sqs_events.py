"""SQS events as Lambda's poller writes them, for tests that call workers in process."""

import json
from typing import Any

SENT_MS = 1773307800000
"""2026-03-12T09:30:00Z."""


def sqs_record(
    body: object,
    message_id: str = "message-1",
    *,
    receive_count: int = 1,
    sent_ms: int = SENT_MS,
    traceparent: str | None = None,
) -> dict[str, Any]:
    """One record; text is used unchanged, any other value is written as JSON."""
    attributes = {"traceparent": {"stringValue": traceparent, "dataType": "String"}} if traceparent else {}
    return {
        "messageId": message_id,
        "receiptHandle": f"handle-of-{message_id}",
        "body": body if isinstance(body, str) else json.dumps(body),
        "attributes": {
            "ApproximateReceiveCount": str(receive_count),
            "SentTimestamp": str(sent_ms),
            "SenderId": "AIDAEXAMPLE",
            "ApproximateFirstReceiveTimestamp": str(sent_ms),
        },
        "messageAttributes": attributes,
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:queue",
        "awsRegion": "us-east-1",
    }


def sqs_event(*records: dict[str, Any]) -> dict[str, Any]:
    """One batch."""
    return {"Records": list(records)}
