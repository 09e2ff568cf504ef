import json
import re
from typing import Any

from oo.contract.vocabulary import (
    ABSENT_DATES,
    DATE_SHAPES,
    ESTIMATE_UNITS,
    PRIORITY_WORDS,
    STATUS_WORDS,
    UNREADABLE_DATES,
)
from testing.entries import invoke, load_handler
from testing.http_events import http_event


def answer(rows: list[dict[str, Any]], agent_id: str = "deadline-pressure") -> dict[str, Any]:
    """The answer about a user with these tasks, on a Thursday at ten in Berlin."""
    body = {"user_id": "u", "now_iso": "2026-03-12T09:00:00Z", "timezone": "Europe/Berlin", "tasks": rows}
    answer = invoke(load_handler("compute"), http_event("POST", f"/agents/{agent_id}/compute", body))
    return dict(json.loads(answer["body"]))


def values(examples: tuple[str, ...]) -> list[object]:
    """The examples as they are sent: objects, numbers of seconds or milliseconds, and text."""
    parsed = [json.loads(example) for example in examples if example.startswith(("{", "177"))]
    return [*parsed, *(example for example in examples if not example.startswith("{"))]


def test_the_examples_of_dates_are_read() -> None:
    """Each is the 12th, or five in the afternoon of it."""
    for examples in DATE_SHAPES.values():
        for value in values(examples):
            given = answer([{"id": "1", "title": "Pay", "due_at": value}])

            assert given["reading"] is None, value
            assert re.search("«Pay» is due (today|in about 7 h)", given["prompt_text"]), value


def test_the_examples_of_no_date_are_absent_and_those_of_none_unknown() -> None:
    for examples, unreadable in ((ABSENT_DATES, 0), (UNREADABLE_DATES, 1)):
        for value in examples:
            reading = answer([{"id": "1", "title": "Pay", "due_at": value}])["reading"] or {}

            assert reading.get("unreadable", {}) == ({"tasks.due_at": 1} if unreadable else {}), value


def test_every_word_and_unit_is_read() -> None:
    """In capitals, and with other blanks."""
    rows: list[dict[str, Any]] = [
        *({"title": "a", "status": word} for words in STATUS_WORDS.values() for word in words),
        *({"title": "a", "priority": word.swapcase()} for words in PRIORITY_WORDS.values() for word in words),
        *({"title": "a", "estimate": {"amount": 30, "unit": unit}} for unit in ESTIMATE_UNITS if unit[0] != "h"),
    ]

    assert answer(rows)["reading"] is None
    assert (
        answer([{**row, "status": f" {row['status'].title()} "} for row in rows if "status" in row])["reading"] is None
    )
