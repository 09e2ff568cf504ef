"""Rows of tasks as the interfaces and exports of apps give them, keys that nothing reads included."""

from collections.abc import Mapping
from typing import Any, NamedTuple

Row = dict[str, Any]


class Export(NamedTuple):
    """One user's rows out of one app, with the moment and zone that the sentence about them holds in."""

    rows: list[Row]
    says: str
    """Part of a sentence that some agent says of the mapped rows; empty where none has to."""
    now_iso: str = "2026-03-12T09:00:00Z"
    timezone: str = "Europe/Berlin"
    never: tuple[str, ...] = ()
    """Titles that no sentence names."""


_UTC_DAY = "T00:00:00.0000000"
MAPPED: Mapping[str, Export] = {
    "Todoist": Export(
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
    ),
    "Google Tasks": Export(
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
    ),
    "Microsoft To Do": Export(
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
    ),
    "TickTick": Export(
        [
            {
                "id": "63b7bebb91c0a5474805fcd4",
                "projectId": "6226ff9877acee87727f6bca",
                "title": "Pay VAT",
                "isAllDay": False,
                "dueDate": "2026-03-12T22:59:00+0000",
                "timeZone": "Europe/Berlin",
                "priority": 5,
                "status": 0,
                "sortOrder": 12345,
                "reminders": [],
                "items": [],
            },
            {
                "id": "63b7bebb91c0a5474805fcd5",
                "title": "Old newsletter",
                "status": 2,
                "completedTime": "2026-03-10T10:00:00+0000",
            },
            {"id": "63b7bebb91c0a5474805fcd6", "title": "Cancelled trip", "priority": 0, "status": -1},
        ],
        "«Pay VAT» is due today by 23:59",
        never=("Old newsletter", "Cancelled trip"),
    ),
    "Taskwarrior": Export(
        [
            {
                "id": 173,
                "description": "data tables in hugo",
                "due": "20260312T225959Z",
                "entry": "20260104T193414Z",
                "modified": "20260104T193414Z",
                "priority": "H",
                "project": "site",
                "status": "pending",
                "tags": ["web"],
                "urgency": 14.2,
                "uuid": "8d71c1e1-0f4a-4c52-9ad4-6d6b25a2a1a1",
            },
            {
                "id": 0,
                "description": "weekly review",
                "entry": "20260104T193414Z",
                "recur": "weekly",
                "status": "recurring",
                "uuid": "8d71c1e1-0f4a-4c52-9ad4-6d6b25a2a1a2",
            },
            {
                "id": 0,
                "description": "pay the hoster",
                "end": "20260310T100000Z",
                "entry": "20260104T193414Z",
                "status": "completed",
                "uuid": "8d71c1e1-0f4a-4c52-9ad4-6d6b25a2a1a3",
            },
            {
                "id": 0,
                "description": "wrong entry",
                "end": "20260310T100000Z",
                "entry": "20260104T193414Z",
                "status": "deleted",
                "uuid": "8d71c1e1-0f4a-4c52-9ad4-6d6b25a2a1a4",
            },
        ],
        "«data tables in hugo» is due today",
        never=("pay the hoster", "wrong entry"),
    ),
    "Linear": Export(
        [
            {
                "id": "3f2c",
                "identifier": "SHOP-12",
                "title": "Checkout returns 500",
                "priority": 1,
                "priorityLabel": "Urgent",
                "estimate": 5,
                "createdAt": "2026-03-01T08:00:00.000Z",
                "dueDate": None,
                "state": {"name": "In Progress", "type": "started"},
                "project": {"id": "p1", "name": "Shop"},
                "labels": {"nodes": [{"name": "Bug"}]},
                "branchName": "shop-12",
            },
            {
                "id": "3f2d",
                "title": "Rename a button",
                "priority": 4,
                "estimate": 1,
                "createdAt": "2026-03-01T08:00:00.000Z",
                "state": {"name": "Backlog", "type": "backlog"},
                "parent": {"id": "3f2c"},
            },
            {
                "id": "3f2e",
                "title": "Closed thing",
                "priority": 0,
                "state": {"name": "Canceled", "type": "canceled"},
                "canceledAt": "2026-03-02T08:00:00.000Z",
            },
        ],
        "«Checkout returns 500» is high priority",
        never=("Closed thing",),
    ),
    "Asana": Export(
        [
            {
                "gid": "1201",
                "resource_type": "task",
                "name": "Approve budget",
                "completed": False,
                "completed_at": None,
                "created_at": "2026-03-02T08:00:00.000Z",
                "due_on": "2026-03-12",
                "due_at": None,
                "priority": "high",
                "projects": [{"gid": "7", "name": "Office"}],
                "parent": None,
                "tags": [{"gid": "5", "name": "money"}],
                "permalink_url": "https://app.asana.example/0/7/1201",
            },
            {
                "gid": "1202",
                "resource_type": "task",
                "name": "Send the minutes",
                "completed": True,
                "completed_at": "2026-03-10T10:00:00.000Z",
                "due_on": "2026-03-10",
                "due_at": None,
            },
        ],
        "«Approve budget» is due today",
        never=("Send the minutes",),
    ),
    "CalDAV": Export(
        [
            {
                "uid": "d785",
                "summary": "Überweisung Miete",
                "status": "NEEDS-ACTION",
                "due": "20260312",
                "priority": 1,
                "dtstamp": "20260301T080000Z",
                "created": "20260301T080000Z",
                "categories": ["home"],
            },
            {"uid": "d786", "summary": "Read the contract", "status": "IN-PROCESS", "priority": 9},
            {
                "uid": "d787",
                "summary": "Buy stamps",
                "status": "COMPLETED",
                "priority": 5,
                "completed": "20260310T100000Z",
                "percent-complete": 100,
            },
        ],
        "«Überweisung Miete» is due today",
        never=("Buy stamps",),
    ),
}

"""The apps with a mapping in docs/data.md."""

OTHERS: Mapping[str, list[Row]] = {
    "Vikunja": [
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
    ],
    "Habitica": [
        {
            "_id": "5c9e",
            "type": "todo",
            "text": "Buy bread",
            "notes": "",
            "priority": 1.5,
            "value": 0,
            "attribute": "str",
            "completed": False,
            "date": "2026-03-12T00:00:00.000Z",
            "createdAt": "2026-03-01T10:00:00.000Z",
            "checklist": [],
        },
        {"_id": "5c9f", "type": "daily", "text": "Take the pill", "priority": 0.1, "streak": 12, "everyX": 1},
    ],
    "Things": [
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
    ],
    "Apple Reminders": [
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
    ],
    "Super Productivity": [
        {
            "id": "kX1",
            "projectId": "p1",
            "subTaskIds": [],
            "timeSpentOnDay": {},
            "timeSpent": 0,
            "timeEstimate": 1800000,
            "isDone": False,
            "title": "Write the talk",
            "tagIds": ["TODAY"],
            "created": 1772359200000,
            "dueDay": "2026-03-12",
        },
        {"id": "kX2", "title": "Reply to Ann", "isDone": True, "doneOn": 1773136800000, "created": 1772359200000},
    ],
    "org": [
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
    ],
}
"""Apps that `make check-data` knows, without a mapping in docs/data.md."""
