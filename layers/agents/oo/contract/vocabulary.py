"""The closed tables for reading rows of tasks, completions and feedback.

The readers of `oo.snapshot`, the OpenAPI document and docs/data.md are all derived from these tables.
"""

from collections.abc import Mapping
from typing import NamedTuple


class FieldKeys(NamedTuple):
    """The keys of one field of a row: the first of `keys` with a readable value wins.

    A value under one of `hints` is never read, because its meaning differs between apps. It makes the field unknown if
    no key is readable.
    """

    keys: tuple[str, ...]
    hints: tuple[str, ...] = ()


ID = FieldKeys(("id", "_id", "gid", "uuid", "uid"))
DUE = FieldKeys(
    ("due_at", "dueAt", "due", "due_date", "dueDate", "due_on", "deadline", "dueDateTime"),
    ("date", "dueDay", "dueWithTime", "scheduled", "when"),
)
COMPLETED = FieldKeys(
    (
        "completed_at",
        "completedAt",
        "completed",
        "done_at",
        "completed_on",
        "completedTime",
        "completedDateTime",
        "completionDate",
    )
)
PROJECT = FieldKeys(("project_id", "projectId"))
DUE_HISTORY = FieldKeys(("due_history", "dueHistory"))
ROW_ZONE = FieldKeys(("timezone", "timeZone"))
DONE_FLAG = FieldKeys(("completed", "is_completed", "isCompleted", "done", "is_done", "isDone", "checked"))
GONE_FLAG = FieldKeys(
    ("is_deleted", "deleted", "trashed", "archived", "is_archived", "isDeleted", "isArchived"),
)
GONE_DATE = FieldKeys(("canceled_at", "canceledAt", "cancelled_at"))
RECURS_FLAG = FieldKeys(("recurring", "is_recurring", "isRecurring"))
RECURRENCE = FieldKeys(("recurrence", "rrule", "recur", "repeatFlag"))
TYPE = FieldKeys(("type",))
RECURRING_TYPES = ("habit", "daily")

TASK_FIELDS: Mapping[str, FieldKeys] = {
    "id": ID,
    "title": FieldKeys(
        ("title", "content", "name", "text", "summary", "subject"), ("description", "headline", "label", "task")
    ),
    "status": FieldKeys(("status", "state")),
    "due_at": DUE,
    "created_at": FieldKeys(
        ("created_at", "createdAt", "created", "added_at", "createdDateTime", "creationDate"),
    ),
    "completed_at": COMPLETED,
    "priority": FieldKeys(("priority",), ("importance", "urgency", "flag", "starred")),
    "estimate_minutes": FieldKeys(
        ("estimate_minutes", "estimateMinutes", "duration_minutes", "durationMinutes", "estimate", "duration"),
        ("timeEstimate", "effort", "points", "story_points"),
    ),
    "project_id": PROJECT,
    "tags": FieldKeys(("tags", "labels")),
    "parent_id": FieldKeys(("parent_id", "parentId", "parent")),
    "due_history": DUE_HISTORY,
    "recurrence": RECURRENCE,
}
"""The fields of a task by their documented names, which are the first keys."""

TASK_FLAGS: Mapping[str, FieldKeys] = {
    "done": DONE_FLAG,
    "gone": GONE_FLAG,
    "gone_at": GONE_DATE,
    "recurs": RECURS_FLAG,
    "type": TYPE,
    "timezone": ROW_ZONE,
}
"""Further keys of a task's row: states that apps give as flags, and the zone of its times."""

DATE_SHAPES: Mapping[str, tuple[str, ...]] = {
    "a day": ("2026-03-12", "20260312"),
    "a time with its offset": (
        "2026-03-12T17:00:00+01:00",
        "2026-03-12T16:00Z",
        "2026-03-12 16:00:00.1234567+00",
        "20260312T160000Z",
    ),
    "a time without a zone": ("2026-03-12T17:00:00", "20260312T170000"),
    "a time with a zone in words": ("2026-03-12 16:00:00 UTC", "2026-03-12T17:00:00[Europe/Berlin]"),
    "RFC 2822": ("Thu, 12 Mar 2026 16:00:00 GMT", "12 Mar 2026 17:00:00 +0100"),
    "seconds or milliseconds since 1970, as a number or as text": ("1773331200", "1773331200000"),
    "an object": ('{"date": "2026-03-12"}', '{"dateTime": "2026-03-12T17:00:00", "timeZone": "Europe/Berlin"}'),
}
"""Examples of dates that are read, by their shape. An object is written as JSON."""

