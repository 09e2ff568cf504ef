"""Batches of messages, and the outcome of each by the function's response."""

import json
from typing import TYPE_CHECKING, Any

from local.deployment.template import TemplateQueue
from local.lambda_emulation.batch import build_event, failed_ids
from local.lambda_emulation.runtime import Failure, FunctionAnswer
from testing.for_each import for_each

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

SENT = ["m1", "m2"]
QUEUE = TemplateQueue("Jobs", "http://127.0.0.1:3001/123456789012/Jobs", {})


@for_each(
    "payload",
    [
        b'{"batchItemFailures": []}',
        b'{"batchItemFailures": null}',
        b"{}",
        b"null",
        b'{"failures": [{"itemIdentifier": "m1"}]}',
    ],
)
def test_these_answers_are_complete_successes(payload: bytes) -> None:
    """Every message is deleted, even by an answer whose only key is misspelt."""
    assert failed_ids(FunctionAnswer(payload), SENT, partial_failures=True) == set()


@for_each(
    "payload",
    [
        b"not json",
        b"",
        b'"text"',
        b"[]",
        b'{"batchItemFailures": {"itemIdentifier": "m1"}}',
        b'{"batchItemFailures": [{"itemIdentifier": ""}]}',
        b'{"batchItemFailures": [{"itemIdentifier": null}]}',
        b'{"batchItemFailures": [{"id": "m1"}]}',
        b'{"batchItemFailures": [{"itemIdentifier": 1}]}',
        b'{"batchItemFailures": ["m1"]}',
        b'{"batchItemFailures": [{"itemIdentifier": "m1"}, {"itemIdentifier": "nobody"}]}',
    ],
)
def test_these_answers_are_complete_failures(payload: bytes) -> None:
    """Every message stays, where the answer does not say clearly which ones failed."""
    assert failed_ids(FunctionAnswer(payload), SENT, partial_failures=True) == {"m1", "m2"}


@for_each("failure", Failure)
def test_a_function_that_failed_has_failed_every_message(failure: Failure) -> None:
    """With any answer."""
    answer = FunctionAnswer(b'{"batchItemFailures": []}', failure)

    assert failed_ids(answer, SENT, partial_failures=True) == {"m1", "m2"}


def test_only_the_reported_messages_stay() -> None:
    """A partial failure names them."""
    answer = FunctionAnswer(b'{"batchItemFailures": [{"itemIdentifier": "m2"}]}')

    assert failed_ids(answer, SENT, partial_failures=True) == {"m2"}


def test_a_report_counts_only_where_the_template_asks_for_it() -> None:
    """Without ReportBatchItemFailures any answer is a success."""
    answer = FunctionAnswer(b'{"batchItemFailures": [{"itemIdentifier": "m2"}]}')

    assert failed_ids(answer, SENT, partial_failures=False) == set()


def test_a_record_has_the_keys_of_lambda() -> None:
    """SQS' own names come in lower camel case, binary values in base64."""
    message: MessageTypeDef = {
        "MessageId": "m1",
        "ReceiptHandle": "r",
        "Body": "{}",
        "MD5OfBody": "5",
        "Attributes": {"ApproximateReceiveCount": "3", "SentTimestamp": "1"},
        "MessageAttributes": {
            "traceparent": {"StringValue": "00-x", "DataType": "String"},
            "raw": {"BinaryValue": b"\x00\x01", "DataType": "Binary"},
        },
    }

    [record] = build_event([message], QUEUE)["Records"]

    lists: dict[str, Any] = {"stringListValues": [], "binaryListValues": []}
    assert record == {
        "messageId": "m1",
        "receiptHandle": "r",
        "body": "{}",
        "attributes": {"ApproximateReceiveCount": "3", "SentTimestamp": "1"},
        "messageAttributes": {
            "traceparent": {"stringValue": "00-x", "dataType": "String", **lists},
            "raw": {"binaryValue": "AAE=", "dataType": "Binary", **lists},
        },
        "md5OfBody": "5",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:Jobs",
        "awsRegion": "us-east-1",
    }
    json.dumps(record)
