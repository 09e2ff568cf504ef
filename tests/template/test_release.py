"""How a new version goes live, and what a key of one's own is used for."""

import pytest

from tests.template.deployments import ARN, Deployment, deployed

KEY = ARN.format("kms", "key/0000")
GRADUAL = "Canary10Percent5Minutes"


def versions(deployment: Deployment) -> set[str]:
    """The logical ids of the functions' versions: another id is another version."""
    return set(deployment.of_type("AWS::Lambda::Version"))


@pytest.fixture(scope="module")
def plain() -> Deployment:
    return deployed()


@pytest.fixture(scope="module")
def gradual() -> Deployment:
    return deployed(Deployment=GRADUAL)


@pytest.fixture(scope="module")
def encrypted() -> Deployment:
    return deployed(KmsKeyArn=KEY, LLMCircuitBreaker="on")


def test_a_changed_layer_is_a_new_version_of_every_function(plain: Deployment) -> None:
    """All code is in the layer, so nothing of it would go live otherwise."""
    changed = versions(deployed(layer="changed"))

    assert len(changed) == len(plain.of_type("AWS::Lambda::Function")) == 8
    assert not changed & versions(plain)


def test_a_changed_parameter_alone_is_no_new_version(plain: Deployment) -> None:
    """As docs/operations.md says: SAM does not look into parameters; the layer is stamped anew for it."""
    assert versions(deployed(LiteLLMUrl="https://proxy.example")) == versions(plain)


def test_old_versions_stay_to_go_back_to(plain: Deployment) -> None:
    assert {plain.resources[name]["DeletionPolicy"] for name in versions(plain)} == {"Retain"}


def test_callers_and_queues_reach_the_alias(plain: Deployment) -> None:
    """A route or a queue at a function itself would pass every deployment by."""
    functions = set(plain.of_type("AWS::Lambda::Function"))
    aliases = {f"{name}Aliaslive" for name in functions}
    sources = {one["FunctionName"] for one in plain.of_type("AWS::Lambda::EventSourceMapping").values()}
    callees = {one["FunctionName"] for one in plain.of_type("AWS::Lambda::Permission").values()}

    assert set(plain.of_type("AWS::Lambda::Alias")) == aliases
    assert sources | callees == aliases


def test_calls_move_at_once_unless_asked_otherwise(plain: Deployment) -> None:
    assert not plain.of_type("AWS::CodeDeploy::DeploymentGroup")


def test_a_gradual_deployment_watches_the_alarms_and_goes_back(gradual: Deployment) -> None:
    """Each function has its group, on this role and with these alarms, which are there."""
    groups = gradual.of_type("AWS::CodeDeploy::DeploymentGroup")

    assert len(groups) == 8
    for group in groups.values():
        alarms = {alarm["Name"] for alarm in group["AlarmConfiguration"]["Alarms"]}
        assert alarms == {"FunctionErrorAlarm", "ServerErrorAlarm"} <= set(gradual.resources)
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
        assert group["DeploymentConfigName"] == f"CodeDeployDefault.Lambda{GRADUAL}"
        assert group["ServiceRoleArn"] == "DeploymentRole.Arn"


def test_no_role_has_a_policy_that_aws_writes(gradual: Deployment) -> None:
    """SAM's own role for CodeDeploy would have one."""
    assert "arn:aws:iam::aws" not in str(gradual.of_type("AWS::IAM::Role"))


def test_a_key_of_ones_own_encrypts_what_is_kept(encrypted: Deployment) -> None:
    """Queues, tables and logs; without one, queues say that SQS' own key is used."""
    queues = encrypted.of_type("AWS::SQS::Queue").values()
    tables = encrypted.of_type("AWS::DynamoDB::Table").values()
    groups = encrypted.of_type("AWS::Logs::LogGroup").values()

    assert [one["KmsMasterKeyId"] for one in queues] == [KEY] * 4
    assert not any("SqsManagedSseEnabled" in one for one in queues)
    assert [one["SSESpecification"]["KMSMasterKeyId"] for one in tables] == [KEY] * 2
    assert [one["KmsKeyId"] for one in groups] == [KEY] * 2


def test_without_a_key_the_services_own_are_used(plain: Deployment) -> None:
    assert {one["SqsManagedSseEnabled"] for one in plain.of_type("AWS::SQS::Queue").values()} == {True}
    assert "kms:" not in str(plain.of_type("AWS::IAM::Role")) + str(plain.of_type("AWS::IAM::ManagedPolicy"))


def test_roles_use_the_key_through_services_alone(encrypted: Deployment) -> None:
    """Who touches a queue, a table or the secret may decrypt; who sends may make data keys."""
    roles = encrypted.of_type("AWS::IAM::Role").items()
    [policy] = [one for name, one in encrypted.of_type("AWS::IAM::ManagedPolicy").items() if name == "DecryptPolicy"]

    assert "kms:ViaService" in str(policy)
    assert {name for name, role in roles if "DecryptPolicy" in role.get("ManagedPolicyArns", [])} == {
        "RecommendRole",
        "GenerateRole",
        "PrecomputeRole",
        "ComputeWorkerRole",
    }
    assert [name for name, role in roles if "kms:GenerateDataKey" in str(role.get("Policies"))] == ["PrecomputeRole"]


def test_what_is_kept_outlives_the_stack(plain: Deployment) -> None:
    """Queues and the table of outputs; the table can be taken back to any second of 35 days."""
    kept = {*plain.of_type("AWS::SQS::Queue"), "AgentOutputsTable"}
    table = plain.of_type("AWS::DynamoDB::Table")["AgentOutputsTable"]

    assert {plain.resources[name]["DeletionPolicy"] for name in kept} == {"Retain"}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
