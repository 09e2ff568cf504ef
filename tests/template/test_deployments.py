"""Rules for every combination of the main parameters, and the breaches that each rule finds."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.template import access_rules as access
from tests.template import safety_rules as safety
from tests.template.deployments import CHOICES, Deployment, all_deployments, deployments

Rule = Callable[[Deployment], Iterator[str]]
RULES: tuple[Rule, ...] = (*access.RULES, *safety.RULES)
OPEN = {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "AgentOutputsTable.Arn"}
GOES = "goes"
ATTRIBUTES = ("DeletionPolicy", "UpdateReplacePolicy")
"""Attributes beside a resource's properties."""

MUTANTS: list[tuple[Rule, str, Any]] = [
    (access.routes_need_the_authorizer, "HttpApi Body paths /recommend post security", []),
    (access.routes_need_the_authorizer, "HttpApi Body paths /$default x-amazon-apigateway-any-method security", GOES),
    (access.routes_are_those_that_run_here, "HttpApi Body paths /$default", GOES),
    (access.the_authorizer_is_the_one_asked_for, "HttpApi Body components securitySchemes", {}),
    (access.users_tokens_are_held_to_their_user, "InferFunction Environment Variables JWT_USER_CLAIM", ""),
    (access.the_access_log_names_the_claim, "HttpApiApiGatewayDefaultStage AccessLogSettings Format", "sub"),
    (access.browsers_may_call_only_where_asked, "HttpApi Body x-amazon-apigateway-cors allowOrigins", ["*"]),
    (access.browsers_may_call_only_where_asked, "HttpApi Body x-amazon-apigateway-cors allowCredentials", True),
    (access.the_stage_is_throttled_and_logged, "HttpApiApiGatewayDefaultStage DefaultRouteSettings", GOES),
    (access.the_stage_is_throttled_and_logged, "HttpApiApiGatewayDefaultStage AccessLogSettings", GOES),
    (access.functions_are_called_by_the_api_alone, "HealthFunctionHealthPermission Principal", "*"),
    (access.roles_may_do_just_this, "HealthRole Policies", [{"PolicyDocument": {"Statement": [OPEN]}}]),
    (access.roles_may_do_just_this, "HealthRole ManagedPolicyArns", ["arn:aws:iam::aws:policy/AWSLambda_FullAccess"]),
    (access.roles_may_do_just_this, "GenerateRole Policies", []),
    (access.asterisks_are_where_nothing_else_works, "HealthRole Policies", [{"PolicyDocument": {"Statement": [OPEN]}}]),
    (access.roles_are_for_one_service, "HealthFunction Role", "InferRole.Arn"),
    (access.roles_are_for_one_service, "HealthRole AssumeRolePolicyDocument Statement 0 Principal", {"AWS": "*"}),
    (access.keys_are_used_through_services, "DecryptPolicy PolicyDocument Statement 0 Condition", GOES),
    (access.alarms_tell_the_topic_where_there_is_one, "ThrottleAlarm AlarmActions", GOES),
    (access.alarms_tell_the_topic_where_there_is_one, "ThrottleAlarm OKActions", GOES),
    (access.roles_are_bounded_where_asked, "DeploymentRole PermissionsBoundary", GOES),
    (access.functions_are_in_the_vpc_where_asked, "InferFunction VpcConfig", GOES),
    (access.functions_are_in_the_vpc_where_asked, "VpcPolicy PolicyDocument Statement 1 Effect", "Allow"),
    (access.the_domain_is_the_one_asked_for, "ApiDomain DomainNameConfigurations 0 SecurityPolicy", GOES),
    (access.the_domain_is_the_one_asked_for, "ApiDomainMapping Stage", GOES),
    (access.roles_may_do_just_this, "RecommendRole Policies 1 PolicyDocument Statement 1 Resource", "other"),
    (safety.what_is_kept_outlives_the_stack, "ComputeQueue DeletionPolicy", "Retain"),
    (safety.what_is_kept_outlives_the_stack, "AgentOutputsTable DeletionProtectionEnabled", GOES),
    (safety.the_access_log_is_among_vended_logs, "AccessLogGroup LogGroupName", GOES),
    (safety.alarms_link_to_the_runbook, "ThrottleAlarm AlarmDescription", "See docs/operations.md#throttlealarm."),
    (safety.variables_hold_no_secret, "GenerateFunction Environment Variables LITELLM_API_KEY", "sk-oo-dev-1234"),
    (safety.variables_hold_no_secret, "InferFunction Environment Variables TOKEN", "q8Zr2LwX0vTn5KdYb3HsJ7mC"),
    (safety.what_is_kept_is_encrypted, "ComputeQueue KmsMasterKeyId", GOES),
    (safety.what_is_kept_is_encrypted, "CircuitTable SSESpecification", GOES),
    (safety.what_is_kept_is_encrypted, "AccessLogGroup KmsKeyId", GOES),
    (safety.queues_refuse_plain_http, "QueueTransportPolicy Queues", ["ComputeQueue"]),
    (safety.what_is_kept_outlives_the_stack, "ComputeDeadLetterQueue DeletionPolicy", "Delete"),
    (safety.what_is_kept_outlives_the_stack, "AgentOutputsTable PointInTimeRecoverySpecification", GOES),
    (safety.what_has_expired_goes, "ServiceLogGroup RetentionInDays", GOES),
    (safety.what_has_expired_goes, "AgentOutputsTable TimeToLiveSpecification", GOES),
    (safety.what_has_expired_goes, "ComputeDeadLetterQueue MessageRetentionPeriod", 1209599),
    (safety.functions_say_what_they_take, "InferFunction Timeout", GOES),
    (safety.functions_say_what_they_take, "InferFunction LoggingConfig", GOES),
    (safety.functions_say_what_they_take, "InferFunction Architectures", ["x86_64"]),
    (safety.failed_messages_come_again_and_are_kept, "ComputeQueue VisibilityTimeout", 360),
    (safety.failed_messages_come_again_and_are_kept, "ComputeQueue RedrivePolicy", {}),
    (safety.failed_messages_come_again_and_are_kept, "ComputeQueue RedrivePolicy maxReceiveCount", 4),
    (safety.failed_messages_come_again_and_are_kept, "FeedbackQueue RedrivePolicy maxReceiveCount", 5),
    (safety.failed_messages_come_again_and_are_kept, "FeedbackDeadLetterQueue MessageRetentionPeriod", 345600),
    (safety.failed_messages_come_again_and_are_kept, "ComputeWorkerFunctionJobs FunctionResponseTypes", []),
    (safety.failed_messages_come_again_and_are_kept, "PrecomputeFunctionSnapshots ScalingConfig", {}),
    (safety.alarms_are_there, "ThrottleAlarm", GOES),
    (safety.alarms_are_there, "ThrottleAlarm TreatMissingData", "breaching"),
    (safety.alarms_take_what_cloudwatch_takes, "OutageAlarm EvaluationPeriods", 169),
    (safety.alarms_take_what_cloudwatch_takes, "ServerErrorAlarm Metrics 1 MetricStat Period", 300),
    (safety.calls_fit_into_an_account, "HttpApiApiGatewayDefaultStage DefaultRouteSettings ThrottlingRateLimit", "50"),
    (safety.calls_fit_into_an_account, "ComputeWorkerFunctionJobs ScalingConfig MaximumConcurrency", "141"),
    (safety.nothing_is_reserved_unasked, "RecommendFunction ReservedConcurrentExecutions", 10),
    (safety.alarms_of_the_access_log_watch_what_is_counted_there, "ServerErrorCount", GOES),
    (safety.the_circuits_table_is_there_where_asked_for, "CircuitTable", GOES),
    (
        safety.the_circuits_table_is_there_where_asked_for,
        "RecommendFunction Environment Variables LLM_CIRCUIT_TABLE",
        "",
    ),
    (safety.callers_reach_the_alias, "ComputeWorkerFunctionJobs FunctionName", "ComputeWorkerFunction"),
    (safety.gradual_deployments_are_watched, "InferFunctionDeploymentGroup", GOES),
    (safety.gradual_deployments_are_watched, "InferFunctionDeploymentGroup AlarmConfiguration Alarms", []),
]
"""A rule, a place below a resource's properties, and what stands there in a deployment with everything on."""


