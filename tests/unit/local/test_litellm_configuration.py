from typing import Any

import yaml

from local.deployment.environment import ROOT
from oo.llm.completion import ALIAS
from testing.for_each import for_each

CONFIGURATION: dict[str, Any] = yaml.safe_load((ROOT / "local" / "litellm.yaml").read_text(encoding="utf-8"))
MODELS = {model["model_name"]: model["litellm_params"] for model in CONFIGURATION["model_list"]}


def test_the_proxy_knows_the_alias_and_what_stands_in_for_it() -> None:
    """The service asks for one name; its fallback is another model of the same file."""
    (fallbacks,) = CONFIGURATION["router_settings"]["fallbacks"]

    assert fallbacks == {ALIAS: [name for name in MODELS if name != ALIAS]}


@for_each(
    "value",
    [
        *(params["api_key"] for params in MODELS.values()),
        CONFIGURATION["general_settings"]["master_key"],
        CONFIGURATION["general_settings"]["database_url"],
    ],
)
def test_secrets_come_from_the_environment(value: str) -> None:
    """The file can be committed."""
    assert value.startswith("os.environ/")


def test_the_proxy_retries_nothing() -> None:
    """One layer retries, and it is the one that knows the deadline."""
    settings = [CONFIGURATION["router_settings"], CONFIGURATION["litellm_settings"]]

    assert [each["num_retries"] for each in settings] == [0, 0]
    assert [params["max_retries"] for params in MODELS.values()] == [0] * len(MODELS)


def test_every_model_has_a_budget() -> None:
    """A loop somewhere costs a day's budget, not a month's."""
    assert all(params["max_budget"] > 0 and params["budget_duration"] == "1d" for params in MODELS.values())
