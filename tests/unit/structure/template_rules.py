"""Rules for a deployment over the template's document. Each yields one sentence per breach."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
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


def listed(value: object) -> list[Any]:
    """A value as the list that IAM takes it for."""
    return value if isinstance(value, list) else [value]


def description(alarm: Mapping[str, Any]) -> str:
    """An alarm's description as it is without a runbook of the operator's own."""
    text, _ = alarm["AlarmDescription"]["Fn::Sub"]
    return str(text).replace("${Page}", "docs/operations.md")


def alarms_reach_somebody(document: Document) -> Iterator[str]:
    for name, alarm in of_type(document, "AWS::CloudWatch::Alarm").items():
        if "OkTopicArn" not in str(alarm.get("OKActions")):
            yield f"{name} does not say that it has ended"
        if "AlarmTopicArn" not in str(alarm.get("AlarmActions")):
            yield f"{name} is not sent to the topic"


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
        actions = listed(statement["Action"])
        if any("*" in action for action in actions):
            yield f"{owner} allows {actions}"
        known = all(action.startswith(("xray:", "ec2:")) or action == "cloudwatch:DescribeAlarms" for action in actions)
        if (
            not known
            and not decrypts_one_secret(statement)
            and any("*" in str(resource) for resource in listed(statement["Resource"]))
        ):
            yield f"{owner} allows {actions} on everything"


def decrypts_one_secret(statement: Mapping[str, Any]) -> bool:
    """Whether a statement lets Secrets Manager decrypt for one secret alone: that secret's key is not known here."""
    bound = statement.get("Condition", {}).get("StringEquals", {})
    parameter = bound.get("kms:EncryptionContext:SecretARN")
    return listed(statement["Action"]) == ["kms:Decrypt"] and bool(parameter) and "kms:ViaService" in bound


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


def new_code_becomes_a_version(document: Document) -> Iterator[str]:
    for name, function in functions(document).items():
        if function.get("AutoPublishAlias") != "live" or function.get("AutoPublishAliasAllProperties") is not True:
            yield f"{name} is deployed without a version"
        if function.get("AutoPublishCodeSha256") != {"Ref": "Release"}:
            yield f"{name} keeps its old parameters"
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
    """The event, the first remedy, and the page to read."""
    for name, alarm in of_type(document, "AWS::CloudWatch::Alarm").items():
        said, _, where = description(alarm).partition(" See docs/operations.md#")
        if where != f"{name.lower()}." or len(re.findall(r"[.;] \w", said)) < 1:
            yield f"{name} leaves whom it wakes alone"


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


def tokens_of_users_are_held_to_their_user(document: Document) -> Iterator[str]:
    """Every function that is asked about a user knows the claim, and the claim needs an issuer."""
    for name, function in functions(document).items():
        events = function.get("Events", {}).values()
        takes_a_user = any(event.get("Properties", {}).get("Method") == "POST" for event in events)
        claim = function.get("Environment", {}).get("Variables", {}).get("JWT_USER_CLAIM")
        if takes_a_user and claim != {"Ref": "JwtUserClaim"}:
            yield f"{name} answers any token about any user"
    rule = document["Rules"].get("UserClaimHasIssuer", {})
    if "JwtUserClaim" not in str(rule.get("RuleCondition")) or "JwtIssuer" not in str(rule.get("Assertions")):
        yield "JwtUserClaim goes without JwtIssuer"


_CALLER = ("integration.requestId", "identity.userArn", "authorizer.claims.", "identity.sourceIp")


def the_access_log_names_the_caller(document: Document) -> Iterator[str]:
    for name, api in of_type(document, "AWS::Serverless::HttpApi").items():
        line = str(api["AccessLogSettings"]["Format"])
        yield from (f"{name} logs no {part}" for part in _CALLER if f"$context.{part}" not in line)


RULES = (
    tokens_of_users_are_held_to_their_user,
    the_access_log_names_the_caller,
    every_route_says_who_may_call,
    browsers_are_let_in_by_name,
    alarms_reach_somebody,
    functions_say_what_they_take,
    every_function_has_its_own_role,
    nothing_is_allowed_by_wildcard,
    no_policy_of_aws_is_attached,
    no_variable_holds_a_secret,
    what_is_kept_takes_the_key,
    new_code_becomes_a_version,
    a_new_version_is_watched,
    alarms_say_what_to_do,
    tables_survive,
    outputs_end_by_themselves,
    logs_end_by_themselves,
    the_api_is_throttled,
)
