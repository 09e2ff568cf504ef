"""The invented users of the demo: their tasks, and their responses to tips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from random import Random
from typing import Any, NamedTuple

from local import example
from local.story import Unfinished
from local.system import LocalSystem

NUMBER = 20
_TASKS_EACH = 4
_READ_MS = 8000
_REACTIONS: Mapping[str, Sequence[str]] = {
    "orchestrator-1": ("dismissed", "done", "snoozed", "helpful"),
    "orchestrator-2": ("done", "helpful", "dismissed", "opened"),
}
"""Actions of an arm's users, one after the other."""


class TipOfArm(NamedTuple):
    """A tip that a user received, the user's arm, and its id."""

    user_id: str
    arm: str
    content: str
    serve_id: str


def snapshots(now: datetime) -> list[dict[str, Any]]:
    """A snapshot for each user: the example's, with some of its tasks."""
    snapshot = example.snapshot(now)
    users = [f"user-{number}" for number in range(1, NUMBER + 1)]
    return [snapshot | {"user_id": user, "tasks": _some(snapshot["tasks"], user)} for user in users]


def _some(tasks: Sequence[dict[str, Any]], user: str) -> list[dict[str, Any]]:
    """The tasks of one user, the same in every run."""
    return Random(user).sample(tasks, _TASKS_EACH)  # noqa: S311  # invents people, keeps no secrets


def ask(system: LocalSystem, snapshot: Mapping[str, Any]) -> TipOfArm:
    """The user's tip. Raises Unfinished if there is none, or if its user has no arm."""
    body = {name: snapshot[name] for name in ("user_id", "tasks", "timezone")}
    answer = system.http.post("/recommend", json=body)
    if not answer.is_success:
        raise Unfinished(f"POST /recommend answered {answer.status_code}: {answer.text}")
    told = answer.json()
    receipt = told["receipt"]
    return TipOfArm(body["user_id"], receipt["experiment"]["arm"], told["tip"]["content"], receipt["serve_id"])


def answer_all(system: LocalSystem, tips: Sequence[TipOfArm]) -> dict[str, list[TipOfArm]]:
    """Send the response of each user; returns the tips by action. Raises Unfinished."""
    places = {arm: count() for arm in _REACTIONS}
    answered: dict[str, list[TipOfArm]] = {}
    for tip in tips:
        action = _REACTIONS[tip.arm][next(places[tip.arm]) % len(_REACTIONS[tip.arm])]
        body = {"user_id": tip.user_id, "serve_id": tip.serve_id, "action": action, "dwell_ms": _READ_MS}
        answer = system.http.post("/feedback", json=body)
        if not answer.is_success:
            raise Unfinished(f"POST /feedback answered {answer.status_code}: {answer.text}")
        answered.setdefault(action, []).append(tip)
    return answered
