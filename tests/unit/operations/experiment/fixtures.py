"""Log lines of planted experiments."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

NAME = "tone-2"
ARMS = ("orchestrator-1", "orchestrator-2")


def served(serve_id: str, user: str | None = "u", arm: str | None = ARMS[0], **others: Any) -> dict[str, Any]:
    """A line of a served tip, with the keys around it that the service writes."""
    return {
        "level": "INFO",
        "message": "recommend_served",
        "serve_id": serve_id,
        "user": user,
        "experiment": NAME,
        "arm": arm,
        "propensity": None if arm is None else 0.5,
        "snippets": [],
        "cost_usd": 0.004,
        "degraded_reason": None,
        "latency_ms": 1200,
        "attempts": 1,
    } | others


def feedback(serve_id: str, action: str, user: str = "u", dwell_ms: object = None) -> dict[str, Any]:
    """A log line of a user's action."""
    return {
        "level": "INFO",
        "message": "feedback_received",
        "serve_id": serve_id,
        "user": user,
        "action": action,
        "dwell_ms": dwell_ms,
        "created_at": "2026-03-12T09:00:00Z",
    }


def planted(arm: str, users: int, accepted: Iterable[int], tips: int = 10, **others: Any) -> Iterator[dict[str, Any]]:
    """Lines of an arm whose users each accept the numbers of tips in turn."""
    numbers = list(accepted)
    for place in range(users):
        user = f"{arm}-{place}"
        for tip in range(tips):
            serve_id = f"{user}-{tip}"
            yield served(serve_id, user, arm, **others)
            if tip < numbers[place % len(numbers)]:
                yield feedback(serve_id, "done", user)


def text(lines: Iterable[dict[str, Any]], prefix: str = "") -> str:
    return "".join(f"{prefix}{json.dumps(line)}\n" for line in lines)
