"""Snapshots to precompute in tests."""

from typing import Any

from testing.sqs_events import SENT_MS

_TASKS: list[dict[str, Any]] = [
    {"id": "t1", "title": "Send the report", "status": "open", "due_at": "2026-03-13T16:00:00Z"},
    {"id": "t2", "title": "Call the dentist", "status": "open", "estimate_minutes": 5},
]


def snapshot(user_id: str = "user-7", *, version: int = SENT_MS, open_tasks: int = 2, **changes: Any) -> dict[str, Any]:
    """A user with up to two open tasks, at half past nine on a Thursday."""
    return {
        "user_id": user_id,
        "tasks": _TASKS[:open_tasks],
        "now_iso": "2026-03-12T09:30:00Z",
        "snapshot_version": version,
        **changes,
    }
