"""The changes that publish a new version of the functions, and its rollout."""

import tomllib

import pytest

from local.deployment.environment import ROOT
from tests.template.deployments import Deployment, deployed


def versions(deployment: Deployment) -> set[str]:
    """The logical ids of the functions' versions: another id is another version."""
    return set(deployment.of_type("AWS::Lambda::Version"))


@pytest.fixture(scope="module")
def plain() -> Deployment:
    return deployed()


def test_a_changed_layer_is_a_new_version_of_every_function(plain: Deployment) -> None:
    """All code is in the layer, so nothing of it would go live otherwise."""
    changed = versions(deployed(layer="changed"))

    assert len(changed) == len(plain.of_type("AWS::Lambda::Function")) == 10
    assert not changed & versions(plain)


@pytest.mark.parametrize(
    "changed",
    [
        {"layer": "changed"},
        {"TipFallback": "template"},
        {"LiteLLMUrl": "https://proxy.example"},
        {"LLMBudgetSeconds": "20"},
        {"MlflowTrackingUri": "https://mlflow.example"},
        {"MemorySize": "2048"},
        {"LiteLLMKeySecretArn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:other-AbCdEf"},
        {},
    ],
    ids=str,
)
def test_a_new_release_is_a_new_version_of_every_function(changed: dict[str, str]) -> None:
    """Changed or not besides: Lambda publishes, because the release is in each function's description."""
    before, after = deployed(Release="1795761957-3359fc0"), deployed(**changed, Release="1795761958-3359fc0")

    assert len(versions(before)) == len(versions(after)) == 10
    assert not versions(before) & versions(after)
    told = {function["Description"] for function in after.of_type("AWS::Lambda::Function").values()}
    assert told == {"1795761958-3359fc0"}


def test_the_same_release_again_publishes_nothing() -> None:
    """SAM looks at the release alone where there is one, so `make deploy` makes a new one each time."""
    release = "1795761957-3359fc0"

    assert versions(deployed(layer="changed", Release=release)) == versions(deployed(Release=release))


def test_a_deployment_without_the_command_publishes_changed_code() -> None:
    """samconfig.toml empties the release, which sam would keep from the last deployment."""
    configured = tomllib.loads((ROOT / "samconfig.toml").read_text())["default"]["deploy"]["parameters"]

    assert configured["parameter_overrides"] == 'Release=""'
    assert not versions(deployed(layer="changed", Release="")) & versions(deployed(Release=""))


@pytest.mark.parametrize("how", ["Canary10Percent5Minutes", "Canary10Percent15Minutes", "Linear10PercentEvery1Minute"])
def test_each_way_of_moving_calls_is_one_that_codedeploy_knows(how: str) -> None:
    """Every function moves in the way that was chosen, on the service's own role."""
    groups = deployed(Deployment=how).of_type("AWS::CodeDeploy::DeploymentGroup")

    assert len(groups) == 10
    assert {group["DeploymentConfigName"] for group in groups.values()} == {f"CodeDeployDefault.Lambda{how}"}
    assert {group["ServiceRoleArn"] for group in groups.values()} == {"DeploymentRole.Arn"}
