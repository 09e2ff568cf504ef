"""Linear: issues of its API."""

from testing.exported_rows.export import SMALLER_IS_HIGHER, Export

EXPORT = Export(
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
)

USER = EXPORT.user(
    {"important-first": "«Checkout returns 500» is high priority"},
    *("is marked", "Rename a button» is high"),
    fields=SMALLER_IS_HIGHER,
    report={"unreadable": {"tasks.estimate_minutes": 2}},
)
