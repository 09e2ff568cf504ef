"""Microsoft To Do: tasks of Microsoft Graph."""

from testing.exported_rows.export import Export

_UTC_DAY = "T00:00:00.0000000"
EXPORT = Export(
    [
        {
            "@odata.etag": 'W/"abc"',
            "id": "AAMk1",
            "title": "Submit timesheet",
            "importance": "high",
            "status": "inProgress",
            "isReminderOn": False,
            "createdDateTime": "2026-03-01T08:00:00.1234567Z",
            "lastModifiedDateTime": "2026-03-02T08:00:00.1234567Z",
            "categories": ["work"],
            "body": {"content": "", "contentType": "text"},
            "dueDateTime": {"dateTime": f"2026-03-12{_UTC_DAY}", "timeZone": "UTC"},
        },
        {
            "id": "AAMk2",
            "title": "Order paper",
            "importance": "normal",
            "status": "notStarted",
            "dueDateTime": {"dateTime": f"2026-03-20{_UTC_DAY}", "timeZone": "UTC"},
        },
        {
            "id": "AAMk3",
            "title": "Clean the desk",
            "importance": "low",
            "status": "completed",
            "dueDateTime": {"dateTime": f"2026-03-09{_UTC_DAY}", "timeZone": "UTC"},
            "completedDateTime": {"dateTime": f"2026-03-10{_UTC_DAY}", "timeZone": "UTC"},
        },
    ],
    "«Submit timesheet» is due today",
    now_iso="2026-03-12T15:00:00Z",
    timezone="America/Chicago",
    never=("Clean the desk",),
)

USER = EXPORT.user(
    {"deadline-pressure": "«Submit timesheet» is due today", "tip": "«Submit timesheet»"},
    *("no date", "past its date", "high priority", "due in about"),
    report={"": {"assumed": ["due_at=dates"]}, "unread_keys": {"tasks": "importance"}},
)
