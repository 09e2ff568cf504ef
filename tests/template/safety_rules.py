"""Data, secrets, alarms and rollback of a deployment, as rules. Each yields one sentence per breach."""

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from tests.template.deployments import CHOICES, Deployment
from tests.unit.structure.template_rules import looks_like_a_secret

TWO_WEEKS_S = 14 * 24 * 3600
DELIVERIES = 5
UNTIL_MLFLOW_IS_BACK = 1000
MOST_CALLS = 900
KEY = CHOICES["key"]["KmsKeyArn"]
WATCHES_DEPLOYMENTS = {"FunctionErrorAlarm", "ServerErrorAlarm"}
ALARMS = {
    *WATCHES_DEPLOYMENTS,
    *(f"{queue}{what}Alarm" for queue in ("Precompute", "Compute", "Feedback") for what in ("DeadLetter", "QueueAge")),
    "ServerErrorHourAlarm",
    "OutageAlarm",
    "ClientErrorAlarm",
    "ClientErrorHourAlarm",
    "SlowAnswerAlarm",
    "ThrottleAlarm",
    "ModelFailureAlarm",
    "ModelReplyAlarm",
    "ModelFailureHourAlarm",
    "TemplateTipAlarm",
    "StoredOutputsAlarm",
    "ModelKeyAlarm",
    "ModelCostAlarm",
    "StaleRecordsAlarm",
    "TraceDroppedAlarm",
}
_REFERENCE = re.compile(r"\$\{([A-Za-z0-9]+)[.}]")


def variables_hold_no_secret(deployment: Deployment) -> Iterator[str]:
    """An ARN or an address of the parameters is none."""
    given = {value for parameters in CHOICES.values() for value in parameters.values()}
    for name, function in deployment.of_type("AWS::Lambda::Function").items():
        for variable, value in function["Environment"]["Variables"].items():
            if value not in given and looks_like_a_secret(value):
                yield f"{name} has a secret in {variable}"


def what_is_kept_is_encrypted(deployment: Deployment) -> Iterator[str]:
    """With the account's key where one is given; without one, queues say that SQS' own is used."""
    key = KEY if "key" in deployment.choices else None
    settings = {"AWS::SQS::Queue": "KmsMasterKeyId", "AWS::Logs::LogGroup": "KmsKeyId"}
    for kind, setting in settings.items():
        for name, one in deployment.of_type(kind).items():
            if one.get(setting) != key:
                yield f"{name} is encrypted with {one.get(setting)}"
    for name, queue in deployment.of_type("AWS::SQS::Queue").items():
        if queue.get("SqsManagedSseEnabled") is not (None if key else True):
            yield f"{name} is not encrypted"
    for name, table in deployment.of_type("AWS::DynamoDB::Table").items():
        wanted = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": key} if key else None
        if table.get("SSESpecification") != wanted:
            yield f"{name} is encrypted by {table.get('SSESpecification')}"


def queues_refuse_plain_http(deployment: Deployment) -> Iterator[str]:
    policies = deployment.of_type("AWS::SQS::QueuePolicy").values()
    guarded = {queue for policy in policies if "aws:SecureTransport" in str(policy) for queue in policy["Queues"]}
    yield from (f"{name} takes plain HTTP" for name in deployment.of_type("AWS::SQS::Queue") if name not in guarded)


def what_is_kept_outlives_the_stack(deployment: Deployment) -> Iterator[str]:
    """Queues and the table of outputs; the table can be taken back to any second of 35 days."""
    for name in {*deployment.of_type("AWS::SQS::Queue"), "AgentOutputsTable"}:
        policies = [deployment.resources[name].get(when) for when in ("DeletionPolicy", "UpdateReplacePolicy")]
        # A queue has a name, so one that a failed creation left would be in the way of the next attempt.
        if policies != ["Retain" if name == "AgentOutputsTable" else "RetainExceptOnCreate", "Retain"]:
            yield f"{name} goes with its stack, or stays when its stack was never there"
    table = deployment.of_type("AWS::DynamoDB::Table")["AgentOutputsTable"]
    if table.get("PointInTimeRecoverySpecification") != {"PointInTimeRecoveryEnabled": True}:
        yield "AgentOutputsTable cannot be restored"
    if table.get("DeletionProtectionEnabled") is not (True if "key" in deployment.choices else None):
        yield "AgentOutputsTable is protected against its deletion, or is not"


