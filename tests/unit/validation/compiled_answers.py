"""A program: answers of models to the values on its input, and whether pydantic was imported, as JSON."""

import importlib
import json
import sys
from datetime import datetime
from typing import Any


def answer(model: Any, value: object, now: datetime) -> object:
    """The fields that the model reads in a value, else its problems."""
    validation_error = importlib.import_module("oo.validation.models").ValidationError
    try:
        read = model.model_validate(value, context=now)
    except validation_error as error:
        return error.errors(include_url=False, include_context=False, include_input=False)
    notes = list(getattr(read, "notes", ()))
    copied = read.model_copy(update={})
    names = [name for name, _ in copied]
    return [read.model_dump(mode="json"), sorted(read.model_fields_set), notes, copied == read, names]


def answers(cases: list[tuple[str, Any]], now: datetime) -> list[object]:
    """The answers to values, each with the place of its model."""
    found = []
    for place, value in cases:
        module, _, name = place.partition(":")
        found.append(answer(getattr(importlib.import_module(module), name), value, now))
    return found


if __name__ == "__main__":
    given = json.load(sys.stdin)
    found = answers(given["cases"], datetime.fromisoformat(given["now"]))
    print(json.dumps({"answers": found, "is_pydantic_imported": "pydantic" in sys.modules}))  # noqa: T201
