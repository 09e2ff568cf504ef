"""A body that nests far deeper than is read costs no more processor time than a flat one of its size."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from oo.contract.limits import MAX_BODY_BYTES
from testing.entries import invoke, load_handler
from testing.http_events import http_event
from testing.sqs_events import sqs_event, sqs_record
from tests.growth.measure import Reference, processor_s

SIZES = (MAX_BODY_BYTES // 16, MAX_BODY_BYTES)
NOISE = 1.5
"""Bound on the quotient, which is 0.9 at most: many short lists beside numbers."""

BEGIN, END = '{"user_id":"u","tasks":[', "1]}"
ROOM = len(BEGIN) + len(END)


def row(piece: str, size: int) -> str:
    """A body whose tasks are the piece, over and over."""
    return f"{BEGIN}{piece * ((size - ROOM) // len(piece))}{END}"


def brackets(depth: int, begin: str = "[", end: str = "]") -> str:
    """Containers inside each other, as an item of a list."""
    return f"{begin * depth}{end * depth},"


FLAT: dict[str, Callable[[int], str]] = {
    "lists": lambda size: row("[],", size),
    "objects": lambda size: row("{},", size),
    "numbers": lambda size: row("1,", size),
}
NESTED: dict[str, Callable[[int], str]] = {
    "lists": lambda size: "[" * (size // 2) + "]" * (size // 2),
    "lists without an end": lambda size: "[" * size,
    "lists in a field": lambda size: f"{BEGIN}{'[' * ((size - ROOM) // 2)}{']' * ((size - ROOM) // 2)}]}}",
    "objects": lambda size: '{"a":' * (size // 6 - 1) + "1" + "}" * (size // 6 - 1),
    "objects without an end": lambda size: '{"a":' * (size // 5),
    "lists and objects in turn": lambda size: '[{"a":' * (size // 8 - 1) + "1" + "}]" * (size // 8 - 1),
    "many lists of 9": lambda size: row(brackets(9), size),
    "many lists of 100": lambda size: row(brackets(100), size),
    "many lists of 900": lambda size: row(brackets(900), size),
    "many objects of 450": lambda size: row(brackets(450, '{"a":[', "]}"), size),
    "a deep list behind flat ones": lambda size: row("[],", size - 1_000)[:-2] + brackets(450) + END,
    "many lists beside an escape": lambda size: row(brackets(400), size).replace('"u"', r'"\ud83d\ude00"'),
}
ENTRIES: dict[str, tuple[str, str, Callable[[str], dict[str, Any]]]] = {
    "recommend": ("recommend", "app", lambda body: http_event("POST", "/recommend", raw_body=body)),
    "compute": ("compute", "app", lambda body: http_event("POST", "/agents/quick-win/compute", raw_body=body)),
    "precompute worker": ("precompute", "worker", lambda body: sqs_event(sqs_record(body))),
    "compute worker": ("compute", "worker", lambda body: sqs_event(sqs_record(body))),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("entry", ENTRIES)
def test_depth_costs_no_more_than_size(entry: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is refused, in at most the time that the dearest flat body takes."""
    function, module, event_of = ENTRIES[entry]
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", f"nested-{function}-{module}")
    handler = load_handler(function, module)

    def refuse(body: str) -> None:
        assert len(body) <= size
        answer = invoke(handler, event_of(body))
        assert answer.get("statusCode") == 422 or len(answer["batchItemFailures"]) == 1

    dearest = max((partial(refuse, body_of(size)) for body_of in FLAT.values()), key=processor_s)
    flat = Reference(dearest)
    quotients = {name: flat.quotient(partial(refuse, body_of(size)), NOISE) for name, body_of in NESTED.items()}

    assert {name: quotient for name, quotient in quotients.items() if quotient > NOISE} == {}
