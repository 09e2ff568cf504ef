"""Names for the events of AWS that reach a worker, or a queue, which expects something else."""

from collections.abc import Mapping, Sequence

UNKNOWN = "unknown"

_SHAPES: Sequence[tuple[str, frozenset[str]]] = (
    ("sns_notification", frozenset({"TopicArn", "Message"})),
    ("eventbridge", frozenset({"source", "detail-type"})),
    ("s3_test", frozenset({"Service", "Event", "Bucket"})),
    ("lambda_destination", frozenset({"requestContext", "requestPayload"})),
    ("cloudevent", frozenset({"specversion", "type", "source"})),
    ("http_api_2.0", frozenset({"routeKey", "requestContext"})),
    ("rest_api", frozenset({"httpMethod", "resource"})),
    ("alb", frozenset({"httpMethod", "requestContext"})),
    ("console_test", frozenset({"key1", "key2", "key3"})),
    ("request_body", frozenset({"user_id"})),
)
"""The keys that each kind always has; the first match counts."""

_SOURCES = {
    "aws:sqs": "sqs",
    "aws:sns": "sns",
    "aws:s3": "s3",
    "aws:kinesis": "kinesis",
    "aws:dynamodb": "dynamodb",
}
_POINTERS = frozenset(
    {"software.amazon.payloadoffloading.PayloadS3Pointer", "com.amazon.sqs.javamessaging.MessageS3Pointer"}
)


def kind_of(event: object) -> str:
    """A name for the kind of an event, of a closed set; `unknown` where none fits."""
    match event:
        case Mapping():
            return _kind_of_object(event)
        case [str(first), *_] if first in _POINTERS:
            return "s3_pointer"
        case [Mapping() as first, *_] if _source(first) != UNKNOWN:
            return "pipes"
        case list():
            return "list"
        case str():
            return "text"
    return UNKNOWN


def _kind_of_object(event: Mapping[str, object]) -> str:
    match event.get("Records"):
        case [Mapping() as first, *_]:
            return _source(first)
        case []:
            return "no_records"
    shape = next((kind for kind, keys in _SHAPES if keys <= event.keys()), None)
    return shape or _source(event)


def _source(record: Mapping[str, object]) -> str:
    """The service that a record names; SNS alone spells the key with a capital."""
    source = record.get("eventSource", record.get("EventSource"))
    return _SOURCES.get(source, UNKNOWN) if isinstance(source, str) else UNKNOWN
