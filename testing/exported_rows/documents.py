"""Tasks in a document: pages of Notion, lines of a spreadsheet."""

from testing.exported_rows.export import NO_TASK, AppUser

NOTION = AppUser(
    [
        {
            "object": "page",
            "id": "59833787-2cf9-4fdf-8782-e53db20768a5",
            "created_time": "2026-03-01T19:05:00.000Z",
            "archived": False,
            "properties": {
                "Name": {"title": [{"plain_text": "Book the room"}]},
                "Date": {"date": {"start": "2026-03-12"}},
            },
        }
    ],
    {},
    (NO_TASK, "«", "no date"),
    {"tasks": {"untitled": 1}, "unread_keys": {"tasks": "properties"}},
)

SPREADSHEET = AppUser(
    [
        {
            "Task": "Pay the rent",
            "title": "Pay the rent",
            "due": "12.03.2026",
            "priority": "high",
            "tags": "home, money",
            "": "",
        },
        {"title": "Buy bread", "due": "2026-03-12", "priority": "", "completed": False, "estimate": "15m"},
    ],
    {"deadline-pressure": "«Buy bread» is due today"},
    ("nothing else", "no date", "«Pay the rent» is due"),
    {"unreadable": {"tasks.due_at": 1, "tasks.estimate_minutes": 1}},
)
