"""Parameters that are empty by default: each changes its own part of the deployment, and nothing where it is empty."""

from collections import Counter
from typing import Any

import pytest

from operations.stack.template_parameters import template_document
from tests.template.deployments import CHOICES, Deployment, deployed

COMPANY, TOPIC = CHOICES["company"], CHOICES["topic"]
SECRET = {"LiteLLMKeySecretArn": CHOICES["secret"]["LiteLLMKeySecretArn"]}
VPC = {name: COMPANY[name] for name in ("VpcSubnetIds", "VpcSecurityGroupIds")}
DOMAIN = {name: COMPANY[name] for name in ("DomainName", "CertificateArn")}

OPTIONAL = (
    *("PermissionsBoundaryArn", "VpcSubnetIds", "VpcSecurityGroupIds", "Stage", "DomainName", "CertificateArn"),
    *("OkTopicArn", "LiteLLMKeySecretKmsKeyArn", "DeletionProtection", "RunbookUrl", "Release"),
    *("MlflowCredentialsSecretArn", "MlflowCaBundle", "LiteLLMCaBundle"),
)

KINDS = {
    "AWS::ApiGatewayV2::Api": 1,
    "AWS::ApiGatewayV2::Stage": 1,
    "AWS::CloudWatch::Alarm": 23,
    "AWS::CloudWatch::Dashboard": 1,
    "AWS::DynamoDB::Table": 1,
    "AWS::IAM::ManagedPolicy": 1,
    "AWS::IAM::Role": 11,
    "AWS::Lambda::Alias": 10,
    "AWS::Lambda::EventSourceMapping": 3,
    "AWS::Lambda::Function": 10,
    "AWS::Lambda::LayerVersion": 1,
    "AWS::Lambda::Permission": 8,
    "AWS::Lambda::Version": 10,
    "AWS::Logs::LogGroup": 2,
    "AWS::Logs::MetricFilter": 2,
    "AWS::SQS::Queue": 6,
    "AWS::SQS::QueuePolicy": 1,
}
"""The resources of a deployment without parameters."""


@pytest.fixture(scope="module")
def plain() -> Deployment:
    return deployed()


def changed(plain: Deployment, **parameters: str) -> set[tuple[str, str]]:
    """Kind and property of every difference from the deployment without parameters; a new resource has no property."""
    other = deployed(**parameters)
    found: set[tuple[str, str]] = set()
    for name, one in other.resources.items():
        before = plain.resources.get(name)
        if before is None:
            found.add((one["Type"], ""))
            continue
        old, new = _flat(before), _flat(one)
        found |= {(one["Type"], key) for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    return found - {("AWS::Lambda::Version", "")}


def _flat(resource: dict[str, Any]) -> dict[str, Any]:
    return {**resource, **resource.get("Properties", {}), "Properties": None}


def test_they_are_empty_by_default() -> None:
    declared = template_document()["Parameters"]

    assert {name: declared[name]["Default"] for name in OPTIONAL} == dict.fromkeys(OPTIONAL, "")


def test_without_them_there_is_nothing_of_them(plain: Deployment) -> None:
    assert Counter(one["Type"] for one in plain.resources.values()) == KINDS


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"PermissionsBoundaryArn": COMPANY["PermissionsBoundaryArn"]},
            {("AWS::IAM::Role", "PermissionsBoundary")},
        ),
        (
            VPC,
            {
                ("AWS::Lambda::Function", "VpcConfig"),
                ("AWS::IAM::Role", "ManagedPolicyArns"),
                ("AWS::IAM::ManagedPolicy", ""),
            },
        ),
        ({"Stage": "prod"}, {("AWS::Lambda::Function", "Tags"), ("AWS::Lambda::Function", "Environment")}),
        (DOMAIN, {("AWS::ApiGatewayV2::DomainName", ""), ("AWS::ApiGatewayV2::ApiMapping", "")}),
        ({"SnapStart": "on"}, {("AWS::Lambda::Function", "SnapStart")}),
        ({"OkTopicArn": TOPIC["OkTopicArn"]}, {("AWS::CloudWatch::Alarm", "OKActions")}),
        ({"RunbookUrl": TOPIC["RunbookUrl"]}, {("AWS::CloudWatch::Alarm", "AlarmDescription")}),
        ({"DeletionProtection": "on"}, {("AWS::DynamoDB::Table", "DeletionProtectionEnabled")}),
        (
            {"Release": "1795761957"},
            {("AWS::Lambda::Function", "Description"), ("AWS::Lambda::Alias", "FunctionVersion")},
        ),
        ({"RecommendReservedConcurrency": "50"}, {("AWS::Lambda::Function", "ReservedConcurrentExecutions")}),
        (
            {"MlflowCaBundle": "/opt/ca/company.pem", "LiteLLMCaBundle": "/opt/ca/company.pem"},
            {("AWS::Lambda::Function", "Environment")},
        ),
        (
            {"MlflowCredentialsSecretArn": CHOICES["secret"]["MlflowCredentialsSecretArn"]},
            {
                ("AWS::Lambda::Function", "Environment"),
                ("AWS::IAM::Role", "ManagedPolicyArns"),
                ("AWS::IAM::ManagedPolicy", ""),
            },
        ),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else "",
)
def test_each_changes_its_own_part(plain: Deployment, given: dict[str, str], expected: set[tuple[str, str]]) -> None:
    assert changed(plain, **given) == expected


def test_a_secrets_own_key_takes_the_place_of_every_key() -> None:
    key = CHOICES["secret"]["LiteLLMKeySecretKmsKeyArn"]
    roles = deployed(**SECRET, LiteLLMKeySecretKmsKeyArn=key).of_type("AWS::IAM::Role")

    [policy] = [one for one in roles["GenerateRole"]["Policies"] if one["PolicyName"] == "ReadKey"]
    assert policy["PolicyDocument"]["Statement"][1]["Resource"] == key


def test_a_stage_reaches_tags_and_traces() -> None:
    for stage, shown in {"": "AWS::StackName", "prod": "prod"}.items():
        functions = deployed(Stage=stage).of_type("AWS::Lambda::Function").values()

        assert {one["Environment"]["Variables"]["STAGE"] for one in functions} == {shown}
        tags = [{tag["Key"]: tag["Value"] for tag in one["Tags"]} for one in functions]
        assert {tag["stage"] for tag in tags} == {shown}


def test_snap_start_is_for_published_versions() -> None:
    functions = deployed(SnapStart="on").of_type("AWS::Lambda::Function").values()

    assert [one["SnapStart"] for one in functions] == [{"ApplyOn": "PublishedVersions"}] * 10
