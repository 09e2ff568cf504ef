"""The choices for `make proxy`, and the sentences that it prints."""

from pathlib import Path

import pytest

from local.run_proxy import CONFIGURATION, MOCK_CONFIGURATION, ProxySettings, lacking, told
from local.settings import BadSetting
from testing.for_each import for_each

KEYS = {"tip-generator": ("OPENAI_API_KEY",), "tip-generator-fallback": ("ANTHROPIC_API_KEY",)}


def test_without_a_choice_the_teams_configuration_is_run() -> None:
    """Its models need the keys of two providers."""
    settings = ProxySettings.read({})

    assert (settings.port, settings.configuration, settings.is_mock) == (4000, CONFIGURATION, False)
    assert settings.models == KEYS


def test_the_mock_needs_no_key() -> None:
    """The stand-in's address is made at the start."""
    settings = ProxySettings.read({"MOCK": "1"})

    assert (settings.configuration, settings.models) == (MOCK_CONFIGURATION, {})


def test_another_configuration_may_be_named(tmp_path: Path) -> None:
    """Each variable that a model's parameters name counts, for all deployments of one alias."""
    file = tmp_path / "proxy.yaml"
    models = ["{api_key: os.environ/A, api_base: os.environ/B}", "{api_key: os.environ/C, rpm: 5}", "{api_key: none}"]
    file.write_text("model_list:\n" + "".join(f"- {{model_name: m, litellm_params: {one}}}\n" for one in models))

    assert ProxySettings.read({"PROXY_CONFIG": str(file)}).models == {"m": ("A", "B", "C")}


@for_each(
    ("chosen", "part"),
    [
        ({"MOCK": "yes"}, "MOCK is 'yes'"),
        ({"MOCK": "1", "PROXY_CONFIG": "x"}, "leave out PROXY_CONFIG, or MOCK"),
        ({"PROXY_PORT": "http"}, "PROXY_PORT is 'http'"),
        ({"PROXY_CONFIG": "nowhere.yaml"}, "nowhere.yaml cannot be read (No such file or directory)"),
        ({"PROXY_CONFIG": "local"}, "local cannot be read (Is a directory)"),
        ({"PROXY_CONFIG": "layers/agents/requirements.txt"}, "is no YAML file"),
        ({"PROXY_CONFIG": "local/sam-local.json"}, "has no model_list"),
    ],
)
def test_an_unusable_choice_is_one_sentence(chosen: dict[str, str], part: str) -> None:
    """It names the variable and the fault."""
    with pytest.raises(BadSetting) as refused:
        ProxySettings.read(chosen)

    assert part in str(refused.value)
    assert "\n" not in str(refused.value)


NONE = (
    "No provider's key is set, so every tip will fail with llm_upstream_error."
    " Set OPENAI_API_KEY (tip-generator) or ANTHROPIC_API_KEY (tip-generator-fallback). make proxy MOCK=1 needs none."
)
ONE = "Not set: ANTHROPIC_API_KEY (tip-generator-fallback). Requests to these models will fail."


@for_each(
    ("environment", "sentence"),
    [({}, NONE), ({"OPENAI_API_KEY": "sk-x"}, ONE), ({"OPENAI_API_KEY": "sk-x", "ANTHROPIC_API_KEY": "sk-y"}, "")],
)
def test_missing_keys_are_said_before_the_start(environment: dict[str, str], sentence: str) -> None:
    """With the model that needs each."""
    assert lacking(KEYS, environment) == sentence


def test_a_key_of_the_persons_own_is_not_printed() -> None:
    """The command names its variable; a key that was made up is printed, as only this proxy knows it."""
    assert "LITELLM_API_KEY=$LITELLM_MASTER_KEY make run" in told("http://127.0.0.1:4000", "$LITELLM_MASTER_KEY")