def what_has_expired_goes(deployment: Deployment) -> Iterator[str]:
    """Log lines after a month, rows by their time to live, dead letters after two weeks and not before."""
    for name, group in deployment.of_type("AWS::Logs::LogGroup").items():
        if group.get("RetentionInDays") != "30":
            yield f"{name} keeps lines for {group.get('RetentionInDays')} days"
    for name, table in deployment.of_type("AWS::DynamoDB::Table").items():
        if table.get("TimeToLiveSpecification") != {"AttributeName": "ttl", "Enabled": True}:
            yield f"{name} keeps what has expired"
    for name, queue in deployment.of_type("AWS::SQS::Queue").items():
        if "DeadLetter" in name and queue.get("MessageRetentionPeriod") != TWO_WEEKS_S:
            yield f"{name} keeps messages for {queue.get('MessageRetentionPeriod')} s"


def functions_say_what_they_take(deployment: Deployment) -> Iterator[str]:
    """And they log to the group whose lines end, and fit the layer's processor."""
    processor = ["arm64" if "arm" in deployment.choices else "x86_64"]
    for name, function in deployment.of_type("AWS::Lambda::Function").items():
        missing = {"Timeout", "MemorySize", "Role"} - set(function)
        if missing:
            yield f"{name} leaves {sorted(missing)} to a default"
        if function.get("LoggingConfig") != {"LogGroup": "ServiceLogGroup"}:
            yield f"{name} logs to {function.get('LoggingConfig')}"
        if function.get("Architectures") != processor:
            yield f"{name} is built for {function.get('Architectures')}"
    for name, layer in deployment.of_type("AWS::Lambda::LayerVersion").items():
        if layer.get("CompatibleArchitectures") != processor:
            yield f"{name} is built for {layer.get('CompatibleArchitectures')}"


def failed_messages_come_again_and_are_kept(deployment: Deployment) -> Iterator[str]:
    """Each one is delivered five times, hidden for six timeouts of its function, then moved to a dead-letter queue.

    Feedback is delivered again for as long as SQS keeps it: its worker itself moves faulty messages.
    """
    queues, functions = deployment.of_type("AWS::SQS::Queue"), deployment.of_type("AWS::Lambda::Function")
    for name, source in deployment.of_type("AWS::Lambda::EventSourceMapping").items():
        queue = queues[source["EventSourceArn"].removesuffix(".Arn")]
        timeout = functions[source["FunctionName"].removesuffix("Aliaslive")]["Timeout"]
        if queue.get("VisibilityTimeout", 30) < 6 * timeout + source.get("MaximumBatchingWindowInSeconds", 0):
            yield f"{name} hides a message too short"
        redrive = queue.get("RedrivePolicy", {})
        letters = queues.get(redrive.get("deadLetterTargetArn", "").removesuffix(".Arn"), {})
        deliveries = UNTIL_MLFLOW_IS_BACK if name.startswith("Feedback") else DELIVERIES
        if redrive.get("maxReceiveCount") != deliveries or not letters:
            yield f"{name} gives a message up without a trace, or too early"
        if letters.get("MessageRetentionPeriod", 0) < min(TWO_WEEKS_S, queue["MessageRetentionPeriod"] + 1):
            yield f"{name} has dead letters that are forgotten at once"
        if source.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
            yield f"{name} fails whole batches"
        if "MaximumConcurrency" not in source.get("ScalingConfig", {}):
            yield f"{name} has no limit"


def the_access_log_is_among_vended_logs(deployment: Deployment) -> Iterator[str]:
    """API Gateway writes the policy of any other group into one document of the account, which has a limit of size."""
    name = deployment.of_type("AWS::Logs::LogGroup")["AccessLogGroup"].get("LogGroupName", "")
    if not name.startswith("/aws/vendedlogs/") or "AWS::StackName" not in name:
        yield f"AccessLogGroup is called {name}"


