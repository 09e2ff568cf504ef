"""org: headings of an org file."""

from testing.exported_rows.export import NO_TASK, AppUser, Row

ROWS: list[Row] = [
    {
        "headline": "Send the slides",
        "todo": "TODO",
        "priority": "A",
        "deadline": "<2026-03-12 Thu>",
        "effort": "0:30",
        "tags": ["work"],
        "level": 2,
    },
    {"headline": "Paint the fence", "todo": "DONE", "closed": "[2026-03-10 Tue 12:00]", "level": 2},
]

USER = AppUser(
    [*ROWS, {"headline": "Rest", "scheduled": "<2026-03-13 Fri>", "todo": "SOMEDAY", "tags": []}],
    {},
    (NO_TASK, "«", "Send the slides", "Paint the fence", "no date", "2026-03-12"),
    {"tasks": {"untitled": 3, "unreadable_due": 2}, "unreadable": {"tasks.due_at": 1}},
)
