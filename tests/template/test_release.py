"""The changes that publish a new version of the functions, and its rollout."""

import pytest

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


def test_a_changed_parameter_alone_is_no_new_version(plain: Deployment) -> None:
    """As docs/operations.md says: SAM does not look into parameters; the layer is stamped anew for it."""
    assert versions(deployed(LiteLLMUrl="https://proxy.example")) == versions(plain)


@pytest.mark.parametrize("how", ["Canary10Percent5Minutes", "Canary10Percent15Minutes", "Linear10PercentEvery1Minute"])
def test_each_way_of_moving_calls_is_one_that_codedeploy_knows(how: str) -> None:
    """Every function moves in the way that was chosen, on the service's own role."""
    groups = deployed(Deployment=how).of_type("AWS::CodeDeploy::DeploymentGroup")

    assert len(groups) == 10
    assert {group["DeploymentConfigName"] for group in groups.values()} == {f"CodeDeployDefault.Lambda{how}"}
    assert {group["ServiceRoleArn"] for group in groups.values()} == {"DeploymentRole.Arn"}
