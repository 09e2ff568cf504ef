"""Issues and tasks out of GitHub, Jira and ClickUp."""

from testing.exported_rows.export import AppUser

GITHUB = AppUser(
    [
        {
            "id": 1,
            "node_id": "MDU6SXNzdWUx",
            "number": 1347,
            "title": "Login fails on `main`",
            "state": "open",
            "state_reason": None,
            "locked": False,
            "labels": [{"id": 2, "name": "bug", "color": "f29513"}],
            "milestone": {"number": 1, "due_on": "2026-03-12T07:00:00Z"},
            "created_at": "2026-01-22T13:33:48Z",
            "closed_at": None,
            "body": "It is broken.",
        },
        {"id": 2, "title": "Typo in the docs", "state": "closed", "closed_at": "2026-03-10T13:33:48Z"},
    ],
    {"tip": "«Login fails on main»"},
    ("Typo in the docs", "priority", "`"),
    {"unread_keys": {"tasks": "closed_at"}},
)

JIRA = AppUser(
    [
        {
            "id": "10002",
            "key": "ED-1",
            "summary": "Fix the login",
            "description": {"type": "doc"},
            "status": {"name": "In Progress", "id": "3", "statusCategory": {"key": "indeterminate"}},
            "priority": {"name": "Highest", "id": "1"},
            "issuetype": {"name": "Bug", "subtask": False},
            "labels": ["backend"],
            "created": "2026-03-01T10:00:00.000+0100",
            "due_date": "2026-03-12",
            "timeoriginalestimate": 3600,
            "resolution": None,
        },
        {
            "id": "10003",
            "summary": "Drop the old page",
            "status": {"name": "Won't Do"},
            "created": "2026-03-01T10:00:00.000+0100",
        },
        {
            "id": "10004",
            "summary": "Update the icon",
            "status": {"name": "Selected for Development"},
            "priority": {"name": "Low"},
        },
    ],
    {"deadline-pressure": "«Fix the login» is due today"},
    ("Drop the old page", "past its date", "is open"),
    {"unreadable": {"tasks.status": 1}},
)

CLICKUP = AppUser(
    [
        {
            "id": "9hx",
            "name": "Draft the offer",
            "status": {"status": "to do", "type": "open", "color": "#d3d3d3"},
            "priority": {"id": "2", "priority": "high", "color": "#ffcc00"},
            "due_date": "1773334800000",
            "date_created": "1772359200000",
            "time_estimate": 1800000,
            "archived": False,
            "parent": None,
            "tags": [{"name": "sales"}],
        },
        {
            "id": "9hy",
            "name": "Old offer",
            "status": {"status": "complete", "type": "closed"},
            "date_closed": "1773136800000",
        },
    ],
    {"deadline-pressure": "«Draft the offer» is due in about 8 h"},
    ("Old offer", "priority"),
    {"unreadable": {"tasks.priority": 1}},
)
