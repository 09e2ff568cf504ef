"""One invented user with tasks around today, for trying the service."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

USER = "user-7"
TIMEZONE = "Europe/Berlin"
# Title, hours until it is due, priority of 4, minutes, days since it was written down, project. Overdue tasks are
# overdue since another day, at any hour of today.
_TASKS: tuple[tuple[str, int | None, int, int, int, str], ...] = (
    ("Send the invoice to Marlow", 5, 3, 25, 4, "studio"),
    ("Book the dental check-up", None, 4, 10, 23, "home"),
    ("Draft the outline of the talk", 46, 3, 90, 9, "talk"),
    ("Pick photos for the talk", 70, 2, 30, 9, "talk"),
    ("Answer the landlord about the boiler", -26, 2, 15, 6, "home"),
    ("Sort the receipts in the drawer", None, 1, 40, 41, "home"),
    ("Renew the library card", 140, 1, 10, 2, "home"),
)
_COMPLETIONS = 24


def tasks(now: datetime) -> list[dict[str, Any]]:
    """The user's open tasks at `now`, an aware datetime."""
    return [
        {
            "id": f"task-{number}",
            "title": title,
            "due_at": None if hours is None else _iso(now + timedelta(hours=hours)),
            "priority": priority,
            "estimate_minutes": minutes,
            "created_at": _iso(now - timedelta(days=age)),
            "project_id": project,
        }
        for number, (title, hours, priority, minutes, age, project) in enumerate(_TASKS, start=1)
    ]


def completions(now: datetime) -> list[dict[str, Any]]:
    """The user's recent completions: one task per day, in the morning, a little after it was due."""
    days = (now - timedelta(days=age, hours=age % 3) for age in range(1, _COMPLETIONS + 1))
    return [
        {
            "project_id": "studio",
            "completed_at": _iso(day.replace(hour=8)),
            "due_at": _iso(day.replace(hour=8) - timedelta(hours=4)),
        }
        for day in days
    ]


def snapshot(now: datetime) -> dict[str, Any]:
    """The user's message for `PrecomputeQueue`, as from a backend."""
    return {
        "user_id": USER,
        "tasks": tasks(now),
        "task_completions": completions(now),
        "timezone": TIMEZONE,
        "snapshot_version": int(now.timestamp() * 1000),
    }


def curl(base_url: str) -> str:
    """A command of two lines that requests the user's tip; its body is `events/tip.json`."""
    return f"curl -s {base_url}/recommend -H 'content-type: application/json' \\\n  -d @events/tip.json"


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
