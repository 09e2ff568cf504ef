"""What a deployment has to be, as rules over the template's document. Each yields a sentence a breach."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]

_MADE_ANEW = {"CircuitTable"}
"""Tables that hold nothing of anybody, and whose content comes back by itself."""

_SECRET = re.compile(r"\b(sk|pk|key|token|ghp|xox[a-z])[-_][\w-]{6,}|\bAKIA[A-Z0-9]{12,}", re.IGNORECASE)


def of_type(document: Document, kind: str) -> dict[str, dict[str, Any]]:
    """The properties of all resources of a type, by logical id."""
    return {
        name: resource.get("Properties", {})
        for name, resource in document["Resources"].items()
        if resource["Type"] == kind
    }


def functions(document: Document) -> dict[str, dict[str, Any]]:
    """Every function's properties with the global ones beneath."""
    shared = document["Globals"]["Function"]
    return {name: {**shared, **own} for name, own in of_type(document, "AWS::Serverless::Function").items()}


def subscriptions(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Function, queue and properties of every SQS event."""
    for name, function in functions(document).items():
        for event in function.get("Events", {}).values():
            if event["Type"] == "SQS":
                yield name, event["Properties"]["Queue"]["Fn::GetAtt"][0], event["Properties"]


def dead_letter_queue(queue: dict[str, Any]) -> str | None:
    """The logical id of where a queue's messages end that nobody could handle."""
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


def statements(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement that allows a role something, with the role's or policy's name."""
    for name, role in of_type(document, "AWS::IAM::Role").items():
        yield from ((name, statement) for statement in _nested(role.get("Policies", [])))
    for name, policy in of_type(document, "AWS::IAM::ManagedPolicy").items():
        yield from ((name, statement) for statement in policy["PolicyDocument"]["Statement"])


def _nested(value: object) -> Iterator[dict[str, Any]]:
    """Statements anywhere below, inside of conditions too."""
    if isinstance(value, dict) and "Effect" in value:
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _nested(part)
    elif isinstance(value, list):
        for part in value:
            yield from _nested(part)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


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


def dead_letters_outlive_their_queue(document: Document) -> Iterator[str]:
    queues = of_type(document, "AWS::SQS::Queue")
    for name, queue in queues.items():
        target = dead_letter_queue(queue)
        if target and queues[target]["MessageRetentionPeriod"] <= queue["MessageRetentionPeriod"]:
            yield f"{target} forgets a message of {name} before anybody has looked"


def dead_letters_wait_for_two_weeks(document: Document) -> Iterator[str]:
    queues = of_type(document, "AWS::SQS::Queue")
    for _, name, _ in subscriptions(document):
        target = dead_letter_queue(queues[name])
        if target and queues[target].get("MessageRetentionPeriod") != 14 * 24 * 3600:
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


def alarms_reach_somebody(document: Document) -> Iterator[str]:
    for name, alarm in of_type(document, "AWS::CloudWatch::Alarm").items():
        if "AlarmTopicArn" not in str(alarm.get("AlarmActions")):
            yield f"{name} is not sent to the topic"


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
            sends = any(action in ("sqs:SendMessage", "sqs:*", "*") for action in _listed(statement["Action"]))
            if owner == role and sends and queue in str(statement["Resource"]):
                yield f"{function} may send to {queue}, which feeds it"


def functions_say_what_they_take(document: Document) -> Iterator[str]:
    for name, function in functions(document).items():
        missing = {"Timeout", "MemorySize", "Role", "LoggingConfig", "Handler", "CodeUri", "Runtime"} - set(function)
        if missing:
            yield f"{name} leaves {sorted(missing)} to a default"


def every_function_has_its_own_role(document: Document) -> Iterator[str]:
    roles = Counter(str(function.get("Role")) for function in functions(document).values())
    yield from (f"{role} is shared" for role, uses in roles.items() if uses > 1)


def nothing_is_allowed_by_wildcard(document: Document) -> Iterator[str]:
    for owner, statement in statements(document):
        actions = _listed(statement["Action"])
        if any("*" in action for action in actions):
            yield f"{owner} allows {actions}"
        known = all(action.startswith("xray:") or action == "cloudwatch:DescribeAlarms" for action in actions)
        if not known and any("*" in str(resource) for resource in _listed(statement["Resource"])):
            yield f"{owner} allows {actions} on everything"


def no_policy_of_aws_is_attached(document: Document) -> Iterator[str]:
    for name, role in of_type(document, "AWS::IAM::Role").items():
        if "arn:" in str(role.get("ManagedPolicyArns", [])):
            yield f"{name} has a policy that others may widen"
    yield from (f"{name} lets SAM write its policies" for name, own in functions(document).items() if "Policies" in own)


def no_variable_holds_a_secret(document: Document) -> Iterator[str]:
    for name, function in functions(document).items():
        for variable, value in function.get("Environment", {}).get("Variables", {}).items():
            if isinstance(value, str) and looks_like_a_secret(value):
                yield f"{name} has a secret in {variable}"
    for name, parameter in document["Parameters"].items():
        if _SECRET.search(str(parameter.get("Default", ""))):
            yield f"{name} has a secret for a default"


def looks_like_a_secret(text: str) -> bool:
    """Whether it is spelled like a key, or too random for a word."""
    return bool(_SECRET.search(text)) or (len(text) >= 16 and _entropy(text) > 4)


def _entropy(text: str) -> float:
    """Bits a character, by the text's own frequencies."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


def queues_are_encrypted(document: Document) -> Iterator[str]:
    for name, queue in of_type(document, "AWS::SQS::Queue").items():
        if queue.get("SqsManagedSseEnabled") != {"Fn::If": ["HasKmsKey", {"Ref": "AWS::NoValue"}, True]}:
            yield f"{name} is not encrypted"


def what_is_kept_takes_the_key(document: Document) -> Iterator[str]:
    kept = {
        "AWS::SQS::Queue": "KmsMasterKeyId",
        "AWS::DynamoDB::Table": "SSESpecification",
        "AWS::Logs::LogGroup": "KmsKeyId",
    }
    for kind, setting in kept.items():
        for name, properties in of_type(document, kind).items():
            if "KmsKeyArn" not in str(properties.get(setting)):
                yield f"{name} does without the key"


def queues_survive(document: Document) -> Iterator[str]:
    for name in of_type(document, "AWS::SQS::Queue"):
        resource = document["Resources"][name]
        if (resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")) != ("Retain", "Retain"):
            yield f"{name} goes with its stack"


def new_code_becomes_a_version(document: Document) -> Iterator[str]:
    for name, function in functions(document).items():
        if function.get("AutoPublishAlias") != "live" or function.get("AutoPublishAliasAllProperties") is not True:
            yield f"{name} is deployed without a version"
    for name, layer in of_type(document, "AWS::Serverless::LayerVersion").items():
        if layer.get("PublishLambdaVersion") is not True:
            yield f"{name} changes without a new version of what it is in"


def a_new_version_is_watched(document: Document) -> Iterator[str]:
    for name, function in functions(document).items():
        preference = function.get("DeploymentPreference", {})
        watched = {alarm["Ref"] for alarm in preference.get("Alarms", [])}
        if watched != {"FunctionErrorAlarm", "ServerErrorAlarm"} or "Role" not in preference:
            yield f"{name} goes live whatever becomes of it"


def alarms_say_what_to_do(document: Document) -> Iterator[str]:
    for name, alarm in of_type(document, "AWS::CloudWatch::Alarm").items():
        if not alarm.get("AlarmDescription", "").endswith(f"See docs/operations.md, {name}."):
            yield f"{name} leaves whom it wakes alone"


def queues_take_encrypted_transport_only(document: Document) -> Iterator[str]:
    guarded = {
        queue["Ref"]
        for policy in of_type(document, "AWS::SQS::QueuePolicy").values()
        if '"aws:SecureTransport": "false"' in str(policy).replace("'", '"')
        for queue in policy["Queues"]
    }
    yield from (f"{name} takes plain HTTP" for name in of_type(document, "AWS::SQS::Queue") if name not in guarded)


def tables_survive(document: Document) -> Iterator[str]:
    for name, table in of_type(document, "AWS::DynamoDB::Table").items():
        resource = document["Resources"][name]
        if name in _MADE_ANEW:
            continue
        if (resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")) != ("Retain", "Retain"):
            yield f"{name} goes with its stack"
        if table.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled") is not True:
            yield f"{name} cannot be restored"


def outputs_end_by_themselves(document: Document) -> Iterator[str]:
    for name, table in of_type(document, "AWS::DynamoDB::Table").items():
        if table.get("TimeToLiveSpecification") != {"AttributeName": "ttl", "Enabled": True}:
            yield f"{name} keeps what has expired"


def logs_end_by_themselves(document: Document) -> Iterator[str]:
    for name, group in of_type(document, "AWS::Logs::LogGroup").items():
        if "RetentionInDays" not in group:
            yield f"{name} keeps lines for ever"


def the_api_is_throttled(document: Document) -> Iterator[str]:
    for name, api in of_type(document, "AWS::Serverless::HttpApi").items():
        if not {"ThrottlingRateLimit", "ThrottlingBurstLimit"} <= set(api.get("DefaultRouteSettings", {})):
            yield f"{name} lets everything through"


def routes(document: Document) -> Iterator[tuple[str, str]]:
    """Path and method of every route that a function's event asks for, as an API's definition writes them."""
    for function in functions(document).values():
        for event in function.get("Events", {}).values():
            if event["Type"] == "HttpApi":
                method = event["Properties"].get("Method", "x-amazon-apigateway-any-method")
                yield event["Properties"].get("Path", "$default"), method.lower()


def every_route_says_who_may_call(document: Document) -> Iterator[str]:
    for name, api in of_type(document, "AWS::Serverless::HttpApi").items():
        paths = api.get("DefinitionBody", {}).get("paths", {})
        for path, method in routes(document):
            security = paths.get(path, {}).get(method, {}).get("security")
            if security != {"Fn::If": ["HasJwt", [{"Jwt": []}], [{"Iam": []}]]}:
                yield f"{name} lets anybody call {method} {path}"


def browsers_are_let_in_by_name(document: Document) -> Iterator[str]:
    for name, api in of_type(document, "AWS::Serverless::HttpApi").items():
        condition, asked, otherwise = api["DefinitionBody"]["x-amazon-apigateway-cors"].get("Fn::If", [None, {}, None])
        if condition != "HasCorsOrigins" or otherwise != {"Ref": "AWS::NoValue"}:
            yield f"{name} lets browsers in that nobody asked for"
        if "*" in str(asked) or asked.get("allowCredentials") or "allowOrigins" not in asked:
            yield f"{name} lets in any page, or credentials"


RULES = (
    every_route_says_who_may_call,
    browsers_are_let_in_by_name,
    visibility_outlasts_six_tries,
    a_message_has_five_deliveries,
    dead_letters_outlive_their_queue,
    dead_letters_wait_for_two_weeks,
    dead_letter_queues_serve_one_queue,
    dead_letters_raise_an_alarm,
    old_messages_raise_an_alarm,
    alarms_reach_somebody,
    failures_are_reported_one_by_one,
    pollers_are_limited,
    no_queue_feeds_itself,
    functions_say_what_they_take,
    every_function_has_its_own_role,
    nothing_is_allowed_by_wildcard,
    no_policy_of_aws_is_attached,
    no_variable_holds_a_secret,
    queues_are_encrypted,
    what_is_kept_takes_the_key,
    queues_survive,
    new_code_becomes_a_version,
    a_new_version_is_watched,
    alarms_say_what_to_do,
    queues_take_encrypted_transport_only,
    tables_survive,
    outputs_end_by_themselves,
    logs_end_by_themselves,
    the_api_is_throttled,
)
