"""The recorded request in the root span of a trace."""

import json
from collections.abc import Mapping
from typing import Any

from oo.tips.recorded_request import NUMBER, REQUEST
from operations.traced_spans import TracedSpan


def request_in(root: TracedSpan) -> dict[str, Any] | None:
    """The request with all of its numbers; None if none was recorded."""
    recorded = root.attributes.get(REQUEST)
    if isinstance(recorded, str):
        try:
            recorded = json.loads(recorded)
        except ValueError:
            return None
    if not isinstance(recorded, dict) or "assumed" not in recorded:
        return None
    return {key: _with_numbers(part) for key, part in recorded.items()}


def _with_numbers(value: Any) -> Any:  # noqa: ANN401  # any JSON
    if isinstance(value, list):
        return [_with_numbers(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    if value.keys() == {NUMBER} and str(value[NUMBER]).removeprefix("-").isdecimal():
        return int(value[NUMBER])
    return {key: _with_numbers(part) for key, part in value.items()}