ABSENT_DATES = ("0", "0000-00-00", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31")
"""Texts that programs write in place of a missing date."""

UNREADABLE_DATES = ("12.03.2026", "03/12/2026", "<2026-03-12 Thu>", "2027-02-29", "today", "/Date(1773331200000)/")
"""Examples of unreadable dates: their order would be a guess, or the day does not exist."""

COMPLETION_FIELDS: Mapping[str, FieldKeys] = {
    "task_id": FieldKeys(("task_id", "taskId", *ID.keys)),
    "completed_at": COMPLETED,
    "due_at": DUE,
    "project_id": PROJECT,
    "due_history": DUE_HISTORY,
    "timezone": ROW_ZONE,
}
"""The fields of a completion by their documented names."""

STATUS_WORDS: Mapping[str, tuple[str, ...]] = {
    "done": ("done", "completed", "complete", "closed", "resolved", "finished", "fixed", "merged"),
    "gone": (
        "cancelled",
        "canceled",
        "deleted",
        "archived",
        "trashed",
        "won't do",
        "wontfix",
        "won't fix",
        "rejected",
        "declined",
        "duplicate",
        "skipped",
        "dropped",
        "abandoned",
        "obsolete",
    ),
    "in progress": ("in progress", "in process", "doing", "started", "wip", "in review", "review", "ongoing"),
    "waiting": ("waiting", "waiting for", "waiting on others", "blocked", "on hold", "delegated"),
    "set aside": ("deferred", "hold", "paused", "someday", "maybe", "recurring"),
    "open": (
        "open",
        "todo",
        "to do",
        "new",
        "not started",
        "needs action",
        "incomplete",
        "pending",
        "active",
        "backlog",
        "unstarted",
        "triage",
        "ready",
        "next",
        "planned",
        "scheduled",
        "reopened",
    ),
}
"""By group; compared without case, blanks, `-`, `_` and apostrophes, words in camelCase alike."""

WAITING_TAGS = ("waiting", "waiting-for", "blocked", "on-hold", "delegated")
"""Tags of an open task that waits for another person; compared like the words of a status, and with or without `@`."""

MOST_EARLIER_DATES = 20
"""The maximum number of dates of a `due_history`, oldest first."""

PRIORITY_WORDS: Mapping[str, tuple[str, ...]] = {
    "urgent": ("urgent", "critical", "highest", "blocker", "P0", "P1"),
    "high": ("high", "H", "A", "major", "important", "P2"),
    "medium": ("medium", "normal", "M", "B", "P3"),
    "low": ("low", "lowest", "minor", "trivial", "L", "C", "P4", "P5"),
    "none": ("none", "-"),
}
"""By meaning; `none` means no priority."""

SMALLER_IS_HIGHER = "smaller_is_higher"
"""The scale of priorities of which 1 is the highest, as in RFC 5545."""

IMPORTANCE: Mapping[str, float] = {"low": 0.25, "medium": 0.5, "high": 0.75, "urgent": 1.0}
"""The weight of each word, and of each number on the scale from 1 (low) to 4 (urgent)."""

ESTIMATE_UNITS: Mapping[str, float] = {
    "minute": 1,
    "minutes": 1,
    "min": 1,
    "hour": 60,
    "hours": 60,
    "h": 60,
    "second": 1 / 60,
    "seconds": 1 / 60,
    "s": 1 / 60,
}
"""Minutes in a unit of `{"amount": …, "unit": …}`. A day has no fixed number of minutes of work."""

UNITLESS_ESTIMATES = ("estimate", "duration")
"""Read with a unit only: a bare number is points in some apps and seconds in others."""

LONGEST_ESTIMATE_MIN = 1440

FEEDBACK_FIELDS: Mapping[str, FieldKeys] = {
    "action": FieldKeys(("action",)),
    "created_at": FieldKeys(("created_at", "createdAt", "timestamp")),
    "dwell_ms": FieldKeys(("dwell_ms", "dwellMs")),
    "words_n": FieldKeys(("words_n", "wordsN")),
    "serve_id": FieldKeys(("serve_id", "serveId")),
    "tip_id": FieldKeys(("tip_id", "tipId", "candidate_id", "candidateId")),
    "timezone": ROW_ZONE,
}
"""The fields of a row of feedback by their documented names."""

FEEDBACK_WORDS: Mapping[str, tuple[str, ...]] = {
    "shown": ("shown", "show", "impression", "viewed", "view", "displayed", "ignored"),
    "opened": ("opened", "open", "clicked", "click", "tapped", "expanded"),
    "helpful": ("helpful", "like", "liked", "accept", "accepted", "upvote", "upvoted", "thumbs up", "useful", "👍"),
    "done": ("done", "complete", "completed", "acted", "did it", "finish", "finished"),
    "snoozed": ("snoozed", "snooze", "later", "postpone", "postponed", "remind me later"),
    "dismissed": (
        "dismissed",
        "dismiss",
        "reject",
        "rejected",
        "skip",
        "skipped",
        "close",
        "closed",
        "decline",
        "declined",
        "swiped away",
    ),
    "not_helpful": (
        "not helpful",
        "unhelpful",
        "dislike",
        "disliked",
        "downvote",
        "downvoted",
        "thumbs down",
        "not useful",
        "👎",
    ),
}
"""The words of `action` by outcome; compared without case, blanks, `-`, `_` and apostrophes, camelCase alike."""

OUTCOMES = ("not_helpful", "helpful", "done", "dismissed", "snoozed", "opened", "shown")
"""The outcomes of a tip, the strongest first: all feedback on one tip counts as its strongest outcome."""

PROFILE_RANGES: Mapping[str, tuple[float, float]] = {
    "completion_rate_28d": (0.0, 1.0),
    "on_time_rate_28d": (0.0, 1.0),
    "mean_daily_done_28d": (0.0, 100.0),
    "tip_accept_rate_28d": (0.0, 1.0),
    "energy_now": (0.0, 1.0),
    "stress_now": (0.0, 1.0),
    "tenure_d": (0.0, 36_500.0),
}
"""The values of a profile that are read, each with its range."""
