"""Who may call the deployed API, for every combination of the main parameters."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.environment import ROOT
from local.template import load
from tests.template.deployments import Deployment, all_deployments

PREFLIGHT = ("/{proxy+}", "options")


@pytest.fixture(params=all_deployments(), ids=str)
def deployment(request: pytest.FixtureRequest) -> Deployment:
    one: Deployment = request.param
    return one


def body(deployment: Deployment) -> dict[str, Any]:
    """The API's definition."""
    [api] = deployment.of_type("AWS::ApiGatewayV2::Api").values()
    definition: dict[str, Any] = api["Body"]
    return definition


def operations(deployment: Deployment) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    """Path, method and definition of every route."""
    for path, methods in body(deployment)["paths"].items():
        yield from (((path, method), operation) for method, operation in methods.items())


def test_every_route_needs_the_authorizer(deployment: Deployment) -> None:
    """Signed requests, or tokens where an issuer is given; a browser's question before its call is the exception."""
    name = "Jwt" if "jwt" in deployment.choices else "Iam"

    guards = {route: operation.get("security") for route, operation in operations(deployment)}

    guards.pop(PREFLIGHT, None)
    assert set(map(str, guards.values())) == {str([{name: []}])}
    assert list(body(deployment)["components"]["securitySchemes"]) == [name]


def test_the_routes_are_those_that_run_here(deployment: Deployment) -> None:
    """None is there beside those of the functions' events, `$default` among them."""
    template = load(ROOT / "template.yaml", aws_endpoint="http://127.0.0.1:3001")
    known = {(one.path, one.method.lower()) for one in template.routes if one.key != "$default"}
    default = {("/$default", "x-amazon-apigateway-any-method")}
    preflight = {PREFLIGHT} if "cors" in deployment.choices else set()

    assert {route for route, _ in operations(deployment)} == known | default | preflight


def test_the_authorizer_is_the_one_asked_for(deployment: Deployment) -> None:
    """A token's issuer and audiences are the parameters'; without them AWS itself checks the signature."""
    [scheme] = body(deployment)["components"]["securitySchemes"].values()

    if "jwt" in deployment.choices:
        expected = {"issuer": "https://issuer.example", "audience": ["tips", "admin"]}
        assert scheme["x-amazon-apigateway-authorizer"]["jwtConfiguration"] == expected
    else:
        assert scheme["x-amazon-apigateway-authtype"] == "awsSigv4"


def test_browsers_may_call_only_where_asked(deployment: Deployment) -> None:
    """The origins are the parameter's, and no credentials go with them."""
    cors: Any = body(deployment).get("x-amazon-apigateway-cors")

    if "cors" in deployment.choices:
        assert cors["allowOrigins"] == ["https://app.example", "https://admin.example"]
        assert "*" not in str(cors)
        assert "allowCredentials" not in cors
    else:
        assert cors is None


def test_every_stage_is_throttled(deployment: Deployment) -> None:
    [stage] = deployment.of_type("AWS::ApiGatewayV2::Stage").values()

    settings = stage["DefaultRouteSettings"]
    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == ("50", "100")
    assert "RouteSettings" not in stage


def test_functions_are_built_for_the_processor_asked_for(deployment: Deployment) -> None:
    """The layer's wheels and all functions agree."""
    processor = "arm64" if "arm" in deployment.choices else "x86_64"
    layers = deployment.of_type("AWS::Lambda::LayerVersion").values()

    assert {str(one["Architectures"]) for one in deployment.of_type("AWS::Lambda::Function").values()} == {
        str([processor])
    }
    assert [one["CompatibleArchitectures"] for one in layers] == [[processor]]


def test_who_asks_the_model_may_read_the_key_where_there_is_one(deployment: Deployment) -> None:
    """No other role names the secret, and none does without one."""
    roles = deployment.of_type("AWS::IAM::Role").items()
    readers = {name for name, role in roles if "secretsmanager:GetSecretValue" in str(role.get("Policies"))}

    assert readers == ({"RecommendRole", "GenerateRole"} if "secret" in deployment.choices else set())


def test_alarms_tell_the_topic_where_there_is_one(deployment: Deployment) -> None:
    told = [str(one.get("AlarmActions")) for one in deployment.of_type("AWS::CloudWatch::Alarm").values()]

    assert all(("alarms" in one) == ("topic" in deployment.choices) for one in told)


def test_the_circuits_table_is_there_where_it_is_asked_for(deployment: Deployment) -> None:
    """And whoever asks the model may use it then."""
    is_asked = "breaker" in deployment.choices
    roles = deployment.of_type("AWS::IAM::Role").items()
    users = {name for name, role in roles if "CircuitTable" in str(role.get("Policies"))}

    assert ("CircuitTable" in deployment.resources) == is_asked
    assert users == ({"RecommendRole", "GenerateRole"} if is_asked else set())


def test_functions_are_called_by_the_api_and_their_queues_alone(deployment: Deployment) -> None:
    """No permission names another service or account, and none has a URL of its own."""
    permissions = deployment.of_type("AWS::Lambda::Permission").values()

    assert {one["Principal"] for one in permissions} == {"apigateway.amazonaws.com"}
    assert all("HttpApi" in one["SourceArn"] for one in permissions)
    assert not deployment.of_type("AWS::Lambda::Url")
