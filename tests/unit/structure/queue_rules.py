"""Rules for a deployment's queues over the template's document. Each yields one sentence per breach."""

from collections.abc import Iterator
from typing import Any

from tests.unit.structure.template_rules import Document, functions, listed, of_type, statements


def subscriptions(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Function, queue and properties of every SQS event."""
    for name, function in functions(document).items():
        for event in function.get("Events", {}).values():
            if event["Type"] == "SQS":
                yield name, event["Properties"]["Queue"]["Fn::GetAtt"][0], event["Properties"]


def dead_letter_queue(queue: dict[str, Any]) -> str | None:
    """The logical id of the queue for messages that cannot be processed."""
    target: str | None = queue.get("RedrivePolicy", {}).get("deadLetterTargetArn", {}).get("Fn::GetAtt", [None])[0]
    return target


def queue_alarms(document: Document) -> set[tuple[str, str, int]]:
    """Metric, queue and threshold of the alarms that go off in the first minute above it."""
    at_once = {"Namespace": "AWS/SQS", "Statistic": "Maximum", "Period": 60, "EvaluationPeriods": 1}
    at_once["ComparisonOperator"] = "GreaterThanThreshold"
    return {
        (alarm["MetricName"], dimension["Value"]["Fn::GetAtt"][0], alarm["Threshold"])
        for alarm in of_type(document, "AWS::CloudWatch::Alarm").values()
        for dimension in alarm.get("Dimensions", [])
        if at_once.items() <= alarm.items() and dimension["Name"] == "QueueName"
    }


def visibility_outlasts_six_tries(document: Document) -> Iterator[str]:
    queues = of_type(document, "AWS::SQS::Queue")
    for function, queue, event in subscriptions(document):
        needed = 6 * functions(document)[function]["Timeout"] + event.get("MaximumBatchingWindowInSeconds", 0)
        if queues[queue].get("VisibilityTimeout", 30) < needed:
            yield f"{queue} hides a message for less than the {needed} s of {function}"


def a_message_has_five_deliveries(document: Document) -> Iterator[str]:
    for _, queue, _ in subscriptions(document):
        redrive = of_type(document, "AWS::SQS::Queue")[queue].get("RedrivePolicy", {})
        if redrive.get("maxReceiveCount", 0) < 5 or "deadLetterTargetArn" not in redrive:
            yield f"{queue} gives up too early, or without a dead-letter queue"


LONGEST_S = 14 * 24 * 3600
"""SQS' longest time to keep a message."""


def dead_letters_outlive_their_queue(document: Document) -> Iterator[str]:
    queues = of_type(document, "AWS::SQS::Queue")
    for name, queue in queues.items():
        target = dead_letter_queue(queue)
        if target and queues[target]["MessageRetentionPeriod"] < min(LONGEST_S, queue["MessageRetentionPeriod"] + 1):
            yield f"{target} forgets a message of {name} before anybody has looked"


def dead_letters_wait_for_two_weeks(document: Document) -> Iterator[str]:
    queues = of_type(document, "AWS::SQS::Queue")
    for _, name, _ in subscriptions(document):
        target = dead_letter_queue(queues[name])
        if target and queues[target].get("MessageRetentionPeriod") != LONGEST_S:
            yield f"{target} keeps a message for less than SQS' longest time"


def dead_letter_queues_serve_one_queue(document: Document) -> Iterator[str]:
    queues = of_type(document, "AWS::SQS::Queue")
    for _, name, _ in subscriptions(document):
        target = dead_letter_queue(queues[name])
        allowed = queues[target].get("RedriveAllowPolicy", {}) if target else {}
        arns = [str(arn) for arn in allowed.get("sourceQueueArns", [])]
        if allowed.get("redrivePermission") != "byQueue" or len(arns) != 1 or f"-{name}'" not in arns[0]:
            yield f"{target} takes dead letters of others than {name}"


def dead_letters_raise_an_alarm(document: Document) -> Iterator[str]:
    for _, name, _ in subscriptions(document):
        target = dead_letter_queue(of_type(document, "AWS::SQS::Queue")[name])
        if ("ApproximateNumberOfMessagesVisible", target, 0) not in queue_alarms(document):
            yield f"Nobody is told of a message in {target}"


def old_messages_raise_an_alarm(document: Document) -> Iterator[str]:
    for _, name, _ in subscriptions(document):
        if ("ApproximateAgeOfOldestMessage", name, 900) not in queue_alarms(document):
            yield f"Nobody is told that {name} falls behind"


def failures_are_reported_one_by_one(document: Document) -> Iterator[str]:
    for function, queue, event in subscriptions(document):
        if "ReportBatchItemFailures" not in event.get("FunctionResponseTypes", []):
            yield f"One failure of {function} returns its whole batch to {queue}"


def pollers_are_limited(document: Document) -> Iterator[str]:
    for function, queue, event in subscriptions(document):
        if "MaximumConcurrency" not in event.get("ScalingConfig", {}):
            yield f"{queue} may drive {function} without a limit"


def no_queue_feeds_itself(document: Document) -> Iterator[str]:
    for function, queue, _ in subscriptions(document):
        role = functions(document)[function]["Role"]["Fn::GetAtt"][0]
        for owner, statement in statements(document):
            sends = any(action in ("sqs:SendMessage", "sqs:*", "*") for action in listed(statement["Action"]))
            if owner == role and sends and queue in str(statement["Resource"]):
                yield f"{function} may send to {queue}, which feeds it"


def queues_are_encrypted(document: Document) -> Iterator[str]:
    for name, queue in of_type(document, "AWS::SQS::Queue").items():
        if queue.get("SqsManagedSseEnabled") != {"Fn::If": ["HasKmsKey", {"Ref": "AWS::NoValue"}, True]}:
            yield f"{name} is not encrypted"


def queues_survive(document: Document) -> Iterator[str]:
    for name in of_type(document, "AWS::SQS::Queue"):
        resource = document["Resources"][name]
        if (resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")) != (
            "RetainExceptOnCreate",
            "Retain",
        ):
            yield f"{name} goes with its stack, or stays when its stack was never there"


def queues_take_encrypted_transport_only(document: Document) -> Iterator[str]:
    guarded = {
        queue["Ref"]
        for policy in of_type(document, "AWS::SQS::QueuePolicy").values()
        if '"aws:SecureTransport": "false"' in str(policy).replace("'", '"')
        for queue in policy["Queues"]
    }
    yield from (f"{name} takes plain HTTP" for name in of_type(document, "AWS::SQS::Queue") if name not in guarded)


RULES = (
    visibility_outlasts_six_tries,
    a_message_has_five_deliveries,
    dead_letters_outlive_their_queue,
    dead_letters_wait_for_two_weeks,
    dead_letter_queues_serve_one_queue,
    dead_letters_raise_an_alarm,
    old_messages_raise_an_alarm,
    failures_are_reported_one_by_one,
    pollers_are_limited,
    no_queue_feeds_itself,
    queues_are_encrypted,
    queues_survive,
    queues_take_encrypted_transport_only,
)
