"""Apple Reminders: reminders of EventKit."""

from testing.exported_rows.export import SMALLER_IS_HIGHER, AppUser, Row

ROWS: list[Row] = [
    {
        "externalId": "A1",
        "title": "Fetch the parcel",
        "isCompleted": False,
        "priority": 1,
        "list": "Home",
        "dueDate": "2026-03-12T23:00:00Z",
        "creationDate": "2026-03-01T10:00:00Z",
    },
    {"externalId": "A2", "title": "Mow the lawn", "isCompleted": True, "completionDate": "2026-03-10T10:00:00Z"},
]

USER = AppUser(
    [
        {
            "calendarItemIdentifier": f"A{day}",
            "title": title,
            "isCompleted": False,
            "completionDate": None,
            "creationDate": "2026-03-01T10:00:00Z",
            "dueDate": f"2026-03-{day}T23:00:00Z",
            "priority": priority,
            "hasAlarms": True,
            "flagged": False,
            "list": "Home",
        }
        for day, title, priority in (
            (11, "Fetch the parcel", 1),
            (18, "Mow the lawn", 9),
            (24, "Paint the door", 0),
        )
    ]
    + [
        {
            "calendarItemIdentifier": "A9",
            "title": "Buy paint",
            "isCompleted": True,
            "completionDate": "2026-03-10T10:12:00Z",
        }
    ],
    {"deadline-pressure": "«Fetch the parcel» is due today", "tip": "«Fetch the parcel»"},
    ("Buy paint", "past its date", "low priority", "1 day"),
    {"": {"assumed": ["due_at=dates"]}},
    SMALLER_IS_HIGHER,
)
