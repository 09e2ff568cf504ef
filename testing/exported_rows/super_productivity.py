"""Super Productivity: tasks of its backup file."""

from testing.exported_rows.export import NO_TASK, AppUser, Row

ROWS: list[Row] = [
    {
        "id": "kX1",
        "projectId": "p1",
        "subTaskIds": [],
        "timeSpentOnDay": {},
        "timeSpent": 0,
        "timeEstimate": 1800000,
        "isDone": False,
        "title": "Write the talk",
        "tagIds": ["TODAY"],
        "created": 1772359200000,
        "dueDay": "2026-03-12",
    },
    {"id": "kX2", "title": "Reply to Ann", "isDone": True, "doneOn": 1773136800000, "created": 1772359200000},
]

USER = AppUser(
    [
        *ROWS,
        {
            "id": "kX3",
            "title": "Call the printer",
            "isDone": False,
            "dueWithTime": 1773334800000,
            "timeEstimate": 0,
            "created": 1772359200000,
        },
    ],
    {"tip": "«"},
    (
        NO_TASK,
        "Reply to Ann",
        "no date",
        "nothing is due",
        "nothing else",
        "been open",
        "is marked",
        "no estimate",
    ),
    {"tasks": {"unreadable_due": 2, "done": 1}, "unread_keys": {"tasks": "dueDay"}},
)
