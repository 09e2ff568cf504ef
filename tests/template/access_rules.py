"""Rights within a deployment, as rules. Each yields one sentence per breach."""

from collections.abc import Iterator
from typing import Any

from local.deployment.environment import ROOT
from local.deployment.template import load
from tests.template.deployments import CHOICES, USER_CLAIM, USERS_TOKENS, Deployment

PREFLIGHT = ("/{proxy+}", "options")
DEFAULT = ("/$default", "x-amazon-apigateway-any-method")
ROUTES = {
    (one.path, one.method.lower())
    for one in load(ROOT / "template.yaml", aws_endpoint="http://127.0.0.1:3001").routes
    if one.key != "$default"
}
"""Path and method of every route that runs on this machine."""

ORIGINS = CHOICES["cors"]["CorsOrigins"].split(",")

ASKS_THE_MODEL = ("RecommendRole", "GenerateRole")
NAMES_USERS = (
    *ASKS_THE_MODEL,
    "ComputeRole",
    "InferRole",
    "PrecomputeRole",
    "ComputeWorkerRole",
    "FeedbackRole",
    "FeedbackWorkerRole",
)
"""Whose functions know of users; their traces and lines name them by pseudonyms."""

ABOUT_A_USER = ("ComputeFunction", "InferFunction", "RecommendFunction", "GenerateFunction", "FeedbackFunction")
CALLER = ("integration.requestId", "identity.userArn", "identity.sourceIp")
"""Of the caller, beside the claim."""

