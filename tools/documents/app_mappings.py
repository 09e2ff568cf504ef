"""The mappings of docs/data.md: one function per app, for producers to copy, from a raw row to a row of `tasks`."""

from typing import NamedTuple


class AppMapping(NamedTuple):
    """A mapping; `code` defines the function `name`, `about` describes the rows' source and the function's changes."""

    app: str
    name: str
    about: str
    code: str


MAPPINGS = (
    AppMapping(
        "Todoist",
        "todoist",
        "Items of the Sync API or tasks of the API v1. Todoist's numbers are this service's: 4 is the highest.",
        """
def todoist(row):
    if row.get("is_deleted"):
        return None
    due = row.get("due") or row.get("deadline") or {}
    done = row.get("checked") or row.get("is_completed") or row.get("completed_at")
    kept = ("id", "priority", "project_id", "parent_id", "completed_at")
    return {key: row.get(key) for key in kept} | {
        "title": row.get("content"), "status": "done" if done else "open", "tags": row.get("labels"),
        "due_at": due.get("datetime") or due.get("date"), "recurring": due.get("is_recurring"),
        "created_at": row.get("added_at") or row.get("created_at"), "estimate_minutes": row.get("duration")}
""",
    ),
    AppMapping(
        "Google Tasks",
        "google_tasks",
        "Google gives a date as midnight in UTC, of which the day alone is right. Empty lines have no title.",
        """
def google_tasks(row):
    if row.get("deleted") or not row.get("title"):
        return None
    return {
        "id": row.get("id"), "title": row.get("title"), "status": row.get("status"), "parent_id": row.get("parent"),
        "due_at": (row.get("due") or "")[:10], "completed_at": row.get("completed")}
""",
    ),
    AppMapping(
        "Microsoft To Do",
        "microsoft_to_do",
        "Tasks of Microsoft Graph. Dates to be done and of completion are midnights; the day alone is right.",
        """
def microsoft_to_do(row):
    due, completed = ((row.get(key) or {}).get("dateTime") or "" for key in ("dueDateTime", "completedDateTime"))
    return {
        "id": row.get("id"), "title": row.get("title"), "status": row.get("status"), "due_at": due[:10],
        "completed_at": completed[:10], "created_at": row.get("createdDateTime"), "priority": row.get("importance"),
        "tags": row.get("categories"), "recurrence": row.get("recurrence")}
""",
    ),
    AppMapping(
        "TickTick",
        "ticktick",
        "An all-day task is due on a day of its own time zone. The numbers 0, 1, 3 and 5 of priorities become words.",
        """
def ticktick(row):
    from datetime import datetime
    from zoneinfo import ZoneInfo
    due, status = row.get("dueDate"), {0: "open", 1: "done", 2: "done", -1: "won't do"}.get(row.get("status"))
    if due and row.get("isAllDay"):
        due = str(datetime.fromisoformat(due).astimezone(ZoneInfo(row.get("timeZone") or "UTC")).date())
    priority = {1: "low", 3: "medium", 5: "high"}.get(row.get("priority"))
    return {"id": row.get("id"), "title": row.get("title"), "status": status, "priority": priority, "due_at": due,
            "completed_at": row.get("completedTime"), "project_id": row.get("projectId"), "tags": row.get("tags"),
            "parent_id": row.get("parentId"), "recurrence": row.get("repeatFlag")}
""",
    ),
    AppMapping(
        "Taskwarrior",
        "taskwarrior",
        "Rows of `task export`. The number under `id` changes and is 0 for many, so the `uuid` is the id.",
        """
def taskwarrior(row):
    if row.get("status") == "deleted":
        return None
    return {
        "id": row.get("uuid"), "title": row.get("description"), "status": row.get("status"), "due_at": row.get("due"),
        "created_at": row.get("entry"), "completed_at": row.get("end"), "priority": row.get("priority"),
        "project_id": row.get("project"), "tags": row.get("tags"), "recurrence": row.get("recur")}
""",
    ),
    AppMapping(
        "Linear",
        "linear",
        "Issues of the GraphQL API. Priorities become words: 1 is urgent. An `estimate` is points and is left out.",
        """
def linear(row):
    state, project, parent, labels = (row.get(key) or {} for key in ("state", "project", "parent", "labels"))
    if row.get("canceledAt") or row.get("trashed"):
        return None
    priority = {1: "urgent", 2: "high", 3: "medium", 4: "low"}.get(row.get("priority"))
    return {
        "id": row.get("id"), "title": row.get("title"), "status": state.get("type"), "due_at": row.get("dueDate"),
        "created_at": row.get("createdAt"), "completed_at": row.get("completedAt"), "priority": priority,
        "project_id": project.get("id"), "parent_id": parent.get("id"), "tags": labels.get("nodes")}
""",
    ),
    AppMapping(
        "Asana",
        "asana",
        "Tasks with the optional fields that the function reads. A priority is a custom field of that name.",
        """
def asana(row):
    own = {field.get("name"): field.get("display_value") for field in row.get("custom_fields") or ()}
    project, parent = ((row.get("projects") or [{}])[0], row.get("parent") or {})
    return {
        "id": row.get("gid"), "title": row.get("name"), "status": "done" if row.get("completed") else "open",
        "due_at": row.get("due_at") or row.get("due_on"), "completed_at": row.get("completed_at"),
        "created_at": row.get("created_at"), "priority": row.get("priority") or own.get("Priority"),
        "project_id": project.get("gid"), "parent_id": parent.get("gid"), "tags": row.get("tags")}
""",
    ),
    AppMapping(
        "CalDAV",
        "caldav",
        "Properties of a VTODO under their names in small letters. Priorities from 1 to 9 become words by RFC 5545.",
        """
def caldav(row):
    number = int(row.get("priority") or 0)
    priority = "high" if 1 <= number <= 4 else "medium" if number == 5 else "low" if number > 5 else None
    return {
        "id": row.get("uid"), "title": row.get("summary"), "status": row.get("status"), "due_at": row.get("due"),
        "created_at": row.get("created"), "completed_at": row.get("completed"), "priority": priority,
        "tags": row.get("categories"), "parent_id": row.get("related-to"), "recurrence": row.get("rrule")}
""",
    ),
)
