"""Conversion between a row's fields and DynamoDB's attribute values, without loss.

DynamoDB stores the values of numbers, not their notation: 1.0 comes back as 1, and more than 38 digits are rejected. So
only integers that DynamoDB compares or counts by are stored as numbers. Nested values are stored as JSON text, which
Python reads back to the same values and types.
"""

import json
from collections.abc import Mapping
from typing import Any

AttributeValue = Mapping[str, Any]

MOST_DIGITS = 38
"""Digits that a DynamoDB number holds."""


def to_item(fields: Mapping[str, Any]) -> dict[str, AttributeValue]:
    """An item of attribute values. Raises ValueError for a value that would not come back unchanged."""
    return {name: _write(value) for name, value in fields.items()}


def from_item(item: Mapping[str, AttributeValue], *, json_fields: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields of an item, those of `json_fields` parsed from JSON.

    Raises ValueError for an item that `to_item` cannot have written.
    """
    return {name: _read_json(value) if name in json_fields else _read(value) for name, value in item.items()}


def encoded_bytes(item: Mapping[str, AttributeValue]) -> int:
    """Bytes of an item as sent: an upper bound of the size by which DynamoDB limits items."""
    return len(json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode())


def _write(value: object) -> dict[str, Any]:
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": _whole_number(value)}
        case str():
            return {"S": value}
        case dict():
            return {"S": json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))}
        case _:
            raise ValueError(f"A field of type {type(value).__name__} cannot be stored")


def _whole_number(number: int) -> str:
    if abs(number) >= 10**MOST_DIGITS:
        raise ValueError(f"An integer of more than {MOST_DIGITS} digits cannot be stored")
    return str(number)


def _read(value: AttributeValue) -> Any:  # noqa: ANN401  # any plain value
    match value:
        case {"NULL": True}:
            return None
        case {"BOOL": bool(plain)} | {"S": str(plain)}:
            return plain
        case {"N": str(digits)}:
            return int(digits)
        case _:
            raise ValueError("Not an attribute value of this service's items")


def _read_json(value: AttributeValue) -> Any:  # noqa: ANN401  # any JSON value
    match value:
        case {"S": str(text)}:
            return json.loads(text)
        case _:
            raise ValueError("Not the JSON text of this service's items")
