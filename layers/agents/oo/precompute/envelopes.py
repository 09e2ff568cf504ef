"""Messages that an AWS service has wrapped: the envelope's name for the log, and the setting that removes it."""

from collections.abc import Mapping

from oo.contract.events import kind_of

_SNS = "SNS: switch raw message delivery on for the queue's subscription"
_EVENTBRIDGE = "EventBridge: give the rule's target the input path $.detail"
_S3 = "S3: take the queue out of the bucket's notifications"
_PIPE = "EventBridge Pipes: give the pipe's target the input template <$.body>"
_STREAM = "a stream: give the pipe's target an input template that makes a message"
_HTTP = "an HTTP request: send its body alone"

_CURES: Mapping[str, str] = {
    "sns": _SNS,
    "sns_notification": _SNS,
    "eventbridge": _EVENTBRIDGE,
    "scheduled": _EVENTBRIDGE,
    "s3": _S3,
    "s3_test": _S3,
    "sqs": _PIPE,
    "pipes": _PIPE,
    "dynamodb": _STREAM,
    "kinesis": _STREAM,
    "lambda_destination": "a Lambda destination: send what stands in requestPayload",
    "cloudevent": "CloudEvents: send what stands in data",
    "s3_pointer": "the SQS extended client: send the message itself, which may have 1 MiB",
    "http_api_2.0": _HTTP,
    "http_api_1.0": _HTTP,
    "rest_api": _HTTP,
    "alb": _HTTP,
    "text": "a JSON text: encode the message once, not twice",
}
"""By kind of envelope: its name, and the setting that takes it off."""


def cure(body: object) -> str:
    """The envelope's name and its remedy, for a body that is not a message; empty for an unknown envelope."""
    is_message = isinstance(body, Mapping) and "user_id" in body
    found = None if is_message else _CURES.get(kind_of(body))
    return f"The message is in an envelope of {found}." if found else ""
