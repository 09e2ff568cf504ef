"""Taskwarrior: rows of `task export`."""

from testing.exported_rows.export import NO_TASK, Export

EXPORT = Export(
    [
        {
            "id": 173,
            "description": "data tables in hugo",
            "due": "20260312T225959Z",
            "entry": "20260104T193414Z",
            "modified": "20260104T193414Z",
            "priority": "H",
            "project": "site",
            "status": "pending",
            "tags": ["web"],
            "urgency": 14.2,
            "uuid": "8d71c1e1-0f4a-4c52-9ad4-6d6b25a2a1a1",
        },
        {
            "id": 0,
            "description": "weekly review",
            "entry": "20260104T193414Z",
            "recur": "weekly",
            "status": "recurring",
            "uuid": "8d71c1e1-0f4a-4c52-9ad4-6d6b25a2a1a2",
        },
        {
            "id": 0,
            "description": "pay the hoster",
            "end": "20260310T100000Z",
            "entry": "20260104T193414Z",
            "status": "completed",
            "uuid": "8d71c1e1-0f4a-4c52-9ad4-6d6b25a2a1a3",
        },
        {
            "id": 0,
            "description": "wrong entry",
            "end": "20260310T100000Z",
            "entry": "20260104T193414Z",
            "status": "deleted",
            "uuid": "8d71c1e1-0f4a-4c52-9ad4-6d6b25a2a1a4",
        },
    ],
    "«data tables in hugo» is due today",
    never=("pay the hoster", "wrong entry"),
)

USER = EXPORT.user(
    {},
    *(NO_TASK, "data tables", "hugo", "weekly review", "«"),
    report={"tasks": {"untitled": 2}, "unread_keys": {"tasks": "description"}},
)
