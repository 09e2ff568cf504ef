"""TickTick: tasks of its API."""

from testing.exported_rows.export import Export

EXPORT = Export(
    [
        {
            "id": "63b7bebb91c0a5474805fcd4",
            "projectId": "6226ff9877acee87727f6bca",
            "title": "Pay VAT",
            "isAllDay": False,
            "dueDate": "2026-03-12T22:59:00+0000",
            "timeZone": "Europe/Berlin",
            "priority": 5,
            "status": 0,
            "sortOrder": 12345,
            "reminders": [],
            "items": [],
        },
        {
            "id": "63b7bebb91c0a5474805fcd5",
            "title": "Old newsletter",
            "status": 2,
            "completedTime": "2026-03-10T10:00:00+0000",
        },
        {"id": "63b7bebb91c0a5474805fcd6", "title": "Cancelled trip", "priority": 0, "status": -1},
    ],
    "«Pay VAT» is due today by 23:59",
    never=("Old newsletter", "Cancelled trip"),
)

USER = EXPORT.user(
    {"deadline-pressure": "«Pay VAT» is due today by 23:59"},
    *("priority", "in about 14 h"),
    report={"unreadable": {"tasks.priority": 2, "tasks.status": 2}},
)
