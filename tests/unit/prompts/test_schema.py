"""The schemas of replies."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from oo.contract.kinds import Kind
from oo.prompts.schema import candidates_schema, response_format, tip_schema

TIP = {"content": "Open it.", "rationale": "It waits.", "kind": "start", "task_ref": "T1"}
CANDIDATE = {"id": "tip-one", **TIP}
UNPORTABLE = {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "format"}


def objects_in(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The schema's objects, nested ones too."""
    nested = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
    below = [found for each in nested for found in objects_in(each)]
    return [*([schema] if schema["type"] == "object" else []), *below]


@pytest.mark.parametrize("schema", [tip_schema(), candidates_schema()])
def test_schema_keeps_to_what_every_provider_takes(schema: dict[str, Any]) -> None:
    """Objects are closed, every key is required, nothing is ranged, the top is an object."""
    Draft202012Validator.check_schema(schema)

    assert schema["type"] == "object"
    assert not [word for word in UNPORTABLE if f'"{word}"' in json.dumps(schema)]
    for each in objects_in(schema):
        assert each["additionalProperties"] is False
        assert each["required"] == list(each["properties"])


def test_tip_is_valid() -> None:
    """A whole tip fits, one of an unknown kind does not, and no id is asked for."""
    validator = Draft202012Validator(tip_schema())

    assert validator.is_valid(TIP)
    assert not validator.is_valid(CANDIDATE)
    assert not validator.is_valid(TIP | {"kind": "order"})


def test_candidates_are_a_list_in_an_object() -> None:
    """Several tips are asked for under one key, a bare list does not fit."""
    validator = Draft202012Validator(candidates_schema())

    assert validator.is_valid({"candidates": [CANDIDATE, CANDIDATE]})
    assert not validator.is_valid([CANDIDATE])


def test_every_kind_is_allowed() -> None:
    """The schema and the contract name the same kinds."""
    assert list(Kind) == tip_schema()["properties"]["kind"]["enum"]


def test_response_format_is_strict() -> None:
    """The provider is asked to enforce the schema."""
    schema = tip_schema()

    assert {
        "type": "json_schema",
        "json_schema": {"name": "tip", "strict": True, "schema": schema},
    } == response_format("tip", schema)


def test_each_caller_gets_a_schema_of_its_own() -> None:
    """Changing one copy changes no other."""
    tip_schema()["properties"].clear()

    assert tip_schema()["properties"]
