"""Whole users, one per app, whose rows are sent as the app gives them: each says something true, and nothing false."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from testing.exported_rows import MAPPED, OTHERS

Row = dict[str, Any]


class AppUser(NamedTuple):
    """One user's rows. `says` holds by agent (`tip` is the tip without a model) a part of its sentence.

    `never` are parts of no sentence at all. `report` holds counts that the report has to give, by part and name.
    """

    rows: list[Row]
    says: Mapping[str, str]
    never: tuple[str, ...]
    report: Mapping[str, Mapping[str, Any]] = {}
    fields: Mapping[str, Any] = {}


def _of_page(app: str, says: Mapping[str, str], *never: str, **others: Any) -> AppUser:
    export = MAPPED[app]
    fields = {"now_iso": export.now_iso, "timezone": export.timezone, **others.pop("fields", {})}
    return AppUser(export.rows, says, (*export.never, *never), others.get("report", {}), fields)


_SMALLER = {"priority_scale": "smaller_is_higher"}
_NO_TASK = "There is no open task"

USERS: Mapping[str, AppUser] = {
    "Todoist": _of_page(
        "Todoist",
        {"deadline-pressure": "«Send invoice to Marlow» is due in about 7 h; 1 other task is due today"},
        *("let it go", "**", "marlow.example", "been open", "no date"),
    ),
    "Google Tasks": _of_page(
        "Google Tasks",
        {"deadline-pressure": "«Renew passport» is due today; nothing else is due today", "tip": "«Renew passport»"},
        *("past its date", "tomorrow", "due in about"),
        report={"": {"assumed": ["due_at=dates"]}},
    ),
    "Microsoft To Do": _of_page(
        "Microsoft To Do",
        {"deadline-pressure": "«Submit timesheet» is due today", "tip": "«Submit timesheet»"},
        *("no date", "past its date", "high priority", "due in about"),
        report={"": {"assumed": ["due_at=dates"]}, "unread_keys": {"tasks": "importance"}},
    ),
    "TickTick": _of_page(
        "TickTick",
        {"deadline-pressure": "«Pay VAT» is due today by 23:59"},
        *("priority", "in about 14 h"),
        report={"unreadable": {"tasks.priority": 2, "tasks.status": 2}},
    ),
    "Taskwarrior": _of_page(
        "Taskwarrior",
        {},
        *(_NO_TASK, "data tables", "hugo", "weekly review", "«"),
        report={"tasks": {"untitled": 2}, "unread_keys": {"tasks": "description"}},
    ),
    "Linear": _of_page(
        "Linear",
        {"important-first": "«Checkout returns 500» is high priority"},
        *("is marked", "Rename a button» is high"),
        fields=_SMALLER,
        report={"unreadable": {"tasks.estimate_minutes": 2}},
    ),
    "Asana": _of_page("Asana", {"deadline-pressure": "«Approve budget» is due today"}, "no date", "due in about"),
    "Vikunja": AppUser(
        OTHERS["Vikunja"],
        {"tip": "«Call the vet»"},
        ("priority", "Already done", "0001", "past its date"),
        {"unreadable": {"tasks.priority": 2}},
    ),
    "CalDAV": _of_page(
        "CalDAV",
        {"deadline-pressure": "«Überweisung Miete» is due today"},
        "past its date",
        "low priority",
        fields=_SMALLER,
    ),
    "Habitica": AppUser(
        [
            *OTHERS["Habitica"],
            {
                "_id": "5ca0",
                "type": "habit",
                "text": "Drink water",
                "up": True,
                "down": False,
                "counterUp": 4,
                "priority": 1,
                "createdAt": "2023-12-30T10:00:00.000Z",
            },
            {
                "_id": "5ca1",
                "type": "daily",
                "text": "Walk the dog",
                "priority": 2,
                "completed": False,
                "isDue": True,
                "frequency": "weekly",
                "startDate": "2023-12-30T23:00:00.000Z",
                "createdAt": "2023-12-30T10:00:00.000Z",
            },
            {
                "_id": "5ca2",
                "type": "todo",
                "text": "Return the book",
                "priority": 1,
                "completed": True,
                "dateCompleted": "2026-03-10T10:00:00.000Z",
            },
        ],
        {},
        (
            _NO_TASK,
            "Return the book",
            "days",
            "been open",
            "waited",
            "let it go",
            "priority",
            "no date",
            "nothing is due",
        ),
        {"tasks": {"unreadable_due": 1, "done": 1}, "unread_keys": {"tasks": "date"}},
    ),
    "Things": AppUser(
        [
            *OTHERS["Things"],
            {"uuid": "6Hf4", "title": "Sell the bike", "status": "completed", "stop_date": "2026-03-10 12:00:00"},
            {"uuid": "6Hf5", "title": "Call the agency", "status": "canceled", "deadline": "2026-03-12"},
            {"uuid": "6Hf6", "title": "Old draft", "status": "incomplete", "trashed": True, "deadline": "2026-03-12"},
        ],
        {"deadline-pressure": "«Renew the lease» is due today; nothing else is due today", "tip": "«Renew the lease»"},
        ("Sell the bike", "Call the agency", "Old draft", "past its date"),
        {"unread_keys": {"tasks": "area"}},
    ),
    "Apple Reminders": AppUser(
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
        _SMALLER,
    ),
    "Super Productivity": AppUser(
        [
            *OTHERS["Super Productivity"],
            {
                "id": "kX3",
                "title": "Call the printer",
                "isDone": False,
                "dueWithTime": 1773334800000,
                "timeEstimate": 0,
                "created": 1772359200000,
            },
        ],
        {"tip": "«"},
        (
            _NO_TASK,
            "Reply to Ann",
            "no date",
            "nothing is due",
            "nothing else",
            "been open",
            "is marked",
            "no estimate",
        ),
        {"tasks": {"unreadable_due": 2, "done": 1}, "unread_keys": {"tasks": "dueDay"}},
    ),
    "org": AppUser(
        [*OTHERS["org"], {"headline": "Rest", "scheduled": "<2026-03-13 Fri>", "todo": "SOMEDAY", "tags": []}],
        {},
        (_NO_TASK, "«", "Send the slides", "Paint the fence", "no date", "2026-03-12"),
        {"tasks": {"untitled": 3, "unreadable_due": 2}, "unreadable": {"tasks.due_at": 1}},
    ),
    "GitHub": AppUser(
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
    ),
    "Jira": AppUser(
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
    ),
    "Notion": AppUser(
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
        (_NO_TASK, "«", "no date"),
        {"tasks": {"untitled": 1}, "unread_keys": {"tasks": "properties"}},
    ),
    "ClickUp": AppUser(
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
    ),
    "Spreadsheet": AppUser(
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
    ),
}
"""By app, the nine of docs/data.md first."""
