"""JSON values as DynamoDB's attribute values and back.

Numbers are text on DynamoDB's wire, so a float goes as the shortest decimal that reads back as itself. DynamoDB itself
keeps values, not spellings: a whole float such as 1.0 comes back as the equal integer.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

AttributeValue = Mapping[str, Any]

MOST_DIGITS = 38
"""Significant digits that a DynamoDB number holds; its exponent ends at 125, its fraction at -130."""

_LARGEST = 1e125
_SMALLEST = 1e-130


def to_item(fields: Mapping[str, Any]) -> dict[str, AttributeValue]:
    """An item of attribute values; raises ValueError for what DynamoDB cannot hold."""
    return {name: _write(value) for name, value in fields.items()}


def from_item(item: Mapping[str, AttributeValue]) -> dict[str, Any]:
    """The fields of an item; raises ValueError for types that `to_item` never writes."""
    return {name: _read(value) for name, value in item.items()}


def encoded_bytes(item: Mapping[str, AttributeValue]) -> int:
    """Bytes of an item as it is sent, which is never less than what DynamoDB counts towards its limit."""
    return len(json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode())


def _write(value: object) -> dict[str, Any]:  # one line for each of JSON's types
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case int() | float():
            return {"N": _written_number(value)}
        case str():
            return {"S": value}
        case list() | tuple():
            return {"L": [_write(one) for one in value]}
        case dict():
            return {"M": to_item(value)}
        case _:
            raise ValueError(f"{type(value).__name__} is no JSON value")


def _written_number(number: float) -> str:
    if isinstance(number, int):
        if len(str(abs(number))) > MOST_DIGITS:
            raise ValueError(f"An integer of more than {MOST_DIGITS} digits cannot be stored")
    elif not math.isfinite(number) or (number and not _SMALLEST <= abs(number) < _LARGEST):
        raise ValueError("A number out of DynamoDB's range cannot be stored")
    return repr(number)


def _read(value: AttributeValue) -> Any:  # noqa: ANN401  # any JSON value
    match value:
        case {"NULL": True}:
            return None
        case {"BOOL": bool(plain)} | {"S": str(plain)}:
            return plain
        case {"N": str(digits)}:
            return int(digits) if digits.lstrip("-").isdecimal() else float(digits)
        case {"L": list(members)}:
            return [_read(one) for one in members]
        case {"M": dict(members)}:
            return from_item(members)
        case _:
            raise ValueError("Not an attribute value of this service's items")
