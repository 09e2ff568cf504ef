"""The layers of a deployment, after SAM's transform."""

import pytest

from tests.template.deployments import Deployment, deployed


def layers(deployment: Deployment) -> set[str]:
    """The logical ids of the layers, which end with a hash of their content."""
    return set(deployment.of_type("AWS::Lambda::LayerVersion"))


def attached(deployment: Deployment) -> set[tuple[str, ...]]:
    """The sequences of layers that the functions have."""
    return {tuple(function["Layers"]) for function in deployment.of_type("AWS::Lambda::Function").values()}


def test_a_deployment_without_parameters_has_one_layer() -> None:
    """No second one is created, so none is loaded."""
    plain = deployed()

    [layer] = layers(plain)
    assert layer.startswith("AgentsLayer")
    assert {(layer,)} == attached(plain)


def test_the_protocol_of_mlflows_client_attaches_its_layer() -> None:
    client = deployed(MlflowTraceProtocol="client")

    own, mlflow = sorted(layers(client))
    assert own.startswith("AgentsLayer")
    assert mlflow.startswith("MlflowClientLayer")
    assert {(own, mlflow)} == attached(client)


@pytest.mark.parametrize("protocol", ["otlp", "client"])
def test_a_layer_ends_with_its_stack(protocol: str) -> None:
    deployment = deployed(MlflowTraceProtocol=protocol)

    kept = {deployment.resources[name].get("DeletionPolicy") for name in layers(deployment)}
    assert {"Delete"} == kept
