import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.deployment.intrinsics import TemplateLoader
from tests.unit.structure import queue_rules
from tests.unit.structure import template_rules as rules
from tests.unit.structure.template_rules import Document

TEMPLATE = Path(__file__).parents[3] / "template.yaml"
Rule = Callable[[Document], Iterator[str]]
RULES: tuple[Rule, ...] = (*rules.RULES, *queue_rules.RULES)

DEFINITION = ("Resources", "HttpApi", "Properties", "DefinitionBody")
CORS = (*DEFINITION, "x-amazon-apigateway-cors")

MUTANTS: list[tuple[Rule, tuple[str, ...], Any]] = [
    (rules.every_route_says_who_may_call, (*DEFINITION, "paths", "/health", "get", "security"), None),
    (rules.every_route_says_who_may_call, (*DEFINITION, "paths", "/recommend", "post", "security"), []),
    (rules.every_route_says_who_may_call, (*DEFINITION, "paths", "$default"), None),
    (
        rules.every_route_says_who_may_call,
        ("Resources", "HealthFunction", "Properties", "Events", "Health", "Properties", "Path"),
        "/status",
    ),
    (rules.browsers_are_let_in_by_name, CORS, {"allowOrigins": ["https://app.example"]}),
    (
        rules.browsers_are_let_in_by_name,
        CORS,
        {"Fn::If": ["HasCorsOrigins", {"allowOrigins": ["*"]}, {"Ref": "AWS::NoValue"}]},
    ),
    (queue_rules.visibility_outlasts_six_tries, ("Resources", "ComputeQueue", "Properties", "VisibilityTimeout"), 360),
    (queue_rules.visibility_outlasts_six_tries, ("Resources", "ComputeWorkerFunction", "Properties", "Timeout"), 62),
    (
        queue_rules.a_message_has_five_deliveries,
        ("Resources", "PrecomputeQueue", "Properties", "RedrivePolicy", "maxReceiveCount"),
        4,
    ),
    (queue_rules.a_message_has_five_deliveries, ("Resources", "ComputeQueue", "Properties", "RedrivePolicy"), {}),
    (
        queue_rules.dead_letters_outlive_their_queue,
        ("Resources", "ComputeDeadLetterQueue", "Properties", "MessageRetentionPeriod"),
        345600,
    ),
    (
        queue_rules.dead_letters_wait_for_two_weeks,
        ("Resources", "PrecomputeDeadLetterQueue", "Properties", "MessageRetentionPeriod"),
        1209599,
    ),
    (
        queue_rules.dead_letter_queues_serve_one_queue,
        ("Resources", "ComputeDeadLetterQueue", "Properties", "RedriveAllowPolicy", "redrivePermission"),
        "allowAll",
    ),
    (
        queue_rules.dead_letter_queues_serve_one_queue,
        ("Resources", "ComputeQueue", "Properties", "RedrivePolicy", "deadLetterTargetArn"),
        {"Fn::GetAtt": ["PrecomputeDeadLetterQueue", "Arn"]},
    ),
    (queue_rules.dead_letters_raise_an_alarm, ("Resources", "ComputeDeadLetterAlarm", "Properties", "Threshold"), 1),
    (queue_rules.dead_letters_raise_an_alarm, ("Resources", "PrecomputeDeadLetterAlarm", "Properties", "Period"), 300),
    (
        queue_rules.dead_letters_raise_an_alarm,
        ("Resources", "PrecomputeDeadLetterAlarm", "Properties", "Dimensions"),
        [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["PrecomputeQueue", "QueueName"]}}],
    ),
    (queue_rules.old_messages_raise_an_alarm, ("Resources", "ComputeQueueAgeAlarm", "Properties", "Threshold"), 3600),
    (
        queue_rules.old_messages_raise_an_alarm,
        ("Resources", "PrecomputeQueueAgeAlarm", "Properties", "ComparisonOperator"),
        "LessThanThreshold",
    ),
    (rules.alarms_reach_somebody, ("Resources", "ComputeQueueAgeAlarm", "Properties", "AlarmActions"), []),
    (
        queue_rules.failures_are_reported_one_by_one,
        ("Resources", "PrecomputeFunction", "Properties", "Events", "Snapshots", "Properties", "FunctionResponseTypes"),
        [],
    ),
    (
        queue_rules.pollers_are_limited,
        ("Resources", "ComputeWorkerFunction", "Properties", "Events", "Jobs", "Properties", "ScalingConfig"),
        {},
    ),
    (
        queue_rules.no_queue_feeds_itself,
        ("Resources", "ComputeWorkerRole", "Properties", "Policies"),
        [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": {"Fn::GetAtt": ["ComputeQueue", "Arn"]}}],
    ),
    (rules.functions_say_what_they_take, ("Globals", "Function", "LoggingConfig"), None),
    (
        rules.every_function_has_its_own_role,
        ("Resources", "InferFunction", "Properties", "Role"),
        {"Fn::GetAtt": ["ComputeRole", "Arn"]},
    ),
    (
        rules.nothing_is_allowed_by_wildcard,
        ("Resources", "RecommendRole", "Properties", "Policies"),
        [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "arn:aws:dynamodb:::table/outputs"}],
    ),
    (
        rules.nothing_is_allowed_by_wildcard,
        ("Resources", "RecommendRole", "Properties", "Policies"),
        [{"Effect": "Allow", "Action": "dynamodb:Query", "Resource": "*"}],
    ),
    (
        rules.nothing_is_allowed_by_wildcard,
        ("Resources", "ReadPseudonymKeyPolicy", "Properties", "PolicyDocument", "Statement"),
        [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:eu-central-1:*:key/*"}],
    ),
    (
        rules.no_policy_of_aws_is_attached,
        ("Resources", "HealthRole", "Properties", "ManagedPolicyArns"),
        ["arn:aws:iam::aws:policy/AWSLambda_FullAccess"],
    ),
    (
        rules.no_policy_of_aws_is_attached,
        ("Resources", "HealthFunction", "Properties", "Policies"),
        ["DynamoDBCrudPolicy"],
    ),
    (
        rules.no_variable_holds_a_secret,
        ("Resources", "GenerateFunction", "Properties", "Environment", "Variables", "LITELLM_API_KEY"),
        "sk-oo-dev-1234",
    ),
    (
        rules.no_variable_holds_a_secret,
        ("Resources", "GenerateFunction", "Properties", "Environment", "Variables", "LITELLM_API_KEY"),
        "q8Zr2LwX0vTn5KdYb3HsJ7mC",
    ),
    (rules.no_variable_holds_a_secret, ("Parameters", "LiteLLMUrl", "Default"), "https://sk-abcdef123@proxy"),
    (queue_rules.queues_are_encrypted, ("Resources", "ComputeQueue", "Properties", "SqsManagedSseEnabled"), False),
    (rules.what_is_kept_takes_the_key, ("Resources", "ComputeQueue", "Properties", "KmsMasterKeyId"), None),
    (rules.what_is_kept_takes_the_key, ("Resources", "CircuitTable", "Properties", "SSESpecification"), None),
    (rules.what_is_kept_takes_the_key, ("Resources", "AccessLogGroup", "Properties", "KmsKeyId"), None),
    (queue_rules.queues_survive, ("Resources", "ComputeDeadLetterQueue", "DeletionPolicy"), "Delete"),
    (rules.alarms_reach_somebody, ("Resources", "ThrottleAlarm", "Properties", "OKActions"), None),
    (rules.new_code_becomes_a_version, ("Globals", "Function", "AutoPublishAlias"), None),
    (
        rules.new_code_becomes_a_version,
        ("Resources", "InferFunction", "Properties", "AutoPublishAliasAllProperties"),
        None,
    ),
    (rules.new_code_becomes_a_version, ("Resources", "AgentsLayer", "Properties", "PublishLambdaVersion"), None),
    (rules.new_code_becomes_a_version, ("Resources", "InferFunction", "Properties", "AutoPublishCodeSha256"), None),
    (rules.a_new_version_is_watched, ("Globals", "Function", "DeploymentPreference", "Alarms"), []),
    (
        rules.alarms_say_what_to_do,
        ("Resources", "ThrottleAlarm", "Properties", "AlarmDescription"),
        {"Fn::Sub": ["Throttled.", {}]},
    ),
    (
        rules.alarms_say_what_to_do,
        ("Resources", "ThrottleAlarm", "Properties", "AlarmDescription"),
        {"Fn::Sub": ["Throttled. See docs/operations.md#throttlealarm.", {}]},
    ),
    (
        rules.alarms_say_what_to_do,
        ("Resources", "ThrottleAlarm", "Properties", "AlarmDescription"),
        {"Fn::Sub": ["Throttled. Raise it. See docs/operations.md#slowansweralarm.", {}]},
    ),
    (
        queue_rules.queues_take_encrypted_transport_only,
        ("Resources", "QueueTransportPolicy", "Properties", "Queues"),
        [],
    ),
    (rules.tables_survive, ("Resources", "AgentOutputsTable", "DeletionPolicy"), "Delete"),
    (
        rules.tables_survive,
        ("Resources", "AgentOutputsTable", "Properties", "PointInTimeRecoverySpecification"),
        {},
    ),
    (
        rules.outputs_end_by_themselves,
        ("Resources", "AgentOutputsTable", "Properties", "TimeToLiveSpecification", "AttributeName"),
        "expires_at",
    ),
    (rules.logs_end_by_themselves, ("Resources", "ServiceLogGroup", "Properties"), {}),
    (rules.the_api_is_throttled, ("Resources", "HttpApi", "Properties"), {}),
    (
        rules.tokens_of_users_are_held_to_their_user,
        ("Resources", "InferFunction", "Properties", "Environment", "Variables", "JWT_USER_CLAIM"),
        "",
    ),
    (rules.tokens_of_users_are_held_to_their_user, ("Rules", "UserClaimHasIssuer"), None),
    (
        rules.the_access_log_names_the_caller,
        ("Resources", "HttpApi", "Properties", "AccessLogSettings", "Format"),
        '{"request_id":"$context.requestId","source_ip":"$context.identity.sourceIp"}',
    ),
]


@pytest.fixture(scope="module")
def document() -> Document:
    loaded: Document = yaml.load(TEMPLATE.read_text(encoding="utf-8"), TemplateLoader)  # noqa: S506  # a SafeLoader
    return loaded


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_template_keeps_every_rule(document: Document, rule: Rule) -> None:
    """No rule of the deployment is broken."""
    assert list(rule(document)) == []


@pytest.mark.parametrize(("rule", "path", "value"), MUTANTS, ids=lambda part: getattr(part, "__name__", None))
def test_a_broken_template_is_caught(document: Document, rule: Rule, path: tuple[str, ...], value: Any) -> None:
    """Each rule finds the template that breaks it."""
    broken = copy.deepcopy(document)
    place = broken
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    if value is None:
        del place[path[-1]]

    assert list(rule(broken))


def test_every_rule_has_a_template_that_breaks_it() -> None:
    """A rule that nothing breaks proves nothing."""
    assert {rule for rule, _, _ in MUTANTS} == set(RULES)
