"""Messages and events that a service of AWS has wrapped."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from oo.errors import InvalidMessage
from oo.precompute.messages import read_job, read_snapshot
from testing.sqs_events import SENT_MS, sqs_event, sqs_record

NOW = datetime(2026, 3, 12, 10, tzinfo=UTC)
SNAPSHOT = {"user_id": "user-7", "tasks": []}
TEXT = json.dumps(SNAPSHOT)
EVENTBRIDGE = {
    "version": "0",
    "id": "6a7e8feb",
    "detail-type": "Snapshot taken",
    "source": "backend",
    "account": "123456789012",
    "time": "2026-03-12T09:30:00Z",
    "region": "us-east-1",
    "resources": [],
    "detail": SNAPSHOT,
}
S3_RECORD = {"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {"object": {"key": "secret"}}}
# What the service sends in each envelope, the envelope's name, and a word of its cure.
ENVELOPES: list[tuple[Any, str, str]] = [
    ({"Type": "Notification", "MessageId": "m", "TopicArn": "arn", "Message": TEXT}, "SNS", "raw message delivery"),
    (
        {"Type": "SubscriptionConfirmation", "TopicArn": "arn", "Message": "secret", "SubscribeURL": "https://secret"},
        "SNS",
        "raw message delivery",
    ),
    ({"Records": [{"EventSource": "aws:sns", "Sns": {"Message": TEXT}}]}, "SNS", "raw message delivery"),
    (EVENTBRIDGE, "EventBridge", "$.detail"),
    ({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b", "Time": "t"}, "S3", "bucket"),
    ({"Records": [S3_RECORD]}, "S3", "bucket"),
    (sqs_record(TEXT), "EventBridge Pipes", "<$.body>"),
    (sqs_event(sqs_record(TEXT)), "EventBridge Pipes", "<$.body>"),
    ([sqs_record(TEXT)], "EventBridge Pipes", "<$.body>"),
    ({"eventSource": "aws:dynamodb", "dynamodb": {"NewImage": {}}}, "stream", "input template"),
    ({"eventSource": "aws:kinesis", "data": "eyJ9"}, "stream", "input template"),
    ({"version": "1.0", "requestContext": {}, "requestPayload": SNAPSHOT}, "Lambda destination", "requestPayload"),
    (
        {"specversion": "1.0", "type": "snapshot", "source": "/backend", "id": "1", "data": SNAPSHOT},
        "CloudEvents",
        "data",
    ),
    (
        ["software.amazon.payloadoffloading.PayloadS3Pointer", {"s3BucketName": "b", "s3Key": "secret"}],
        "extended client",
        "",
    ),
    ({"version": "2.0", "rawPath": "/x", "requestContext": {"http": {}}, "body": TEXT}, "HTTP", "body"),
    ({"resource": "/x", "httpMethod": "POST", "requestContext": {}, "body": TEXT}, "HTTP", "body"),
    ({"httpMethod": "POST", "requestContext": {"elb": {}}, "body": TEXT}, "HTTP", "body"),
    (TEXT, "text", "once"),
]


def reason(body: object) -> str:
    """The reason that a snapshot and a job are refused with."""
    reasons = []
    for read in (read_snapshot, read_job):
        with pytest.raises(InvalidMessage) as caught:
            read(SQSRecord(sqs_record(json.dumps(body))), NOW)
        reasons.append(caught.value.reason)
    assert reasons[0] == reasons[1]
    return reasons[0]


@pytest.mark.parametrize(("body", "kind", "cure"), ENVELOPES, ids=lambda value: str(value)[:40])
def test_an_envelope_is_named_with_its_cure(body: object, kind: str, cure: str) -> None:
    """The setting that takes the envelope off is known; nothing of its content is repeated."""
    said = reason(body)

    assert kind in said
    assert cure in said
    assert "secret" not in said
    assert "user-7" not in said


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        [1],
        None,
        7,
        {"Records": []},
        {"Records": [7]},
        {"Records": {"eventSource": "aws:s3"}},
        {"Records": [{"eventSource": ["aws:s3"]}]},
        {"Type": "Notification"},
        {"user_id": 7.5, "Type": "x", "TopicArn": "x", "Message": "x"},
        [["software.amazon.payloadoffloading.PayloadS3Pointer"]],
    ],
    ids=str,
)
def test_any_other_body_has_no_reason(body: object) -> None:
    """Its problems say enough."""
    assert reason(body) == ""


def test_a_message_may_have_the_keys_of_an_envelope() -> None:
    """Only a body that cannot be read is taken for one."""
    body = SNAPSHOT | EVENTBRIDGE | {"snapshot_version": SENT_MS}

    assert read_snapshot(SQSRecord(sqs_record(body)), NOW)[0].user_id == "user-7"
