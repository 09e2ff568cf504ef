"""The deployment with given parameters: the template after SAM's transform, its conditions decided."""

import itertools
import json
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

from local.deployment.environment import ROOT
from local.deployment.intrinsics import NO_VALUE, Resolver, parameter_value

Parameters = Mapping[str, str]
PYTHON = ROOT / ".venv-sam" / "bin" / "python"
EXPAND = ROOT / "tests" / "template" / "expand.py"
ARN = "arn:aws:{}:eu-central-1:123456789012:{}"
CHOICES: dict[str, dict[str, str]] = {
    "arm": {"Architecture": "arm64"},
    "secret": {
        "LiteLLMKeySecretKmsKeyArn": ARN.format("kms", "key/of-the-secret"),
        "LiteLLMKeySecretArn": ARN.format("secretsmanager", "secret:litellm-AbCdEf"),
        "PseudonymKeySecretArn": ARN.format("secretsmanager", "secret:pseudonyms-AbCdEf"),
        "MlflowCredentialsSecretArn": ARN.format("secretsmanager", "secret:mlflow-AbCdEf"),
        "LiteLLMCaBundle": ARN.format("secretsmanager", "secret:proxy-authority-AbCdEf"),
        "MlflowCaBundle": ARN.format("secretsmanager", "secret:mlflow-authority-AbCdEf"),
    },
    "jwt": {"JwtIssuer": "https://issuer.example", "JwtAudience": "tips,admin"},
    "breaker": {"LLMCircuitBreaker": "on"},
    "topic": {
        "AlarmTopicArn": ARN.format("sns", "alarms"),
        "OkTopicArn": ARN.format("sns", "ends"),
        "RunbookUrl": "https://wiki.example/tips",
    },
    "cors": {"CorsOrigins": "https://app.example,https://admin.example"},
    "key": {"KmsKeyArn": ARN.format("kms", "key/0000"), "DeletionProtection": "on"},
    "company": {
        "Deployment": "Canary10Percent5Minutes",
        "PermissionsBoundaryArn": "arn:aws:iam::123456789012:policy/boundary",
        "VpcSubnetIds": "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
        "VpcSecurityGroupIds": "sg-0123456789abcdef0",
        "DomainName": "tips.example.com",
        "CertificateArn": ARN.format("acm", "certificate/0000"),
        "Stage": "prod",
    },
}
"""The main choices, each with the parameters that make it."""

USERS_TOKENS = frozenset({"jwt", "cors"})
"""Tokens that browsers bring are those of users."""

USER_CLAIM = {"JwtUserClaim": "username"}
"""The parameter that goes with both of these choices."""

_PROCESSES = 2


class _Everything(Mapping[str, str]):
    """Answers a name with itself, which stands for the physical name of a resource."""

    def __init__(self, known: dict[str, Any]) -> None:
        self._known = known

    def __getitem__(self, name: str) -> Any:
        return self._known.get(name, name)

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


@dataclass(frozen=True)
class Deployment:
    """The resources of one set of parameters; references are names, attributes are `Name.Attribute`.

    `template` is CloudFormation's input, in which references are unresolved.
    """

    choices: frozenset[str]
    resources: dict[str, dict[str, Any]]
    template: dict[str, Any]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Their properties by logical id."""
        return {name: one.get("Properties", {}) for name, one in self.resources.items() if one["Type"] == kind}

    def __str__(self) -> str:
        """For the name of a test."""
        return "+".join(sorted(self.choices)) or "defaults"


@cache
def all_deployments() -> tuple[Deployment, ...]:
    """One for each combination of the main choices."""
    sets = [frozenset(some) for size in range(len(CHOICES) + 1) for some in itertools.combinations(CHOICES, size)]
    return tuple(deployments(sets))


def deployments(sets: list[frozenset[str]]) -> Iterator[Deployment]:
    """One for each of these sets of choices."""
    given = [_parameters(some) for some in sets]
    parts = [given[place::_PROCESSES] for place in range(_PROCESSES)]
    with ThreadPoolExecutor() as pool:
        expanded = list(pool.map(_expanded, parts))
    for place, (some, parameters) in enumerate(zip(sets, given, strict=True)):
        template = expanded[place % _PROCESSES][place // _PROCESSES]
        yield Deployment(some, _decided(template, parameters), template)


def _parameters(choices: frozenset[str]) -> dict[str, str]:
    chosen = {name: value for choice in choices for name, value in CHOICES[choice].items()}
    return chosen | (USER_CLAIM if choices >= USERS_TOKENS else {})


def deployed(layer: str = "layer", **parameters: str) -> Deployment:
    """One deployment; `layer` stands for the layer's content."""
    [template] = _expanded([parameters], layer)
    return Deployment(frozenset(), _decided(template, parameters), template)


def _expanded(sets: list[dict[str, str]], layer: str = "layer") -> list[dict[str, Any]]:
    """The template after SAM's transform, once for each set of parameters."""
    done = subprocess.run(
        [str(PYTHON), str(EXPAND), str(ROOT / "template.yaml"), layer],
        input=json.dumps(sets),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    templates: list[dict[str, Any]] = json.loads(done.stdout)
    return templates


def _decided(template: dict[str, Any], given: Parameters) -> dict[str, dict[str, Any]]:
    values = {
        name: parameter_value(one, given.get(name, str(one.get("Default", ""))))
        for name, one in template["Parameters"].items()
    }
    known = {**values, "AWS::NoValue": NO_VALUE, "AWS::Partition": "aws"}
    conditions, mappings = template.get("Conditions"), template.get("Mappings")
    resolver = Resolver(_Everything(known), _Everything({}), conditions, mappings)
    return {
        name: resolver.resolve({key: part for key, part in one.items() if key != "Condition"})
        for name, one in template["Resources"].items()
        if "Condition" not in one or resolver.resolve({"Condition": one["Condition"]})
    }
