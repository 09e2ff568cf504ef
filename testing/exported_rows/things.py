"""Things: rows of its database."""

from testing.exported_rows.export import AppUser, Row

ROWS: list[Row] = [
    {
        "uuid": "6Hf2",
        "type": "to-do",
        "title": "Renew the lease",
        "status": "incomplete",
        "start": "Anytime",
        "area": "Home",
        "deadline": "2026-03-12",
        "stop_date": None,
        "created": "2026-03-01 10:00:00",
        "modified": "2026-03-01 10:00:00",
    },
    {"uuid": "6Hf3", "type": "to-do", "title": "Learn to sail", "status": "incomplete", "start": "Someday"},
]

USER = AppUser(
    [
        *ROWS,
        {"uuid": "6Hf4", "title": "Sell the bike", "status": "completed", "stop_date": "2026-03-10 12:00:00"},
        {"uuid": "6Hf5", "title": "Call the agency", "status": "canceled", "deadline": "2026-03-12"},
        {"uuid": "6Hf6", "title": "Old draft", "status": "incomplete", "trashed": True, "deadline": "2026-03-12"},
    ],
    {"deadline-pressure": "«Renew the lease» is due today; nothing else is due today", "tip": "«Renew the lease»"},
    ("Sell the bike", "Call the agency", "Old draft", "past its date"),
    {"unread_keys": {"tasks": "area"}},
)
