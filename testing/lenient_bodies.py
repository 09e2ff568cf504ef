"""Bodies with unreadable values, and the places of these values in the report."""

from collections.abc import Iterator, Mapping
from typing import Any

HIDDEN = "canary of a value"
"""A text in values and in keys that are sentences; no report and no log line may contain it."""

TASK = {"id": "t1", "title": "Send the invoice", "due_at": "2026-03-12T17:00:00Z"}
CLEAN: Mapping[str, Any] = {
    "user_id": "42",
    "now_iso": "2026-03-12T10:00:00+01:00",
    "timezone": "Europe/Berlin",
    "tasks": [TASK],
}
"""A body of which everything is read, for all bodies with tasks."""

NO_OBJECTS = ["text", "", None, 7, 0, 1.5, True, [], [TASK], HIDDEN]
NO_NUMBERS = ["high", HIDDEN, "1,5", "0x1", "٣", True, False, [0.5], {"value": 0.5}]

UNREAD_ROWS = [
    {"id": "1", "title": "a", "due_at": "2026-03-12", "colour": "x", "weird key": 1, "x" * 40: 2},
    {"id": "2", "headline": "b", "due_at": "12.03.2026"},
    {"id": "3", "title": "c", "status": "done", "completed_at": "2026-03-10", "colour": "red"},
]
UNREAD_REPORT = {
    "tasks": {"given": 3, "open": 2, "done": 1, "untitled": 1, "unreadable_due": 1},
    "unread_keys": {"tasks": {"colour": 2, "headline": 1, "*": 2}},
    "unreadable": {"tasks.due_at": 1},
}
"""Tasks with unreadable values, and their whole report."""

Case = tuple[dict[str, Any], str, dict[str, int] | str]
"""Fields of a body, the part of the report that names them, and the name: with its count, or in a list."""


def each(name: str, *values: Any) -> list[dict[str, Any]]:
    """A field with each of some values."""
    return [{name: value} for value in values]


def everywhere() -> Iterator[Case]:
    """Unreadable fields of all bodies with tasks."""
    yield {"tasks": None}, "assumed", "tasks=[]"
    for fields in each("user_id", 42, 0, -7, 2**63, 10**255):
        yield fields, "assumed", "user_id=text"
    yield {"tasks": [TASK, *NO_OBJECTS]}, "dropped", {"tasks.not_object": len(NO_OBJECTS)}
    yield {"tasks": [TASK, None]}, "dropped", {"tasks.not_object": 1}
    no_texts = (5, 0, True, False, 1.5, ["Europe/Berlin"], {"name": HIDDEN}, "x" * 65)
    no_zones = (*no_texts, "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe", "+25:00", "\0", HIDDEN)
    for fields in (*each("timezone", *no_zones), *each("timeZone", *no_zones)):
        yield {"timezone": None} | fields, "unreadable", {"timezone": 1}
    for name in (5, "Mars/Olympus"):
        yield {"timezone": name, "timeZone": 6}, "unreadable", {"timezone": 1}
        yield {"timezone": 5, "timeZone": name}, "unreadable", {"timezone": 1}


def in_snapshots() -> Iterator[Case]:
    """Unreadable fields of bodies with a history."""
    yield from everywhere()
    for name in ("feedback_history", "task_completions"):
        yield {name: None}, "assumed", f"{name}=[]"
        yield {name: NO_OBJECTS}, "dropped", {f"{name}.not_object": len(NO_OBJECTS)}


def in_profiles_and_preferences() -> Iterator[Case]:
    """Unreadable fields of bodies with a profile and preferences."""
    for name in ("profile", "agent_prefs"):
        yield {name: None}, "assumed", f"{name}={{}}"
        for fields in each(name, HIDDEN, 7, 0, True, False, 1.5, [HIDDEN], [{}]):
            yield fields, "unreadable", {name: 1}
    for value in NO_NUMBERS:
        yield {"profile": {"energy_now": value, "stress_now": 0.5}}, "unreadable", {"profile.energy_now": 1}
    yield {"profile": {HIDDEN: "high", "mood": "good", "a" * 300: []}}, "unreadable", {"profile.*": 2}
    yield {"profile": {"mood": "good", "tenure_d": {"d": 9}}}, "unreadable", {"profile.*": 1, "profile.tenure_d": 1}


SILENT = (
    *({"timezone": "Europe/Berlin"} | fields for fields in each("timeZone", None, "", "  ", 5, [], "Asia/Tokyo")),
    *(
        {"timeZone": "Europe/Berlin"} | fields
        for fields in each("timezone", None, "", " \t", 5, True, [], {}, "x" * 65, "Mars/Olympus", "Berlin")
    ),
    *each("priority_scale", None, "", "larger_is_higher"),
)
"""Fields that change nothing in the answer to `CLEAN`, nor are they reported."""

SILENT_IN_SNAPSHOTS = (
    *each("profile", {}, [], "", " ", {"energy_now": None}, {"energy_now": ""}),
    *each("agent_prefs", {}, [], "", " "),
)
"""As `SILENT`, of bodies with a profile and preferences."""


def is_named(reading: Mapping[str, Any] | None, part: str, name: dict[str, int] | str) -> bool:
    """Whether a report contains an entry, among others."""
    found = (reading or {}).get(part, {})
    return name in found if isinstance(name, str) else name.items() <= found.items()
