import io
import json
import secrets
from typing import Any

from oo.telemetry.logs import LARGEST_LINE_BYTES, make_logger


def line_of(**fields: Any) -> tuple[int, dict[str, Any]]:
    """The size in bytes of the line that is logged with those fields, and the line."""
    stream = io.StringIO()
    make_logger(stream, secrets.token_hex(4)).error("event", **fields)
    (text,) = stream.getvalue().splitlines()
    return len(text.encode()), json.loads(text)


def test_a_line_is_bounded_whatever_it_lists() -> None:
    """Lists, texts, objects, and several of them; the line stays JSON with the event's name."""
    values: list[dict[str, Any]] = [
        {"listed": ["float_parsing"] * 90_000},
        {"listed": [{"agent_id": "é" * 253, "used": False}] * 1_000},
        {"text": "é" * 1_000_000},
        {"listed": ["x" * 1_000_000]},
        {"mapping": {str(number): number for number in range(100_000)}},
        {"nested": [[["x"] * 100_000]]},
        {f"key_{number}": "x" * 1_000 for number in range(100)},
        {"number": 10**4_000 // 3, "text": '"\\' * 20_000},
    ]
    for fields in values:
        size, line = line_of(**fields)
        assert size <= LARGEST_LINE_BYTES, (fields.keys(), size)
        assert line["message"] == "event"
        assert set(line["shortened"]) <= set(fields)


def test_a_line_keeps_as_much_of_a_list_as_fits() -> None:
    """The first entries stay as they are, and the line says which key lost some."""
    _, line = line_of(listed=list(range(90_000)), code="c")

    assert line["listed"] == list(range(len(line["listed"])))
    assert len(line["listed"]) > 1_000
    assert (line["shortened"], line["code"]) == (["listed"], "c")


def test_a_line_that_fits_is_left_alone() -> None:
    size, line = line_of(listed=["x" * 100] * 150)

    assert size <= LARGEST_LINE_BYTES
    assert line["listed"] == ["x" * 100] * 150
    assert "shortened" not in line
