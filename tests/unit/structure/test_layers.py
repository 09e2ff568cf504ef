"""The two layers: their locks, and the functions that they are attached to."""

import re
import tomllib
from pathlib import Path

import pytest

from local.deployment.environment import ROOT
from local.deployment.template import load

WHOLE = ROOT / "locks/requirements-functions.txt"
OWN = ROOT / "layers/agents/requirements.txt"
CLIENT = ROOT / "layers/mlflow_client/requirements.txt"


def pins(lock: Path) -> dict[str, str]:
    """The versions of a lock by package."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_layers_locks_are_the_parts_of_one_resolution() -> None:
    """Each package is in one layer, so both layers have the same version of it."""
    assert not pins(OWN).keys() & pins(CLIENT).keys()
    assert pins(WHOLE) == pins(OWN) | pins(CLIENT)


def test_of_the_listed_packages_only_mlflow_is_in_the_second_layer() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = {package.partition(">")[0] for package in project["dependencies"]}

    assert {"mlflow-skinny"} == listed - pins(OWN).keys() == listed & pins(CLIENT).keys()


@pytest.mark.parametrize("lock", [WHOLE, OWN, CLIENT], ids=lambda lock: str(lock.relative_to(ROOT)))
def test_a_lock_of_the_layers_has_no_addresses(lock: Path) -> None:
    """A lock names what to install, not where from."""
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", lock.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("protocol", "layers"), [("otlp", ("AgentsLayer",)), ("client", ("AgentsLayer", "MlflowClientLayer"))]
)
def test_mlflows_client_is_attached_for_its_protocol_only(protocol: str, layers: tuple[str, ...]) -> None:
    """To every function, as each of them sends traces."""
    given = {"MlflowTraceProtocol": protocol}
    functions = load(ROOT / "template.yaml", aws_endpoint="http://x", parameters=given).functions

    assert {layers} == {function.layers for function in functions.values()}