def alarms_link_to_the_runbook(deployment: Deployment) -> Iterator[str]:
    """The operator's copy where one is given, each alarm to its own section."""
    page = CHOICES["topic"]["RunbookUrl"] if "topic" in deployment.choices else "docs/operations.md"
    for name, alarm in deployment.of_type("AWS::CloudWatch::Alarm").items():
        if not alarm["AlarmDescription"].endswith(f" See {page}#{name.lower()}."):
            yield f"{name} says {alarm['AlarmDescription']}"


def alarms_are_there(deployment: Deployment) -> Iterator[str]:
    """The circuit has an alarm if there is one; missing data triggers none."""
    wanted = ALARMS | ({"CircuitOpenAlarm"} if "breaker" in deployment.choices else set())
    alarms = deployment.of_type("AWS::CloudWatch::Alarm")
    yield from (f"{name} is there, or is not" for name in wanted ^ set(alarms))
    for name, alarm in alarms.items():
        if alarm.get("TreatMissingData") != "notBreaching":
            yield f"{name} goes off where nothing happens"


def alarms_take_what_cloudwatch_takes(deployment: Deployment) -> Iterator[str]:
    """Ten metrics of one period; a day of periods below an hour, a week of others."""
    for name, alarm in deployment.of_type("AWS::CloudWatch::Alarm").items():
        statistics = [one["MetricStat"] for one in alarm.get("Metrics", []) if "MetricStat" in one]
        periods = {one["Period"] for one in statistics} or {alarm["Period"]}
        if len(statistics) > 10 or len(periods) != 1:
            yield f"{name} has {len(statistics)} metrics of the periods {periods}"
        longest = max(periods)
        if longest * alarm["EvaluationPeriods"] > (86_400 if longest < 3_600 else 604_800):
            yield f"{name} looks too far back"


def calls_fit_into_an_account(deployment: Deployment) -> Iterator[str]:
    """1,000 concurrent calls of which AWS keeps 100 unreserved, while the proxy hangs and both queues are full."""
    functions = deployment.of_type("AWS::Lambda::Function")
    [stage] = deployment.of_type("AWS::ApiGatewayV2::Stage").values()
    budget_s = float(functions["RecommendFunction"]["Environment"]["Variables"]["LLM_BUDGET_S"])
    tips = float(stage.get("DefaultRouteSettings", {}).get("ThrottlingRateLimit", "inf")) * budget_s
    sources = deployment.of_type("AWS::Lambda::EventSourceMapping").values()
    workers = sum(int(one.get("ScalingConfig", {}).get("MaximumConcurrency", 1_000)) for one in sources)
    if tips + workers > MOST_CALLS:
        yield f"{tips:.0f} tips and {workers} batches at once are over {MOST_CALLS}"


def nothing_is_reserved_unasked(deployment: Deployment) -> Iterator[str]:
    """A new account has ten concurrent calls, and lets none be reserved."""
    for name, function in deployment.of_type("AWS::Lambda::Function").items():
        if "ReservedConcurrentExecutions" in function:
            yield f"{name} reserves {function['ReservedConcurrentExecutions']}"


def alarms_of_the_access_log_watch_what_is_counted_there(deployment: Deployment) -> Iterator[str]:
    filters = deployment.of_type("AWS::Logs::MetricFilter").values()
    counted = {
        (made["MetricNamespace"], made["MetricName"])
        for one in filters
        if one["LogGroupName"] == "AccessLogGroup"
        for made in one["MetricTransformations"]
    }
    alarm = deployment.of_type("AWS::CloudWatch::Alarm")["ServerErrorAlarm"]
    for metric in (one["MetricStat"]["Metric"] for one in alarm["Metrics"] if "MetricStat" in one):
        if (metric["Namespace"], metric["MetricName"]) not in counted or metric.get("Dimensions"):
            yield f"ServerErrorAlarm watches {metric}, which nobody counts"


