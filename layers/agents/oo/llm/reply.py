"""Reads the JSON out of what a model wrote. It never guesses: what was cut off stays unread.

The reason of an error says what was wrong with "the reply"; people read it, and the model when it is asked again.
"""

import json
import re
from typing import Any

from oo.errors import LLMBadOutput

_FENCED = re.compile(r"```[ \t]*\w*[ \t]*\r?\n?(.*?)```", re.DOTALL)
_BEGINNING = re.compile(r'\{\s*"|\[\s*\{\s*"')


def first_object(text: str) -> dict[str, Any]:
    """The reply's object, or the first object of its array; raises LLMBadOutput."""
    value = _json_in(text)
    if isinstance(value, dict):
        return value
    objects = _objects(value)
    if not objects:
        raise LLMBadOutput("it was not a JSON object")
    return objects[0]


def several_objects(text: str) -> list[dict[str, Any]]:
    """The objects of the reply's array, which may stand under `candidates`; raises LLMBadOutput."""
    value = _json_in(text)
    if isinstance(value, dict):
        value = value.get("candidates")
    objects = _objects(value)
    if not objects:
        raise LLMBadOutput('it was not a JSON object with a list of objects under "candidates"')
    return objects


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _json_in(text: str) -> object:
    """The reply as JSON: all of it, what stands in its first code fence, or the one value that prose surrounds."""
    text = text.lstrip("\ufeff").strip()
    if not text:
        raise LLMBadOutput("it was empty")
    fenced = _FENCED.search(text)
    for candidate in (text, fenced[1] if fenced else None):
        value = _parsed(candidate)
        if value is not _NOTHING:
            return value
    beginning = _BEGINNING.search(text)
    value = _parsed_from(text, beginning.start()) if beginning else _NOTHING
    if value is _NOTHING:
        raise LLMBadOutput("it was not valid JSON")
    return value


_NOTHING = object()


def _parsed(text: str | None) -> object:
    try:
        return _NOTHING if text is None else json.loads(text)
    except (ValueError, RecursionError):
        return _NOTHING


def _parsed_from(text: str, start: int) -> object:
    try:
        return json.JSONDecoder().raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return _NOTHING
