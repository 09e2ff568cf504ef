"""The settings of a call to the model, from the template's parameters to the proxy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.system import LocalSystem
from testing.fake_llm import BOTH, FakeModel, fails, replies, says
from tests.integration.faults.conftest import KEY, Service

SETTINGS = {"LLM_TEMPERATURE": "off", "LLM_MAX_TOKENS": "300", "LLM_RESPONSE_FORMAT": "json_object"}


@pytest.fixture(scope="module")
def configured(model: FakeModel, recommend_alone: Path) -> Iterator[Service]:
    environment = {"LITELLM_URL": model.url, "LITELLM_API_KEY": KEY} | SETTINGS
    with LocalSystem(environment=environment, template=recommend_alone) as system:
        yield Service(system)


def test_the_settings_are_those_of_the_call(configured: Service, model: FakeModel) -> None:
    """The limit doubles from the one that is set."""
    model.plan("set", replies({"content": "<think>"}, "length"), says(BOTH))

    assert configured.recommend("set").status == 200
    bodies = [call.body for call in model.calls("set")]
    assert [body["max_tokens"] for body in bodies] == [300, 600]
    assert {str(body["response_format"]) for body in bodies} == {"{'type': 'json_object'}"}
    assert not any("temperature" in body for body in bodies)


def test_a_refused_parameter_is_remembered(configured: Service, model: FakeModel) -> None:
    """The next request of the sandbox asks once."""
    model.plan("refused", fails(400, param="response_format"), says(BOTH))
    model.plan("next", says(BOTH))

    first, second = configured.recommend("refused"), configured.recommend("next")
    assert (first.body["receipt"]["attempts"], second.body["receipt"]["attempts"]) == (2, 1)
    assert ["response_format" in call.body for call in model.calls("refused") + model.calls("next")] == [
        True,
        False,
        False,
    ]
    dropped = [line for line in configured.log(first) if line["message"] == "llm_parameter_dropped"]
    assert [(line["level"], line["parameter"]) for line in dropped] == [("WARNING", "response_format")]
