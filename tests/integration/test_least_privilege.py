"""Each function's requests to AWS, beside the rights of its role."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
import yaml

from local.aws.resources import Clients, create_resources
from local.deployment.environment import LAYER, ROOT
from local.deployment.intrinsics import TemplateLoader
from local.deployment.template import Template, load
from testing.fake_llm import FakeModel, fails, fake_model
from testing.fake_mlflow import fake_mlflow
from tests.integration.aws_spy import AwsSpy, aws_spy
from tests.unit.structure.template_rules import functions, statements

SECRETS = {"LiteLLMKeySecretArn": "litellm-key", "PseudonymKeySecretArn": "pseudonym-key"}
"""The parameters that name secrets, and their secrets' names."""

UNLUCKY = "a user whose model fails"
LONG_OPEN: Any = {
    "id": {"S": "litellm"},
    "state": {"S": "OPEN"},
    "failure_count": {"N": "3"},
    "opened_at": {"N": "1"},
}
"""A circuit that the next call tries to close."""
OF_THIS_MACHINE = {"LLM_BUDGET_S": "20", "PYTHONPATH": f"{LAYER}{os.pathsep}{ROOT}"}
LAMBDAS_OWN = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
"""Actions of Lambda's poller with a function's role; no code of this repository takes them."""

THE_SERVICES_OWN = {"kms:GenerateDataKey", "kms:Decrypt"}
"""Actions of SQS and Secrets Manager in the caller's name, where a key is given; no call of a function shows them."""

Call = tuple[str, str]
DOCUMENT = yaml.load((ROOT / "template.yaml").read_text(), TemplateLoader)  # noqa: S506  # a SafeLoader


@dataclass(frozen=True)
class Account:
    """The template's resources with everything switched on, and the model."""

    spy: AwsSpy
    clients: Clients
    template: Template
    model: FakeModel
    lives: "subprocess.Popen[str]"


@contextmanager
def lives() -> Iterator["subprocess.Popen[str]"]:
    """The process of which functions are forked; what they print is on standard error."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.integration.function_life"],
        cwd=ROOT,
        env={**os.environ, **OF_THIS_MACHINE},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with aws_spy() as spy, fake_model() as model, fake_mlflow() as mlflow, lives() as process:
        secrets = boto3.client("secretsmanager", endpoint_url=spy.url)
        arns = {
            parameter: secrets.create_secret(Name=name, SecretString="sk-planted")["ARN"]
            for parameter, name in SECRETS.items()
        }
        switched_on = {"LLMCircuitBreaker": "on", "LiteLLMUrl": model.url, "MlflowTrackingUri": mlflow.url, **arns}
        template = load(ROOT / "template.yaml", aws_endpoint=spy.url, parameters=switched_on)
        clients = Clients(spy.url)
        create_resources(clients, template)
        yield Account(spy, clients, template, model, process)


def calls_of(account: Account, name: str) -> set[Call]:
    """The function's requests to AWS in its whole life: start, good calls, and those that make it write."""
    function = account.template.functions[name]
    account.clients.dynamodb.put_item(TableName="CircuitTable", Item=LONG_OPEN)
    account.model.plan(UNLUCKY, fails(500))
    account.spy.calls.clear()
    module, _, handler = function.handler.partition(".")
    entry = function.folder / f"{module}.py"
    environment = {**os.environ, **function.environment, **OF_THIS_MACHINE, "AWS_ENDPOINT_URL": account.spy.url}
    life = {"entry": str(entry), "handler": handler, "environment": environment, "events": events(name)}
    assert account.lives.stdin is not None
    assert account.lives.stdout is not None
    print(json.dumps(life), file=account.lives.stdin, flush=True)
    assert account.lives.stdout.readline() == "0\n"
    return {(action, _known(resource)) for action, resource in account.spy.calls}


def _known(resource: str) -> str:
    """A secret's name for its ARN."""
    return next((name for name in SECRETS.values() if name in resource), resource)


def events(name: str) -> list[dict[str, Any]]:
    """The function's event; for tips also without snippets, and of a user whose model fails until the circuit opens."""
    files = {"ComputeWorkerFunction": "compute-worker", "FeedbackWorkerFunction": "feedback-worker"}
    event = json.loads((ROOT / "events" / f"{files.get(name, name.removesuffix('Function').lower())}.json").read_text())
    if name == "FeedbackWorkerFunction":
        # A record that cannot be read goes to the dead letters.
        return [event, {"Records": [event["Records"][0] | {"body": "{"}]}]
    if name not in ("RecommendFunction", "GenerateFunction"):
        return [event]
    body = {key: part for key, part in json.loads(event["body"]).items() if key != "agent_outputs"}
    bodies = [body, *[body | {"user_id": UNLUCKY}] * 3]
    return [event, *(event | {"body": json.dumps(one)} for one in bodies)]


def allowed(name: str) -> set[Call]:
    """Action and resource of everything the function's own role allows."""
    role = functions(DOCUMENT)[name]["Role"]["Fn::GetAtt"][0]
    owners = {role, *(["ReadPseudonymKeyPolicy"] if "ReadPseudonymKeyPolicy" in str(attached(role)) else [])}
    return {
        (action, named(statement["Resource"]))
        for owner, statement in statements(DOCUMENT)
        if owner in owners
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }


def attached(role: str) -> list[Any]:
    """The policies that a role shares with others."""
    policies: list[Any] = DOCUMENT["Resources"][role]["Properties"]["ManagedPolicyArns"]
    return policies


def named(resource: dict[str, Any]) -> str:
    """The logical id of a resource, or the secret's name for the parameter that names it."""
    if "Ref" in resource:
        return SECRETS.get(resource["Ref"], str(resource["Ref"]))
    if "Fn::Sub" in resource:
        return str(resource["Fn::Sub"])
    if "Fn::If" in resource:
        return str(resource["Fn::If"])
    return str(resource["Fn::GetAtt"][0])


@pytest.mark.parametrize("name", functions(DOCUMENT))
def test_a_function_may_do_what_it_does_and_nothing_else(account: Account, name: str) -> None:
    """Each call is allowed on just that resource, and each permission is used."""
    assert calls_of(account, name) == {
        (action, resource) for action, resource in allowed(name) if action not in LAMBDAS_OWN | THE_SERVICES_OWN
    }


@pytest.mark.parametrize(
    ("name", "queue"),
    [
        ("PrecomputeFunction", "PrecomputeQueue"),
        ("ComputeWorkerFunction", "ComputeQueue"),
        ("FeedbackWorkerFunction", "FeedbackQueue"),
    ],
)
def test_a_poller_may_take_from_its_own_queue_alone(name: str, queue: str) -> None:
    """Lambda receives and deletes by the worker's role."""
    polled = {(action, resource) for action, resource in allowed(name) if action in LAMBDAS_OWN}

    assert polled == {(action, queue) for action in LAMBDAS_OWN}
