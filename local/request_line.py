"""One line per request: `POST /recommend 200 44 ms trace=… fresh=8 used=3`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from local.terminal import FAINT, GREEN, RED, YELLOW

_LONGEST_PATH = 100
_FIRST_CLIENT_ERROR = 400
_FIRST_SERVER_ERROR = 500

Paint = Callable[[str, int], str]


def request_line(
    method: str, path: str, status: int, milliseconds: float, *, trace: str, body: object, paint: Paint
) -> str:
    """The line of an answer whose JSON is `body`: an error's `code`, a tip's snippets that are fresh and used."""
    facts = {"trace": trace, **_facts(body)}
    shown = " ".join(f"{name}={fact}" for name, fact in facts.items() if fact != "")
    line = f"{method} {path[:_LONGEST_PATH]} {paint(str(status), _colour(status))} {milliseconds:.0f} ms"
    return f"{line} {paint(shown, FAINT)}" if shown else line


def _colour(status: int) -> int:
    if status < _FIRST_CLIENT_ERROR:
        return GREEN
    return YELLOW if status < _FIRST_SERVER_ERROR else RED


def _facts(body: object) -> dict[str, Any]:
    if not isinstance(body, dict):
        return {}
    if isinstance(code := body.get("code"), str):
        return {"code": code}
    receipt = body.get("receipt")
    snippets = receipt.get("snippets") if isinstance(receipt, dict) else None
    if not isinstance(snippets, list):
        return {}
    return {
        "fresh": _count(snippets, "state", "fresh"),
        "used": _count(snippets, "used", True),
    }


def _count(snippets: list[Any], name: str, expected: object) -> int:
    return sum(isinstance(snippet, dict) and snippet.get(name) == expected for snippet in snippets)


def readable(body: bytes) -> tuple[object, bytes]:
    """A body's JSON, and its text with one field per line; a body that is not JSON is unchanged."""
    try:
        value = json.loads(body)
        return value, json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"
    except (ValueError, RecursionError):
        return None, body
