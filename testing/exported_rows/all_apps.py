"""The rows of all apps, by the app's name."""

from collections.abc import Mapping

from testing.exported_rows import (
    apple_reminders,
    asana,
    caldav,
    documents,
    google_tasks,
    habitica,
    issue_trackers,
    linear,
    microsoft_to_do,
    org,
    super_productivity,
    taskwarrior,
    things,
    ticktick,
    todoist,
    vikunja,
)
from testing.exported_rows.export import AppUser, Export, Row

MAPPED: Mapping[str, Export] = {
    "Todoist": todoist.EXPORT,
    "Google Tasks": google_tasks.EXPORT,
    "Microsoft To Do": microsoft_to_do.EXPORT,
    "TickTick": ticktick.EXPORT,
    "Taskwarrior": taskwarrior.EXPORT,
    "Linear": linear.EXPORT,
    "Asana": asana.EXPORT,
    "CalDAV": caldav.EXPORT,
}
"""The apps with a mapping in docs/data.md."""

OTHERS: Mapping[str, list[Row]] = {
    "Vikunja": vikunja.ROWS,
    "Habitica": habitica.ROWS,
    "Things": things.ROWS,
    "Apple Reminders": apple_reminders.ROWS,
    "Super Productivity": super_productivity.ROWS,
    "org": org.ROWS,
}
"""Apps that `make check-data` knows, without a mapping in docs/data.md."""

USERS: Mapping[str, AppUser] = {
    "Todoist": todoist.USER,
    "Google Tasks": google_tasks.USER,
    "Microsoft To Do": microsoft_to_do.USER,
    "TickTick": ticktick.USER,
    "Taskwarrior": taskwarrior.USER,
    "Linear": linear.USER,
    "Asana": asana.USER,
    "Vikunja": vikunja.USER,
    "CalDAV": caldav.USER,
    "Habitica": habitica.USER,
    "Things": things.USER,
    "Apple Reminders": apple_reminders.USER,
    "Super Productivity": super_productivity.USER,
    "org": org.USER,
    "GitHub": issue_trackers.GITHUB,
    "Jira": issue_trackers.JIRA,
    "Notion": documents.NOTION,
    "ClickUp": issue_trackers.CLICKUP,
    "Spreadsheet": documents.SPREADSHEET,
}
"""Whole users, one per app, whose rows are sent unchanged; each gets at least one sentence, and no false one."""
