"""Todoist: items of its API."""

from testing.exported_rows.export import Export

EXPORT = Export(
    [
        {
            "id": "6X7rM8997g3RQmvh",
            "user_id": "2671355",
            "project_id": "6Jf8VQXxpwv56VQ7",
            "section_id": None,
            "parent_id": None,
            "content": "Send **invoice** to [Marlow](https://marlow.example/po/7)",
            "description": "by mail",
            "priority": 4,
            "checked": False,
            "is_deleted": False,
            "labels": ["computer"],
            "duration": {"amount": 15, "unit": "minute"},
            "due": {
                "date": "2026-03-12T16:00:00Z",
                "timezone": "Europe/Berlin",
                "string": "today at 17",
                "lang": "en",
                "is_recurring": False,
            },
            "deadline": None,
            "child_order": 1,
            "added_at": "2026-03-02T08:29:34.000000Z",
            "completed_at": None,
            "note_count": 0,
        },
        {
            "id": "6X7rfFVPjhvv84XG",
            "content": "Water the plants",
            "priority": 1,
            "checked": False,
            "added_at": "2025-11-03T22:29:34Z",
            "due": {"date": "2026-03-12", "string": "every day", "is_recurring": True},
        },
        {
            "id": "6X7rfEVP8hvv25ZQ",
            "content": "Learn Portuguese",
            "checked": False,
            "added_at": "2025-03-03T22:29:34Z",
            "labels": ["someday"],
            "due": None,
        },
        {"id": "6X7rfEVP8hvv25ZR", "content": "Deleted row", "is_deleted": True, "due": {"date": "2026-03-12"}},
    ],
    "«Send invoice to Marlow» is due in about 7 h; 1 other task is due today",
    never=("Deleted row",),
)

USER = EXPORT.user(
    {"deadline-pressure": "«Send invoice to Marlow» is due in about 7 h; 1 other task is due today"},
    *("let it go", "**", "marlow.example", "been open", "no date"),
)
