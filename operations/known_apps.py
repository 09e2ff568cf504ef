"""Apps with known exports: the keys that identify their rows, and the fields to map.

The keys are those of each app's own API or export. The service does not use this module.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from oo.contract.vocabulary import RECURS_FLAG, SMALLER_IS_HIGHER, TASK_FIELDS, FieldKeys

_SURE, _LIKELY, _ENOUGH = 3, 1, 3
_LONGEST_WORD = 64
_ORG_STAMP = "<stamp>"
_FIELDS: Mapping[str, FieldKeys] = {**TASK_FIELDS, "recurring": RECURS_FLAG}


class AppField(NamedTuple):
    """One field in an app's rows.

    `note` describes the mapping of a value that has to be changed. Without a `field` the key is omitted, for the reason
    in the note.
    """

    key: str
    field: str
    note: str = ""

    def line(self, key: str) -> str:
        """The field as one line of a mapping, with the key written as `key`."""
        return f"{key} -> {self.field or '(left out)'}" + (f": {self.note}" if self.note else "")

    def is_read(self, key: str) -> bool:
        """Whether the service reads the key, in this spelling, without a mapping."""
        return not self.note and self.field in _FIELDS and key in _FIELDS[self.field].keys


class App(NamedTuple):
    """An app, identified by its rows' keys.

    `scale` is the body's `priority_scale` for its raw numbers, if not the default. A mark is a key, `key.part` of an
    object under it, or `key=value`; all in lower case. One sure mark is enough.
    """

    name: str
    titles: tuple[str, ...]
    sure: frozenset[str]
    likely: frozenset[str]
    fields: tuple[AppField, ...]
    scale: str = ""

    def mapping(self, keys: Iterable[str]) -> dict[str, AppField]:
        """The rows' keys that need a mapping, in the order of the app's fields."""
        spelled = {key.casefold(): key for key in keys}
        found = {spelled[each.key.casefold()]: each for each in self.fields if each.key.casefold() in spelled}
        return {key: each for key, each in found.items() if not each.is_read(key)}


def _app(name: str, titles: str, sure: str, likely: str, *fields: tuple[str, ...], scale: str = "") -> App:
    marks = frozenset(sure.casefold().split()), frozenset(likely.casefold().split())
    return App(name, tuple(titles.split()), *marks, tuple(AppField(*each) for each in fields), scale)


_WORDS_NOTE = "as a word, {}"
_DAY_NOTE = "the day alone, its first 10 characters"

APPS = (
    _app(
        "Todoist",
        "content",
        "checked is_completed added_at due.is_recurring due.string child_order section_id day_order note_count",
        "labels due deadline duration is_deleted project_id user_id priority",
        ("content", "title"),
        ("due", "due_at"),
        ("added_at", "created_at"),
        ("labels", "tags"),
        ("duration", "estimate_minutes"),
    ),
    _app(
        "Google Tasks",
        "title",
        "status=needsaction kind=tasks#task selflink webviewlink",
        "etag position links hidden updated notes completed parent",
        ("due", "due_at", _DAY_NOTE),
        ("completed", "completed_at"),
        ("parent", "parent_id"),
    ),
    _app(
        "Microsoft To Do",
        "title subject",
        "duedatetime completeddatetime isreminderon bodylastmodifieddatetime createddatetime",
        "importance status hasattachments lastmodifieddatetime recurrence categories body",
        ("dueDateTime", "due_at", "the day alone, the first 10 characters of its dateTime"),
        ("completedDateTime", "completed_at", "the day alone, the first 10 characters of its dateTime"),
        ("createdDateTime", "created_at"),
        ("importance", "priority"),
        ("categories", "tags"),
    ),
    _app(
        "TickTick",
        "title",
        "completedtime isallday repeatflag columnid isfloating status=2 status=-1",
        "duedate projectid sortorder timezone startdate reminders items kind=text",
        ("dueDate", "due_at", "if isAllDay is true, the day in the row's timeZone"),
        ("completedTime", "completed_at"),
        ("priority", "priority", _WORDS_NOTE.format("5 high, 3 medium, 1 low, 0 none")),
        ("status", "status", _WORDS_NOTE.format("0 open, 1 and 2 done, -1 won't do")),
    ),
    _app(
        "Taskwarrior",
        "description",
        "entry urgency status=pending",
        "uuid status project end modified wait depends annotations recur due priority",
        ("description", "title"),
        ("uuid", "id", "the number under id changes"),
        ("entry", "created_at"),
        ("end", "completed_at"),
        ("project", "project_id"),
    ),
    _app(
        "Linear",
        "title",
        "state.type prioritylabel canceledat branchname snoozeduntilat startedat autoclosedat",
        "state estimate team cycle identifier number sortorder assignee labels.nodes",
        ("state", "status"),
        ("dueDate", "due_at"),
        ("createdAt", "created_at"),
        ("completedAt", "completed_at"),
        ("estimate", "", "points are not minutes"),
        ("project", "project_id", "its id"),
        ("parent", "parent_id", "its id"),
        ("labels", "tags", "the names in its nodes"),
        scale=SMALLER_IS_HIGHER,
    ),
    _app(
        "Asana",
        "name",
        "gid due_on resource_type permalink_url memberships assignee_section assignee_status",
        "completed completed_at due_at projects custom_fields followers num_likes modified_at",
        ("gid", "id"),
        ("name", "title"),
        ("due_on", "due_at"),
        ("projects", "project_id", "the gid of the first"),
        ("parent", "parent_id", "its gid"),
        ("custom_fields", "priority", "the display_value of the field named Priority"),
    ),
    _app(
        "CalDAV",
        "summary",
        "dtstamp dtstart percent-complete percent_complete last-modified related-to status=needs-action "
        "status=in-process",
        "uid due status priority created completed categories rrule sequence class",
        ("uid", "id"),
        ("summary", "title"),
        ("due", "due_at"),
        ("status", "status"),
        ("priority", "priority"),
        ("created", "created_at"),
        ("completed", "completed_at"),
        ("categories", "tags"),
        ("rrule", "recurrence"),
        ("related-to", "parent_id"),
        scale=SMALLER_IS_HIGHER,
    ),
    _app(
        "Vikunja",
        "title",
        "done_at hex_color percent_done bucket_id repeat_after repeat_mode related_tasks is_favorite",
        "done due_date labels index identifier project_id created updated",
        ("due_date", "due_at"),
        ("priority", "priority", _WORDS_NOTE.format("4 and 5 urgent, 3 high, 2 medium, 1 low, 0 none")),
        ("repeat_after", "recurring", "true if it is not 0"),
    ),
    _app(
        "Habitica",
        "text",
        "type=todo type=daily type=habit type=reward attribute counterup everyx streak byhabitica",
        "value checklist completed date priority userid createdat collapsechecklist isdue",
        ("text", "title"),
        ("date", "due_at"),
        ("dateCompleted", "completed_at"),
        ("priority", "", "it is the difficulty"),
    ),
    _app(
        "Things",
        "title name",
        "type=to-do stop_date today_index todayindex area_title project_title heading_title status=incomplete "
        "activationdate cancellationdate tagnames checklist-items",
        "uuid area start start_date deadline heading modified completiondate creationdate when",
        ("uuid", "id"),
        ("deadline", "due_at"),
        ("created", "created_at"),
        ("stop_date", "completed_at"),
        ("start", "status", "someday if it is Someday, else the row's status"),
        ("project", "project_id"),
        ("tagNames", "tags"),
        ("cancellationDate", "status", "cancelled if it has a value"),
        ("when", "", "the start day is not a due date"),
    ),
    _app(
        "Apple Reminders",
        "title name",
        "calendaritemidentifier calendaritemexternalidentifier duedatecomponents remindmedate alldayduedate "
        "externalid creationdate completiondate hasalarms",
        "iscompleted duedate flagged isflagged list priority=0 priority=5 priority=9",
        ("externalId", "id"),
        ("calendarItemIdentifier", "id"),
        ("dueDate", "due_at"),
        ("dueDateComponents", "due_at", "as 2026-03-12, or 2026-03-12T17:00:00+01:00"),
        ("alldayDueDate", "due_at", "the local day alone"),
        ("recurrenceRules", "recurrence"),
        ("list", "project_id"),
        scale=SMALLER_IS_HIGHER,
    ),
    _app(
        "Super Productivity",
        "title",
        "timespentonday subtaskids tagids dueday duewithtime doneon timespent repeatcfgid",
        "isdone timeestimate projectid created parentid reminderid issueid",
        ("dueDay", "due_at"),
        ("dueWithTime", "due_at"),
        ("doneOn", "completed_at"),
        ("timeEstimate", "estimate_minutes", "milliseconds divided by 60,000"),
        ("repeatCfgId", "recurring", "true if it has a value"),
        ("tagIds", "tags", "the tags' titles"),
    ),
    _app(
        "org",
        "headline heading item title raw_value",
        f"todo todo_state todo-state todostate todo_keyword todo-keyword {_ORG_STAMP}",
        "scheduled deadline closed level properties category effort priority=a priority=b priority=c",
        ("headline", "title"),
        ("heading", "title"),
        ("item", "title"),
        ("raw_value", "title"),
        ("todo", "status"),
        ("todo_state", "status"),
        ("todo-state", "status"),
        ("todo_keyword", "status"),
        ("todo-keyword", "status"),
        ("deadline", "due_at", "<2026-03-12 Thu 17:00> as 2026-03-12T17:00"),
        ("scheduled", "due_at", "if there is no deadline, in the same form"),
        ("closed", "completed_at", "[2026-03-10 Tue 12:00] as 2026-03-10T12:00"),
        ("effort", "estimate_minutes", "0:30 as 30"),
    ),
)
_MARKS = frozenset[str]().union(*(app.sure | app.likely for app in APPS))


def app_of(rows: Iterable[object]) -> App | None:
    """The app that best matches the rows of one user, by all their keys together; of equals the first."""
    keys: set[str] = set()
    marks: set[str] = set()
    for row in rows:
        if isinstance(row, Mapping):
            for key, value in row.items():
                keys.add(key.casefold())
                marks.update(_marks(key.casefold(), value))
    best, most = None, _ENOUGH - 1
    for app in APPS:
        if keys.isdisjoint(app.titles):
            continue
        score = _SURE * len(marks & app.sure) + _LIKELY * len(marks & app.likely)
        if score > most:
            best, most = app, score
    return best


def _marks(key: str, value: object) -> set[str]:
    """The possible marks of one cell of a row; those of no app are left out."""
    found = {key}
    if isinstance(value, Mapping):
        found.update(f"{key}.{part}".casefold() for part in value)
    elif isinstance(value, str) and len(value) <= _LONGEST_WORD:
        found.add(f"{key}={value}".casefold())
        if value.startswith("<2"):
            found.add(_ORG_STAMP)
    elif isinstance(value, int) and not isinstance(value, bool):
        found.add(f"{key}={value}")
    return found & _MARKS
