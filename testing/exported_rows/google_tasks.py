"""Google Tasks: tasks of its API."""

from testing.exported_rows.export import Export

EXPORT = Export(
    [
        {
            "kind": "tasks#task",
            "id": "MTYx",
            "etag": '"LTE2ODY"',
            "title": "Renew passport",
            "updated": "2026-03-01T17:02:12.000Z",
            "selfLink": "https://www.googleapis.com/tasks/v1/lists/x/tasks/MTYx",
            "position": "00000000000000000001",
            "notes": "two photos",
            "status": "needsAction",
            "due": "2026-03-12T00:00:00.000Z",
            "links": [],
        },
        {
            "kind": "tasks#task",
            "id": "MTYy",
            "title": "Book the flights",
            "status": "needsAction",
            "due": "2026-03-20T00:00:00.000Z",
        },
        {
            "kind": "tasks#task",
            "id": "MTYz",
            "title": "Call the bank",
            "status": "completed",
            "completed": "2026-03-10T17:02:11.000Z",
            "due": "2026-03-10T00:00:00.000Z",
            "hidden": True,
        },
        {"kind": "tasks#task", "id": "MTY0", "title": "Gone for good", "status": "needsAction", "deleted": True},
    ],
    "«Renew passport» is due today",
    now_iso="2026-03-12T14:00:00Z",
    timezone="America/New_York",
    never=("Call the bank", "Gone for good"),
)

USER = EXPORT.user(
    {
        "deadline-pressure": "«Renew passport» is due today; nothing else is due today",
        "tip": "«Renew passport»",
    },
    *("past its date", "tomorrow", "due in about"),
    report={"": {"assumed": ["due_at=dates"]}},
)