@pytest.mark.parametrize("deployment", all_deployments(), ids=str)
def test_a_deployment_keeps_every_rule(deployment: Deployment) -> None:
    """Access, secrets, permissions, encryption, retention, alarms and rollback, for all choices of parameters."""
    assert [f"{rule.__name__}: {breach}" for rule in RULES for breach in rule(deployment)] == []


@pytest.fixture(scope="module")
def everything() -> Deployment:
    """All choices at once."""
    [deployment] = deployments([frozenset(CHOICES)])
    return deployment


@pytest.mark.parametrize(("rule", "place", "value"), MUTANTS, ids=lambda part: getattr(part, "__name__", None))
def test_a_broken_deployment_is_caught(everything: Deployment, rule: Rule, place: str, value: Any) -> None:
    """Each rule finds the deployment that breaks it."""
    resources = copy.deepcopy(everything.resources)
    put(resources, place, value)

    assert list(rule(Deployment(everything.choices, resources, everything.template)))


def put(resources: dict[str, Any], place: str, value: Any) -> None:
    """Set a value at a place such as `ComputeQueue RedrivePolicy maxReceiveCount`, or take it away."""
    *steps, last = place.split()
    within: Any = resources
    for depth, step in enumerate(steps):
        within = within[int(step) if isinstance(within, list) else step]
        if depth == 0 and last not in ATTRIBUTES:
            within = within["Properties"]
    within[last] = value
    if value == GOES:
        del within[last]


