"""Asana: tasks of its API."""

from testing.exported_rows.export import Export

EXPORT = Export(
    [
        {
            "gid": "1201",
            "resource_type": "task",
            "name": "Approve budget",
            "completed": False,
            "completed_at": None,
            "created_at": "2026-03-02T08:00:00.000Z",
            "due_on": "2026-03-12",
            "due_at": None,
            "priority": "high",
            "projects": [{"gid": "7", "name": "Office"}],
            "parent": None,
            "tags": [{"gid": "5", "name": "money"}],
            "permalink_url": "https://app.asana.example/0/7/1201",
        },
        {
            "gid": "1202",
            "resource_type": "task",
            "name": "Send the minutes",
            "completed": True,
            "completed_at": "2026-03-10T10:00:00.000Z",
            "due_on": "2026-03-10",
            "due_at": None,
        },
    ],
    "«Approve budget» is due today",
    never=("Send the minutes",),
)

USER = EXPORT.user({"deadline-pressure": "«Approve budget» is due today"}, "no date", "due in about")
