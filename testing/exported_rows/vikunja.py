"""Vikunja: tasks of its API."""

from testing.exported_rows.export import AppUser, Row

ROWS: list[Row] = [
    {
        "id": 7,
        "title": "Call the vet",
        "done": False,
        "done_at": "0001-01-01T00:00:00Z",
        "due_date": "0001-01-01T00:00:00Z",
        "priority": 5,
        "labels": [{"id": 1, "title": "home"}],
        "hex_color": "",
        "percent_done": 0,
        "repeat_after": 0,
    },
    {"id": 8, "title": "Already done", "done": True, "priority": 0},
]

USER = AppUser(
    ROWS,
    {"tip": "«Call the vet»"},
    ("priority", "Already done", "0001", "past its date"),
    {"unreadable": {"tasks.priority": 2}},
)
