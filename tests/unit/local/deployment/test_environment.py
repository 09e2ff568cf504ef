"""A function's environment."""

from pathlib import Path

import pytest

from local.deployment.environment import LAYER, Surroundings
from local.deployment.template import Function

AWS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_SESSION_TOKEN": "local",
    "AWS_ENDPOINT_URL": "http://aws",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def _environment(declared: dict[str, str], host: dict[str, str]) -> dict[str, str]:
    function = Function("F", Path(), "app.handler", 3, 128, "python3.13", declared)
    found = Surroundings(host, "http://aws", "http://model", "model-key").environment(function)
    return {name: text for name, text in found.items() if name not in AWS and name not in {"PATH", "PYTHONPATH"}}


def test_a_function_is_pointed_at_this_machine() -> None:
    """AWS, its credentials and the layer are local for any template."""
    function = Function("F", Path(), "app.handler", 3, 128, "python3.13", {})

    found = Surroundings({"PATH": "/bin"}, "http://aws", "", "").environment(function)

    assert found == {**AWS, "PATH": "/bin", "PYTHONPATH": str(LAYER)}


def test_a_folder_can_be_put_before_the_layer() -> None:
    """Its modules are found first, as an injected fault has to be."""
    function = Function("F", Path(), "app.handler", 3, 128, "python3.13", {})

    found = Surroundings({"FUNCTION_PYTHONPATH": "/faults"}, "http://aws", "", "").environment(function)

    assert found["PYTHONPATH"] == f"/faults:{LAYER}"


@pytest.mark.parametrize("declared", [{}, {"TIP_FALLBACK": "off"}])
def test_a_setting_of_the_host_reaches_who_declares_it(declared: dict[str, str]) -> None:
    """A function that does not declare it does not get it, as on AWS."""
    assert _environment(declared, {"TIP_FALLBACK": "template"}) == dict.fromkeys(declared, "template")


def test_an_empty_setting_of_the_host_leaves_the_declared_one() -> None:
    """Unset and empty are the same."""
    assert _environment({"LLM_BUDGET_S": "25"}, {"LLM_BUDGET_S": ""}) == {"LLM_BUDGET_S": "25"}


def test_a_function_that_asks_the_model_gets_its_address_and_key() -> None:
    """Where there is a key no secret is looked for."""
    declared = {"LITELLM_URL": "", "LITELLM_API_KEY": "", "LITELLM_API_KEY_SECRET": "arn"}

    assert _environment(declared, {}) == {
        "LITELLM_URL": "http://model",
        "LITELLM_API_KEY": "model-key",
        "LITELLM_API_KEY_SECRET": "",
    }


def test_a_secret_that_the_host_names_is_used_instead_of_a_key() -> None:
    """The function looks it up in the local AWS."""
    declared = {"LITELLM_API_KEY": "", "LITELLM_API_KEY_SECRET": ""}

    assert _environment(declared, {"LITELLM_API_KEY_SECRET": "proxy-key"}) == {
        "LITELLM_API_KEY": "",
        "LITELLM_API_KEY_SECRET": "proxy-key",
    }