POLLS = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
TRACES = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
INTERFACES = {
    *("ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"),
    *("ec2:DescribeSubnets", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"),
}
"""The actions that Lambda takes in a role's name to attach a function to a VPC, to resources that it makes itself."""

COMPANY = CHOICES["company"]
WITHOUT_RESOURCES = {*TRACES, *INTERFACES, "cloudwatch:DescribeAlarms"}
"""Actions that AWS knows no resources for."""


def body(deployment: Deployment) -> dict[str, Any]:
    """The API's definition."""
    [api] = deployment.of_type("AWS::ApiGatewayV2::Api").values()
    definition: dict[str, Any] = api["Body"]
    return definition


def operations(deployment: Deployment) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    """Path, method and definition of every route."""
    for path, methods in body(deployment)["paths"].items():
        yield from (((path, method), operation) for method, operation in methods.items())


def routes_need_the_authorizer(deployment: Deployment) -> Iterator[str]:
    """Signed requests, or tokens where an issuer is given; a browser's question before its call is the exception."""
    name = "Jwt" if "jwt" in deployment.choices else "Iam"
    for route, operation in operations(deployment):
        if operation.get("security") != [{name: []}] and route != PREFLIGHT:
            yield f"{route} is open"


def routes_are_those_that_run_here(deployment: Deployment) -> Iterator[str]:
    """None is there beside those of the functions' events, `$default` among them."""
    expected = ROUTES | {DEFAULT} | ({PREFLIGHT} if "cors" in deployment.choices else set())
    yield from (f"{route} is there or not" for route in expected ^ {route for route, _ in operations(deployment)})


def the_authorizer_is_the_one_asked_for(deployment: Deployment) -> Iterator[str]:
    """A token's issuer and audiences are the parameters'; without them AWS itself checks the signature."""
    schemes = body(deployment)["components"]["securitySchemes"]
    if "jwt" in deployment.choices:
        wanted = {"issuer": "https://issuer.example", "audience": ["tips", "admin"]}
        configured = schemes.get("Jwt", {}).get("x-amazon-apigateway-authorizer", {}).get("jwtConfiguration")
        if configured != wanted:
            yield f"Tokens are checked by {configured}"
    elif schemes.get("Iam", {}).get("x-amazon-apigateway-authtype") != "awsSigv4":
        yield "Nobody checks signatures"
    if len(schemes) != 1:
        yield f"There are the authorizers {sorted(schemes)}"


def users_tokens_are_held_to_their_user(deployment: Deployment) -> Iterator[str]:
    """Each function that is asked about a user has the claim's name, which is empty where tokens are of services."""
    claim = USER_CLAIM["JwtUserClaim"] if deployment.choices >= USERS_TOKENS else ""
    for name in ABOUT_A_USER:
        function = deployment.of_type("AWS::Lambda::Function")[name]
        if function["Environment"]["Variables"].get("JWT_USER_CLAIM") != claim:
            yield f"{name} takes tokens of other users"


def the_access_log_names_the_claim(deployment: Deployment) -> Iterator[str]:
    """The user's own claim where one is given, else the subject."""
    claim = USER_CLAIM["JwtUserClaim"] if deployment.choices >= USERS_TOKENS else "sub"
    for name, stage in deployment.of_type("AWS::ApiGatewayV2::Stage").items():
        logged = stage.get("AccessLogSettings", {}).get("Format", "")
        yield from (f"{name} logs no {part}" for part in (*CALLER, f"authorizer.claims.{claim}") if part not in logged)


def browsers_may_call_only_where_asked(deployment: Deployment) -> Iterator[str]:
    """The origins are the parameter's, and no credentials go with them."""
    cors: Any = body(deployment).get("x-amazon-apigateway-cors")
    if "cors" not in deployment.choices:
        yield from ["Browsers may call unasked"] if cors else []
    elif cors["allowOrigins"] != ORIGINS or "*" in str(cors) or "allowCredentials" in cors:
        yield f"Browsers may call by {cors}"


def the_stage_is_throttled_and_logged(deployment: Deployment) -> Iterator[str]:
    for name, stage in deployment.of_type("AWS::ApiGatewayV2::Stage").items():
        settings = stage.get("DefaultRouteSettings", {})
        if (settings.get("ThrottlingRateLimit"), settings.get("ThrottlingBurstLimit")) != ("30", "100"):
            yield f"{name} lets everything through"
        if "RouteSettings" in stage:
            yield f"{name} has routes with limits of their own"
        if stage.get("AccessLogSettings", {}).get("DestinationArn") != "AccessLogGroup.Arn":
            yield f"{name} is not logged"


def functions_are_called_by_the_api_alone(deployment: Deployment) -> Iterator[str]:
    """No permission names another service or account, none has a URL of its own; queues are polled."""
    for name, permission in deployment.of_type("AWS::Lambda::Permission").items():
        if permission["Principal"] != "apigateway.amazonaws.com" or ":HttpApi/" not in permission["SourceArn"]:
            yield f"{name} lets others call"
    yield from (f"{name} opens a function to anybody" for name in deployment.of_type("AWS::Lambda::Url"))


def roles_may_do_just_this(deployment: Deployment) -> Iterator[str]:
    """Actions and their resources, role by role."""
    allowed = {role: set(_allowed(deployment, role)) for role in deployment.of_type("AWS::IAM::Role")}
    expected = _expected(deployment.choices)
    for role in sorted(allowed.keys() | expected.keys()):
        difference = allowed.get(role, set()) ^ expected.get(role, set())
        yield from (f"{role} may, or may not, {action} on {resource}" for action, resource in sorted(difference))


def _allowed(deployment: Deployment, role: str) -> Iterator[tuple[str, str]]:
    properties = deployment.of_type("AWS::IAM::Role")[role]
    managed = deployment.of_type("AWS::IAM::ManagedPolicy")
    documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
    for name in properties.get("ManagedPolicyArns", []):
        if name not in managed:
            yield "anything", name
        else:
            documents.append(managed[name]["PolicyDocument"])
    for statement in (one for document in documents for one in document["Statement"] if one["Effect"] == "Allow"):
        bound = statement.get("Condition", {}).get("StringEquals", {}).get("kms:EncryptionContext:SecretARN")
        key = "any key" if str(statement["Resource"]).endswith(":*:key/*") else statement["Resource"]
        resources = [f"{key} for {bound}"] if bound else _listed(statement["Resource"])
        for action in _listed(statement["Action"]):
            yield from ((action, resource) for resource in resources)


def _expected(choices: frozenset[str]) -> dict[str, set[tuple[str, str]]]:
    telemetry = {("logs:CreateLogStream", "ServiceLogGroup.Arn"), ("logs:PutLogEvents", "ServiceLogGroup.Arn")}
    telemetry |= {(action, "*") for action in TRACES}
    functions = (
        *("Health", "Registry", "Compute", "Infer", "Recommend", "Generate", "Feedback"),
        *("Precompute", "ComputeWorker", "FeedbackWorker"),
    )
    telemetry |= {(action, "*") for action in INTERFACES if "company" in choices}
    may = {f"{name}Role": set(telemetry) for name in functions}
    may["RecommendRole"].add(("dynamodb:Query", "AgentOutputsTable.Arn"))
    may["PrecomputeRole"] |= {(action, "PrecomputeQueue.Arn") for action in POLLS}
    may["PrecomputeRole"].add(("sqs:SendMessage", "ComputeQueue.Arn"))
    may["ComputeWorkerRole"] |= {(action, "ComputeQueue.Arn") for action in POLLS}
    may["ComputeWorkerRole"].add(("dynamodb:PutItem", "AgentOutputsTable.Arn"))
    may["FeedbackRole"].add(("sqs:SendMessage", "FeedbackQueue.Arn"))
    may["FeedbackWorkerRole"] |= {(action, "FeedbackQueue.Arn") for action in POLLS}
    may["FeedbackWorkerRole"].add(("sqs:SendMessage", "FeedbackDeadLetterQueue.Arn"))
    if "secret" in choices:
        for role, parameter in _readers():
            may[role].add(("secretsmanager:GetSecretValue", CHOICES["secret"][parameter]))
            is_the_proxys = parameter == "LiteLLMKeySecretArn"
            key = CHOICES["secret"]["LiteLLMKeySecretKmsKeyArn"] if is_the_proxys else "any key"
            may[role].add(("kms:Decrypt", f"{key} for {CHOICES['secret'][parameter]}"))
    for role in ASKS_THE_MODEL:
        if "breaker" in choices:
            may[role] |= {(f"dynamodb:{name}", "CircuitTable.Arn") for name in ("GetItem", "PutItem", "UpdateItem")}
    if "key" in choices:
        key = CHOICES["key"]["KmsKeyArn"]
        senders = ("PrecomputeRole", "FeedbackRole", "FeedbackWorkerRole")
        for role in (*ASKS_THE_MODEL, *senders, "ComputeWorkerRole"):
            may[role].add(("kms:Decrypt", key))
        for role in senders:
            may[role].add(("kms:GenerateDataKey", key))
    return may | {"DeploymentRole": set(_of_deployments(functions))}


def _readers() -> Iterator[tuple[str, str]]:
    """Role and parameter of each secret that a function may read."""
    for parameter in ("LiteLLMKeySecretArn", "LiteLLMCaBundle"):
        yield from ((role, parameter) for role in ASKS_THE_MODEL)
    for parameter in ("PseudonymKeySecretArn", "MlflowCredentialsSecretArn", "MlflowCaBundle"):
        yield from ((role, parameter) for role in NAMES_USERS)


def _of_deployments(functions: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in functions:
        for action in ("lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"):
            yield from ((action, resource) for resource in (f"{name}Function.Arn", f"{name}Function.Arn:live"))
    yield "cloudwatch:DescribeAlarms", "*"


def asterisks_are_where_nothing_else_works(deployment: Deployment) -> Iterator[str]:
    for role in deployment.of_type("AWS::IAM::Role"):
        for action, resource in _allowed(deployment, role):
            if "*" in action or ("*" in resource and action not in WITHOUT_RESOURCES):
                yield f"{role} may {action} on {resource}"


def roles_are_for_one_service(deployment: Deployment) -> Iterator[str]:
    """Each function has a role that only Lambda can take on."""
    roles = [function["Role"] for function in deployment.of_type("AWS::Lambda::Function").values()]
    yield from (f"{role} is shared" for role in {one for one in roles if roles.count(one) > 1})
    for name, role in deployment.of_type("AWS::IAM::Role").items():
        service = "codedeploy" if name == "DeploymentRole" else "lambda"
        trusted = [one["Principal"] for one in role["AssumeRolePolicyDocument"]["Statement"]]
        if trusted != [{"Service": f"{service}.amazonaws.com"}]:
            yield f"{name} can be taken on by {trusted}"


def keys_are_used_through_services(deployment: Deployment) -> Iterator[str]:
    """A role's credentials alone decrypt nothing."""
    for name, one in deployment.resources.items():
        if one["Type"] not in ("AWS::IAM::Role", "AWS::IAM::ManagedPolicy"):
            continue
        for statement in _statements(one.get("Properties", {})):
            if "kms:" in str(statement["Action"]) and "kms:ViaService" not in str(statement.get("Condition")):
                yield f"{name} uses the key by itself"


def _statements(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and "Effect" in value and "Action" in value:
        yield value
    elif isinstance(value, dict):
        yield from (found for part in value.values() for found in _statements(part))
    elif isinstance(value, list):
        yield from (found for part in value for found in _statements(part))


def alarms_tell_the_topic_where_there_is_one(deployment: Deployment) -> Iterator[str]:
    """Their ends go to a topic of their own."""
    topics = CHOICES["topic"] if "topic" in deployment.choices else {}
    for kind, parameter in {"AlarmActions": "AlarmTopicArn", "OKActions": "OkTopicArn"}.items():
        wanted = [topics[parameter]] if topics else None
        for name, alarm in deployment.of_type("AWS::CloudWatch::Alarm").items():
            if alarm.get(kind) != wanted:
                yield f"{name} tells {alarm.get(kind)}"


def roles_are_bounded_where_asked(deployment: Deployment) -> Iterator[str]:
    boundary = COMPANY["PermissionsBoundaryArn"] if "company" in deployment.choices else None
    for name, role in deployment.of_type("AWS::IAM::Role").items():
        if role.get("PermissionsBoundary") != boundary:
            yield f"{name} is bounded by {role.get('PermissionsBoundary')}"


def functions_are_in_the_vpc_where_asked(deployment: Deployment) -> Iterator[str]:
    """With the subnets and security groups of the parameters; their own code may not touch its interfaces."""
    lists = {"SubnetIds": "VpcSubnetIds", "SecurityGroupIds": "VpcSecurityGroupIds"}
    wanted = {key: COMPANY[parameter].split(",") for key, parameter in lists.items()}
    for name, function in deployment.of_type("AWS::Lambda::Function").items():
        if function.get("VpcConfig") != (wanted if "company" in deployment.choices else None):
            yield f"{name} is in {function.get('VpcConfig')}"
    for name, policy in deployment.of_type("AWS::IAM::ManagedPolicy").items():
        if name == "VpcPolicy" and not any(
            one["Effect"] == "Deny" and set(one["Action"]) == INTERFACES and "lambda:SourceFunctionArn" in str(one)
            for one in policy["PolicyDocument"]["Statement"]
        ):
            yield "The functions' code may change network interfaces"


def the_domain_is_the_one_asked_for(deployment: Deployment) -> Iterator[str]:
    """With its certificate, by TLS 1.2 or later, for the API's only stage."""
    domains = deployment.of_type("AWS::ApiGatewayV2::DomainName").values()
    certificate = {"CertificateArn": COMPANY["CertificateArn"], "EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2"}
    wanted = [{"DomainName": COMPANY["DomainName"], "DomainNameConfigurations": [certificate]}]
    if [*domains] != (wanted if "company" in deployment.choices else []):
        yield f"The API is reached by {[*domains]}"
    mappings = [*deployment.of_type("AWS::ApiGatewayV2::ApiMapping").values()]
    mapped = {"ApiId": "HttpApi", "DomainName": "ApiDomain", "Stage": "HttpApiApiGatewayDefaultStage"}
    if mappings != ([mapped] if "company" in deployment.choices else []):
        yield f"The domain leads to {mappings}"


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


RULES = (
    routes_need_the_authorizer,
    routes_are_those_that_run_here,
    the_authorizer_is_the_one_asked_for,
    users_tokens_are_held_to_their_user,
    the_access_log_names_the_claim,
    browsers_may_call_only_where_asked,
    the_stage_is_throttled_and_logged,
    functions_are_called_by_the_api_alone,
    roles_may_do_just_this,
    asterisks_are_where_nothing_else_works,
    roles_are_for_one_service,
    keys_are_used_through_services,
    alarms_tell_the_topic_where_there_is_one,
    roles_are_bounded_where_asked,
    functions_are_in_the_vpc_where_asked,
    the_domain_is_the_one_asked_for,
)
