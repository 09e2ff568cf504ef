"""The JSON Schemas of replies, in the subset that every provider behind the proxy accepts.

One object, no further keys, every key required, no ranges, lengths, patterns or formats, no array at the top: strict
modes reject one or the other of those. So the schemas require less than the prompts, and replies of every provider are
checked here.
"""

from typing import Any

from oo.contract.kinds import Kind


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def tip_schema() -> dict[str, Any]:
    """Schema of one tip; `task_ref` is an empty text if the tip names no task."""
    return _object(
        {
            "content": {"type": "string"},
            "rationale": {"type": "string"},
            "kind": {"type": "string", "enum": [kind.value for kind in Kind]},
            "task_ref": {"type": "string"},
        }
    )


def candidates_schema() -> dict[str, Any]:
    """Schema of several tips: an object with the list."""
    candidate = tip_schema()
    candidate["properties"] = {"id": {"type": "string"}, **candidate["properties"]}
    candidate["required"] = list(candidate["properties"])
    return _object({"candidates": {"type": "array", "items": candidate}})


def response_format(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The `response_format` of a chat request, with which a provider enforces the schema if it can."""
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}
