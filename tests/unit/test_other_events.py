"""Events that are no HTTP request of payload format 2.0, and parts of a request that are of no documented type."""

import io
import json
from typing import Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from oo.contract.events import HttpEvent, kind_of
from testing.http_events import http_event
from testing.lambda_context import FakeContext
from tests.unit.runtime.test_http_gateway import answering, remaining

EVENTS: list[tuple[str, Any]] = [
    ("empty", {}),
    ("text", "ping"),
    ("null", None),
    ("list", []),
    ("number", 7),
    ("boolean", True),
    ("request_body", {"user_id": "u", "tasks": []}),
    ("rest_api", {"resource": "/recommend", "path": "/recommend", "httpMethod": "POST", "requestContext": {}}),
    ("http_api_1.0", {"version": "1.0", "httpMethod": "POST", "path": "/recommend", "requestContext": {"stage": "x"}}),
    ("alb", {"requestContext": {"elb": {"targetGroupArn": "arn"}}, "httpMethod": "GET", "path": "/", "body": ""}),
    ("websocket", {"requestContext": {"connectionId": "c", "eventType": "MESSAGE"}, "body": "{}"}),
    ("vpc_lattice", {"version": "2.0", "path": "/", "method": "GET", "requestContext": {"serviceNetworkArn": "arn"}}),
    ("scheduled", {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}),
    ("scheduled", {"source": "aws.scheduler", "detail-type": "x"}),
    ("eventbridge", {"source": "aws.s3", "detail-type": "Object Created", "detail": {}}),
    ("sqs", {"Records": [{"eventSource": "aws:sqs", "body": "{}", "messageId": "m"}]}),
    ("sns", {"Records": [{"EventSource": "aws:sns", "Sns": {}}]}),
    ("s3", {"Records": [{"eventSource": "aws:s3"}]}),
    ("s3_test", {"Service": "Amazon S3", "Event": "s3:TestEvent"}),
    ("console_test", {"key1": "value1", "key2": "value2", "key3": "value3"}),
    ("warmer", {"warmer": True, "concurrency": 3}),
    ("warmer", {"source": "serverless-plugin-warmup"}),
    ("warmer", {"isWarmup": True}),
    ("warmer", {"keep_warm": 1}),
    ("warmer", {"#warmup wait=200": 1}),
    ("warmer", "#warmup wait=200"),
    ("kafka", {"eventSource": "aws:kafka", "records": {}}),
    ("mq", {"eventSource": "aws:rmq", "rmqMessagesByQueue": {}}),
    ("firehose", {"deliveryStreamArn": "arn", "records": []}),
    ("appsync", {"arguments": {}, "info": {"fieldName": "tip"}}),
    ("vpc_lattice", {"raw_path": "/recommend", "method": "POST", "headers": {}}),
    ("authorizer", {"type": "TOKEN", "methodArn": "arn"}),
    ("no_records", {"Records": []}),
    ("unknown", {"Records": [{"eventSource": "a caller's text"}]}),
    ("unknown", {"some": "thing"}),
    ("http_api_2.0", http_event("POST", "/recommend") | {"rawPath": 7}),
    ("http_api_2.0", http_event("POST", "/recommend") | {"body": {"user_id": "u"}}),
    ("http_api_2.0", {"version": "2.0", "requestContext": {"http": None}, "rawPath": "/recommend"}),
]
GARBAGE: tuple[Any, ...] = (None, 7, True, "text", [], ["a"], {"a": ["b"]}, 1e400, -1, "\ud800")


def answered(event: Any) -> tuple[int, dict[str, Any], list[dict[str, Any]]]:
    """Status and body of the answer, and the lines of the log."""
    log = io.StringIO()
    answer = answering(remaining, log).handler(event, cast("LambdaContext", FakeContext()))
    return answer["statusCode"], json.loads(answer["body"]), [json.loads(line) for line in log.getvalue().splitlines()]


def test_an_event_of_another_kind_is_a_400_and_one_warning() -> None:
    """The line names the kind out of a closed set; the answer says which events are expected."""
    for kind, event in EVENTS:
        status, body, lines = answered(event)
        assert (status, body["code"], "payload format 2.0" in body["detail"]) == (400, "invalid_event", True), event
        assert [(line["level"], line["code"], line["event_kind"]) for line in lines] == [
            ("WARNING", "invalid_event", kind)
        ], event


def test_a_part_of_another_type_never_fails_the_function() -> None:
    """Each part of an event, replaced by garbage, leaves an answer below 500."""
    for part in http_event("POST", "/recommend", {"user_id": "u"}):
        for garbage in GARBAGE:
            status, _, _ = answered(http_event("POST", "/recommend", {"user_id": "u"}) | {part: garbage})
            assert status < 500, (part, garbage)


def test_a_part_of_the_context_of_another_type_never_fails_the_function() -> None:
    for part in ("http", "timeEpoch", "authorizer", "routeKey", "stage"):
        for garbage in (*GARBAGE, 10**400, float("nan"), -(10**30)):
            event = http_event("POST", "/recommend", {"user_id": "u"})
            event["requestContext"][part] = garbage
            assert answered(event)[0] < 500, (part, garbage)


@pytest.mark.parametrize(
    "headers",
    [
        {"traceparent": ["a"]},
        {"traceparent": None},
        {"content-type": ["text/plain"]},
        {"content-type": 7},
        {"content-encoding": ["gzip"]},
        {7: "x"},
        {"Content-Type": "application/json", "X-Odd": {}},
        "text",
        ["a"],
        None,
        7,
    ],
    ids=repr,
)
def test_a_header_that_is_no_text_is_passed_over(headers: Any) -> None:
    assert answered(http_event("POST", "/recommend", {"user_id": "u"}) | {"headers": headers})[0] == 200


def test_a_moment_that_is_none_is_passed_over() -> None:
    """Without the gateway's time of arrival, Lambda's own time and the setting count."""
    for moment in (None, "x", True, -1, 10**400, float("nan"), float("inf"), [7]):
        event = http_event("POST", "/recommend", {"user_id": "u"})
        event["requestContext"]["timeEpoch"] = moment
        read = HttpEvent.read(event)
        assert read is not None
        assert read.arrived_ms is None, moment


def test_a_kind_is_never_a_callers_text() -> None:
    """Names come from a closed set of short words, for any event."""
    planted = "planted-text"
    for event in ({planted: planted}, planted, {"Records": [planted]}, {"Records": [{"eventSource": [planted]}]}):
        assert planted not in kind_of(event)
