"""Lambda events: an HTTP API's request as one type, and names for all other kinds.

The formats are those of "Working with AWS Lambda proxy integrations for HTTP APIs" of the API Gateway developer guide
and of "Invoking Lambda with events from other AWS services" of the Lambda developer guide.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Self

UNKNOWN = "unknown"


class HttpEvent(NamedTuple):
    """A request of an HTTP API, payload format 2.0.

    `headers` and `parameters` contain text values only, with header names in lower case. `route_key` is the route that
    the gateway chose, such as `POST /recommend`. `arrived_ms` is the gateway's time of arrival, None if absent.
    """

    method: str
    path: str
    route_key: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    body: str
    is_base64: bool
    arrived_ms: float | None
    claims: Mapping[str, Any]

    @classmethod
    def read(cls, event: object) -> Self | None:
        """The request in an event, None for an event of another kind."""
        fields = _mapping(event)
        context = _mapping(fields.get("requestContext"))
        method, path, body = _mapping(context.get("http")).get("method"), fields.get("rawPath"), fields.get("body")
        if fields.get("version", "2.0") != "2.0" or not isinstance(method, str) or not isinstance(path, str):
            return None
        if body is not None and not isinstance(body, str):
            return None
        return cls(
            method=method,
            path=path,
            route_key=str(fields.get("routeKey")),
            parameters=_texts(fields.get("pathParameters")),
            headers={name.lower(): value for name, value in _texts(fields.get("headers")).items()},
            body=body or "",
            is_base64=fields.get("isBase64Encoded") is True,
            arrived_ms=_milliseconds(context.get("timeEpoch")),
            claims=_mapping(_mapping(_mapping(context.get("authorizer")).get("jwt")).get("claims")),
        )


def kind_of(event: object) -> str:
    """A name for the kind of an event, of a closed set; `unknown` if none fits."""
    if isinstance(event, list) and event:
        return _kind_of_list(event[0])
    if _is_of_a_warmer(event):
        return "warmer"
    if not isinstance(event, Mapping):
        return _JSON_TYPES.get(type(event), UNKNOWN)
    return next((kind for kind, is_it in _KINDS.items() if is_it(event)), None) or _kind_of_records(event)


_LONGEST_MS = 10**14
_WARMER = re.compile(r"#?(is|keep|lambda|serverless-plugin)?[-_]?warm(er|up|ing)?\b", re.IGNORECASE)
_JSON_TYPES: Mapping[type, str] = {str: "text", int: "number", float: "number", bool: "boolean", list: "list"} | {
    type(None): "null"
}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _texts(value: object) -> dict[str, str]:
    pairs = _mapping(value).items()
    return {name: text for name, text in pairs if isinstance(name, str) and isinstance(text, str)}


def _milliseconds(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value < _LONGEST_MS else None  # type: ignore[operator,arg-type]  # a number


def _is_of_a_warmer(value: object) -> bool:
    """Whether a key or source names a library that keeps functions warm (`warmer`, `keep_warm`, `#warmup`)."""
    return isinstance(value, str) and _WARMER.match(value) is not None


def _has(*keys: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda event: all(key in event for key in keys)


def _has_in_context(key: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda event: key in _mapping(event.get("requestContext"))


_KINDS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "empty": lambda event: not event,
    "lambda_destination": _has("requestContext", "requestPayload"),
    "http_api_2.0": _has_in_context("http"),
    "alb": _has_in_context("elb"),
    "websocket": _has_in_context("connectionId"),
    "vpc_lattice": lambda event: "raw_path" in event or _has_in_context("serviceNetworkArn")(event),
    "http_api_1.0": lambda event: "httpMethod" in event and event.get("version") == "1.0",
    "rest_api": _has("httpMethod"),
    "scheduled": lambda event: event.get("detail-type") == "Scheduled Event" or event.get("source") == "aws.scheduler",
    "eventbridge": _has("source", "detail-type"),
    "cloudevent": _has("specversion", "type", "source"),
    "sns_notification": _has("TopicArn", "Message"),
    "s3_test": lambda event: event.get("Event") == "s3:TestEvent",
    "authorizer": lambda event: "methodArn" in event or "routeArn" in event,
    "cognito": _has("triggerSource"),
    "cloudformation": _has("RequestType", "ResponseURL"),
    "cloudwatch_logs": _has("awslogs"),
    "firehose": _has("deliveryStreamArn", "records"),
    "appsync": _has("arguments", "info"),
    "request_body": _has("user_id"),
    "warmer": lambda event: any(map(_is_of_a_warmer, (*event, event.get("source"), event.get("body")))),
    "console_test": _has("key1", "key2", "key3"),
}
"""Each kind with its test, tried in this order. `http_api_2.0` is one with values of other types than documented."""

_SOURCES = {
    "aws:sqs": "sqs",
    "aws:sns": "sns",
    "aws:s3": "s3",
    "aws:kinesis": "kinesis",
    "aws:dynamodb": "dynamodb",
    "aws:ses": "ses",
    "aws:kafka": "kafka",
    "SelfManagedKafka": "kafka",
    "aws:mq": "mq",
    "aws:rmq": "mq",
    "aws:docdb": "documentdb",
}


_POINTERS = ("software.amazon.payloadoffloading.PayloadS3Pointer", "com.amazon.sqs.javamessaging.MessageS3Pointer")
"""First entries of a message of the SQS extended client, whose content is in S3."""


def _kind_of_records(event: Mapping[str, Any]) -> str:
    """The kind of an event with `Records`; EventBridge Pipes sends a single record as the event itself."""
    if "Records" not in event:
        return _source(event)
    records = event["Records"]
    if not isinstance(records, list):
        return UNKNOWN
    return _source(records[0]) if records else "no_records"


def _kind_of_list(first: object) -> str:
    """The kind of an event that is a list, by its first entry; EventBridge Pipes sends records as a list."""
    if first in _POINTERS:
        return "s3_pointer"
    return "list" if _source(first) == UNKNOWN else "pipes"


def _source(record: object) -> str:
    fields = _mapping(record)
    source = fields.get("eventSource", fields.get("EventSource"))
    return _SOURCES.get(source, UNKNOWN) if isinstance(source, str) else UNKNOWN
