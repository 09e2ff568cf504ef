"""Habitica: tasks of its API."""

from testing.exported_rows.export import NO_TASK, AppUser, Row

ROWS: list[Row] = [
    {
        "_id": "5c9e",
        "type": "todo",
        "text": "Buy bread",
        "notes": "",
        "priority": 1.5,
        "value": 0,
        "attribute": "str",
        "completed": False,
        "date": "2026-03-12T00:00:00.000Z",
        "createdAt": "2026-03-01T10:00:00.000Z",
        "checklist": [],
    },
    {"_id": "5c9f", "type": "daily", "text": "Take the pill", "priority": 0.1, "streak": 12, "everyX": 1},
]

USER = AppUser(
    [
        *ROWS,
        {
            "_id": "5ca0",
            "type": "habit",
            "text": "Drink water",
            "up": True,
            "down": False,
            "counterUp": 4,
            "priority": 1,
            "createdAt": "2023-12-30T10:00:00.000Z",
        },
        {
            "_id": "5ca1",
            "type": "daily",
            "text": "Walk the dog",
            "priority": 2,
            "completed": False,
            "isDue": True,
            "frequency": "weekly",
            "startDate": "2023-12-30T23:00:00.000Z",
            "createdAt": "2023-12-30T10:00:00.000Z",
        },
        {
            "_id": "5ca2",
            "type": "todo",
            "text": "Return the book",
            "priority": 1,
            "completed": True,
            "dateCompleted": "2026-03-10T10:00:00.000Z",
        },
    ],
    {},
    (
        NO_TASK,
        "Return the book",
        "days",
        "been open",
        "waited",
        "let it go",
        "priority",
        "no date",
        "nothing is due",
    ),
    {"tasks": {"unreadable_due": 1, "done": 1}, "unread_keys": {"tasks": "date"}},
)
