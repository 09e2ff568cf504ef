"""Writes deployments for scanners to look at: `.venv-sam/bin/python -m tests.template.scanned FOLDER`.

Below FOLDER, `expanded` has CloudFormation's input for each set of parameters, with conditions; `decided` has the
result, with notes for checkov on the resources to which one of its checks does not apply.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.template.deployments import CHOICES, Deployment, deployments

SETS: dict[str, frozenset[str]] = {
    "defaults": frozenset(),
    **{choice: frozenset({choice}) for choice in ("jwt", "key", "breaker", "cors", "topic", "company")},
    "everything": frozenset(CHOICES),
}
"""By the name of their file."""


@dataclass(frozen=True)
class Exemption:
    """A check that does not hold for the resources of a type, and why."""

    check: str
    kind: str
    reason: str


WITHOUT_A_KEY = (
    Exemption("CKV_AWS_27", "AWS::SQS::Queue", "SQS' own key encrypts it; the check counts keys of KMS alone"),
    Exemption("CKV_AWS_119", "AWS::DynamoDB::Table", "DynamoDB's own key encrypts it"),
    Exemption("CKV_AWS_158", "AWS::Logs::LogGroup", "CloudWatch's own key encrypts it"),
)
"""Hold where KmsKeyArn is given."""

INTERFACES = Exemption(
    "CKV_AWS_111",
    "VpcPolicy",
    "Lambda creates the interfaces: their ids are unknown, and the functions' code is denied",
)

MADE_ANEW = Exemption("CKV_AWS_28", "CircuitTable", "One row that is made anew within seconds: nothing to restore")


def exemptions(deployment: Deployment, name: str) -> Iterator[Exemption]:
    """Those of one resource."""
    if "key" not in deployment.choices:
        yield from (each for each in WITHOUT_A_KEY if each.kind == deployment.resources[name]["Type"])
    yield from (each for each in (MADE_ANEW, INTERFACES) if each.kind == name)


def noted(deployment: Deployment) -> dict[str, Any]:
    """The deployment's resources with notes of the checks that do not apply to them."""
    resources = {}
    for name, resource in deployment.resources.items():
        skips = [{"id": each.check, "comment": each.reason} for each in exemptions(deployment, name)]
        resources[name] = {**resource, "Metadata": {"checkov": {"skip": skips}}} if skips else resource
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}


def main(folder: Path) -> None:
    """Write each."""
    for name, deployment in zip(SETS, deployments(list(SETS.values())), strict=True):
        for kind, document in {"expanded": deployment.template, "decided": noted(deployment)}.items():
            (folder / kind).mkdir(parents=True, exist_ok=True)
            (folder / kind / f"{name}.json").write_text(json.dumps(document, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