@pytest.mark.parametrize("name", [*sorted(safety.ALARMS), "CircuitOpenAlarm"])
def test_an_alarm_that_goes_is_caught(everything: Deployment, name: str) -> None:
    resources = {each: one for each, one in everything.resources.items() if each != name}

    broken = Deployment(everything.choices, resources, everything.template)
    assert list(safety.alarms_are_there(broken)) == [f"{name} is there, or is not"]


def test_an_old_version_that_goes_is_caught(everything: Deployment) -> None:
    """The names of versions are hashes of their content."""
    resources = copy.deepcopy(everything.resources)
    version = next(iter(everything.of_type("AWS::Lambda::Version")))
    resources[version]["DeletionPolicy"] = "Delete"

    assert list(safety.old_versions_stay(Deployment(everything.choices, resources, everything.template)))


def test_a_circle_is_caught(everything: Deployment) -> None:
    """An alarm that watches deployments may not name the API, which names the aliases that are deployed."""
    template = copy.deepcopy(everything.template)
    [_, errors, _] = template["Resources"]["ServerErrorAlarm"]["Properties"]["Metrics"]
    errors["MetricStat"]["Metric"]["Dimensions"] = [{"Name": "ApiId", "Value": {"Ref": "HttpApi"}}]

    broken = Deployment(everything.choices, everything.resources, template)
    assert "ServerErrorAlarm" in "".join(safety.resources_can_be_made_one_after_another(broken))


def test_every_rule_has_a_deployment_that_breaks_it() -> None:
    """A rule that nothing breaks proves nothing."""
    by_tests_of_their_own = {safety.old_versions_stay, safety.resources_can_be_made_one_after_another}

    assert {rule for rule, _, _ in MUTANTS} | by_tests_of_their_own == set(RULES)
