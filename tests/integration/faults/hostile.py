"""Hostile bodies and events for the HTTP functions, drawn from a seed: sound ones with some of their parts replaced.

Hypothesis finds the small cases (`bodies`); these are also large, and quick to draw, so that tens of thousands of them
show whether a function's memory grows.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

from oo.contract.limits import MAX_BODY_BYTES
from oo.contract.routes import RECOMMEND, ROUTES, Route
from testing.http_events import http_event
from tests.unit.test_other_events import EVENTS

CANARY = "planted-7f3a"
"""Stands in every text that a hostile caller sends; no log line may hold it."""

LARGEST_EVENT = 4_000_000
"""Characters; Lambda itself takes up to 6 MB."""

_ROW = {"id": "t1", "title": "Send the invoice", "due_at": "2026-03-12T17:00:00Z", "project_id": "p", "priority": 3}
_EVENT = {"action": "done", "dwell_ms": 900, "created_at": "2026-03-11T09:00:00Z"}
_DONE = {"project_id": "p", "completed_at": "2026-03-11T09:00:00Z", "due_at": None}
_SNIPPET = {"agent_id": "quick-win", "prompt_text": "A short one fits.", "computed_at": "2026-03-12T08:00:00Z"}
_USER = {"user_id": "u", "now_iso": "2026-03-12T09:00:00Z", "timezone": "Europe/Berlin"}
_CLOCK = {"hour_of_day": 9, "day_of_week": 3}
BODIES: Mapping[str, dict[str, Any]] = {
    "compute": _USER
    | {"tasks": [_ROW] * 3, "profile": {"tenure_d": 3}, "feedback_history": [_EVENT], "agent_prefs": {"note": "x"}},
    "infer": _USER | {"feedback_history": [_EVENT] * 3, "task_completions": [_DONE] * 3},
    "recommend": _USER
    | _CLOCK
    | {"agent_outputs": [_SNIPPET] * 2, "tasks": [_ROW] * 3, "science_destiny": 50, "recent_tips": [{"content": "x"}]},
    "generate": _USER | {"context": _CLOCK | {"tasks": [_ROW] * 3, "extra": {"a": 1}, "profile_features": {}}, "n": 2},
    "feedback": {"user_id": "u", "serve_id": "0" * 32, "comment": "x", "candidate_id": "tip-1"} | _EVENT,
}

Make = Callable[[Random], Any]

_SMALL: tuple[Make, ...] = (
    lambda _: None,
    lambda _: True,
    lambda _: "",
    lambda _: {},
    lambda _: [],
    lambda draw: draw.choice([-1, 0, 24, 10**18, 10**299, -0.0, 1e308, float("nan"), float("inf")]),
    lambda draw: draw.choice([CANARY, f"{CANARY}\ud800", f"\u202e{CANARY}\u200b", f"«{CANARY}»", f"{CANARY}\x00"]),
    lambda draw: draw.choice(["__class__", "../../etc/passwd", "1e999", "NaN", "2099-01-01", "Mars/Olympus", "«"]),
    lambda _: {CANARY: {CANARY: [CANARY]}},
    lambda _: [CANARY] * 3,
    lambda _: [[[[[[[[[[CANARY]]]]]]]]]],
)
_LARGE: tuple[Make, ...] = (
    lambda draw: {f"{CANARY}{number}": "" for number in range(draw.choice([256, 257, 10_000, 36_000]))},
    lambda draw: [CANARY] * draw.choice([101, 2_000, 2_001, 40_000]),
    lambda draw: [{}] * draw.choice([100, 2_001]),
    lambda draw: [{"agent_id": f"{CANARY} é".ljust(253, "é"), "prompt_text": "x"}] * draw.choice([20, 100]),
    lambda draw: [_ROW | {"id": CANARY + str(number)} for number in range(draw.choice([300, 2_000]))],
    lambda draw: CANARY * draw.choice([500, 20_000, 60_000, 80_000]),
    lambda draw: "\x80" * draw.choice([300, 100_000, 400_000]),
    lambda draw: [{"id": "é" * 200_000, "title": "«" * 999, "due_at": "2026-03-12T17:00:00Z"}] * draw.choice([1, 2]),
)


def _value(draw: Random) -> Any:
    """Mostly small ones: a large one takes a hundred times as long."""
    return draw.choice(_LARGE if draw.random() < 0.05 else _SMALL)(draw)


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a document, itself left out."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield (*place, key)
        yield from _places(value[key], (*place, key))


def _mutated(draw: Random, document: dict[str, Any], value: Make) -> dict[str, Any]:
    """A copy with one to four of its parts replaced or removed, and not larger than Lambda lets through."""
    while len(json.dumps(changed := _changed(draw, document, value))) > LARGEST_EVENT:
        pass
    return changed


def _changed(draw: Random, document: dict[str, Any], value: Make) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(document))
    for _ in range(draw.randint(1, 4)):
        *path, last = draw.choice(list(_places(copy)) or [("added",)])
        owner: Any = copy
        for step in path:
            owner = owner[step]
        if draw.random() < 0.1 and isinstance(owner, dict):
            owner.pop(last, None)
        else:
            owner[last] = value(draw)
    return copy


def _text(draw: Random, body: dict[str, Any]) -> str:
    """The body as text, now and then spoiled as such."""
    text = json.dumps(body, ensure_ascii=draw.random() < 0.5)
    spoilt = draw.random()
    if spoilt < 0.03:
        return text[: draw.randrange(len(text))]
    if spoilt < 0.06:
        at = draw.randrange(len(text))
        return (
            text[:at] + draw.choice(["NaN", "\\ud800", ",", "\x00", "\ufeff", "[" * 5_000, '{"a":' * 5_000]) + text[at:]
        )
    return text if spoilt < 0.999 else text.ljust(MAX_BODY_BYTES + draw.choice([0, 1]))


class _Largest(Random):
    """Draws the last of each list, which is the largest here."""

    def choice(self, seq: Any) -> Any:
        return seq[-1]


def large_bodies() -> Iterator[tuple[Route, dict[str, Any]]]:
    """Each large value once in each field, so that a process has grown as far as such bodies make it."""
    yield RECOMMEND, http_event("POST", "/recommend", raw_body=CANARY * (LARGEST_EVENT // len(CANARY)))
    for route in (route for route in ROUTES if route.method == "POST"):
        for field in BODIES[route.name]:
            for make in _LARGE:
                body = json.dumps(BODIES[route.name] | {field: make(_Largest())}, ensure_ascii=False)
                yield route, http_event("POST", route.path.replace("{agent_id}", "quick-win"), raw_body=body)


def bodies(seed: int, number: int) -> Iterator[tuple[Route, dict[str, Any]]]:
    """Events of API Gateway with hostile bodies, and the routes that they are for."""
    draw = Random(seed)  # noqa: S311  # for tests
    routes = [route for route in ROUTES if route.method == "POST"]
    for _ in range(number):
        route = draw.choice(routes)
        agent = draw.choice(["quick-win", "peak-hours", "project-focus", "lateness-buffer", CANARY])
        event = http_event("POST", route.path.replace("{agent_id}", agent))
        event["body"] = _text(draw, _mutated(draw, BODIES[route.name], _value))
        event |= {"routeKey": f"POST {route.path}", "pathParameters": {"agent_id": agent}}
        if draw.random() < 0.1:
            encoded = base64.b64encode(event["body"].encode(errors="surrogatepass")).decode()
            event |= {"body": encoded, "isBase64Encoded": True}
        yield route, event


def events(seed: int, number: int) -> Iterator[tuple[Route, Any]]:
    """Events of any kind and shape, and routes whose functions are called with them."""
    draw = Random(seed)  # noqa: S311  # for tests
    for _ in range(number):
        route = draw.choice(ROUTES)
        sound = http_event(route.method, route.path, BODIES.get(route.name))
        sound["requestContext"]["authorizer"] = {"jwt": {"claims": {"sub": "u"}, "scopes": None}}
        kind = draw.random()
        if kind < 0.7:
            yield route, _mutated(draw, sound, _value)
        elif kind < 0.8:
            yield route, _value(draw)
        else:
            _, other = draw.choice(EVENTS)
            yield route, _mutated(draw, other, _value) if isinstance(other, dict) and draw.random() < 0.5 else other
