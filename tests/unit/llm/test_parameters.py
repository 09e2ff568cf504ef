import json
from typing import Any

import httpx

from oo.contract.shown_ids import hashed
from oo.llm.parameters import OPTIONAL, Parameters, ResponseFormat
from testing.for_each import for_each
from testing.wire import ask_once, client_of, completion

SCHEMA = {"type": "json_schema", "json_schema": {"name": "tip"}}


def sent_with(parameters: Parameters) -> dict[str, Any]:
    """The optional parameters of one call."""
    seen: list[dict[str, Any]] = []

    def proxy(request: httpx.Request) -> httpx.Response:
        seen.append(json.loads(request.content))
        return httpx.Response(200, json=completion())

    ask_once(client_of(proxy, parameters=parameters), max_tokens=321, response_format=SCHEMA)
    return {name: value for name, value in seen[0].items() if name not in ("model", "messages")}


def test_a_call_has_all_of_them() -> None:
    """Each with its default."""
    assert sent_with(Parameters()) == {
        "temperature": 0.7,
        "max_tokens": 321,
        "user": hashed("user-7"),
        "response_format": SCHEMA,
    }


@for_each(("setting", "sent"), [("json_schema", SCHEMA), ("json_object", {"type": "json_object"}), ("off", None)])
def test_the_form_of_the_reply_is_a_setting(setting: ResponseFormat, sent: object) -> None:
    """Not every provider takes a schema."""
    assert sent_with(Parameters(response_format=setting)).get("response_format") == sent


def test_the_temperature_can_be_another_or_none() -> None:
    """Several families of models take the default of their provider only."""
    assert sent_with(Parameters(temperature=0))["temperature"] == 0
    assert "temperature" not in sent_with(Parameters(temperature=None))


@for_each("name", OPTIONAL)
def test_a_refused_parameter_is_left_out(name: str) -> None:
    """The limit of tokens alone stays, under its newer name."""
    parameters = Parameters()
    parameters.refuse(name)
    sent = sent_with(parameters)

    assert name not in sent
    assert sent.get("max_completion_tokens") == (321 if name == "max_tokens" else None)
    assert len(sent) == (4 if name == "max_tokens" else 3)