def the_circuits_table_is_there_where_asked_for(deployment: Deployment) -> Iterator[str]:
    if ("CircuitTable" in deployment.resources) != ("breaker" in deployment.choices):
        yield "CircuitTable is there, or is not"
    functions = deployment.of_type("AWS::Lambda::Function")
    for name in ("RecommendFunction", "GenerateFunction"):
        table = functions[name]["Environment"]["Variables"]["LLM_CIRCUIT_TABLE"]
        if bool(table) != ("breaker" in deployment.choices):
            yield f"{name} is told of the table {table!r}"


def callers_reach_the_alias(deployment: Deployment) -> Iterator[str]:
    """A route or a queue at a function itself would pass every deployment by."""
    aliases = {f"{name}Aliaslive" for name in deployment.of_type("AWS::Lambda::Function")}
    sources = {one["FunctionName"] for one in deployment.of_type("AWS::Lambda::EventSourceMapping").values()}
    callees = {one["FunctionName"] for one in deployment.of_type("AWS::Lambda::Permission").values()}
    yield from (f"{name} is not called by its alias" for name in aliases ^ (sources | callees))


def old_versions_stay(deployment: Deployment) -> Iterator[str]:
    for name in deployment.of_type("AWS::Lambda::Version"):
        if deployment.resources[name].get("DeletionPolicy") != "Retain":
            yield f"{name} cannot be gone back to"


def gradual_deployments_are_watched(deployment: Deployment) -> Iterator[str]:
    """Each alias moves by a group of its own, which goes back when an alarm goes off; at once means at once."""
    groups = deployment.of_type("AWS::CodeDeploy::DeploymentGroup")
    aliases = deployment.of_type("AWS::Lambda::Alias")
    if len(groups) != (len(aliases) if "company" in deployment.choices else 0):
        yield f"{len(groups)} of {len(aliases)} functions are deployed gradually"
    for name, group in groups.items():
        if {alarm["Name"] for alarm in group["AlarmConfiguration"]["Alarms"]} != WATCHES_DEPLOYMENTS:
            yield f"{name} goes live whatever becomes of it"
        if "DEPLOYMENT_STOP_ON_ALARM" not in group["AutoRollbackConfiguration"]["Events"]:
            yield f"{name} is not taken back"


def resources_can_be_made_one_after_another(deployment: Deployment) -> Iterator[str]:
    """CloudFormation refuses a circle of references, in update policies, too."""
    resources: Mapping[str, Any] = deployment.template["Resources"]
    graph = {name: {each for each in _references(one) if each in resources} for name, one in resources.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        yield f"A circle: {' -> '.join(circle.args[1])}"


def _references(value: object) -> Iterator[str]:
    if isinstance(value, list):
        yield from (name for part in value for name in _references(part))
    if not isinstance(value, dict):
        return
    for key, part in value.items():
        if key in ("Ref", "DependsOn") and isinstance(part, str):
            yield part
        elif key == "Fn::GetAtt":
            yield part[0] if isinstance(part, list) else part.partition(".")[0]
        elif key == "Fn::Sub":
            yield from _REFERENCE.findall(part if isinstance(part, str) else part[0])
        if isinstance(part, dict | list):
            yield from _references(part)


RULES = (
    variables_hold_no_secret,
    what_is_kept_is_encrypted,
    queues_refuse_plain_http,
    what_is_kept_outlives_the_stack,
    what_has_expired_goes,
    the_access_log_is_among_vended_logs,
    alarms_link_to_the_runbook,
    functions_say_what_they_take,
    failed_messages_come_again_and_are_kept,
    alarms_are_there,
    alarms_take_what_cloudwatch_takes,
    calls_fit_into_an_account,
    nothing_is_reserved_unasked,
    alarms_of_the_access_log_watch_what_is_counted_there,
    the_circuits_table_is_there_where_asked_for,
    callers_reach_the_alias,
    old_versions_stay,
    gradual_deployments_are_watched,
    resources_can_be_made_one_after_another,
)
