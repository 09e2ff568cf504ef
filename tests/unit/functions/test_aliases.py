"""Keys of other apps are equivalent to the documented keys: only the report differs."""

from typing import Any

import pytest

from oo.contract.vocabulary import COMPLETION_FIELDS, TASK_FIELDS
from testing.for_each import for_each
from testing.seeds import seeds
from testing.user_answers import AGENTS, computed, learned, reading, text, tip

BASE = {
    "id": "t1",
    "title": "Pay the rent",
    "due_at": "2026-03-12T17:00:00Z",
    "created_at": "2026-02-01T10:00:00Z",
    "priority": 3,
    "estimate_minutes": 15,
    "project_id": "p",
    "tags": ["home"],
    "status": "in progress",
}
CHILD = {"id": "t2", "title": "Look up the account", "parent_id": "t1", "due_at": "2026-03-12", "estimate_minutes": 5}
DONE = {"id": "t3", "title": "Done", "completed_at": "2026-03-12T07:00:00Z", "recurrence": "weekly"}
MOVED: list[tuple[str, str]] = [(name, key) for name, field in TASK_FIELDS.items() for key in field.keys]


def moved(row: dict[str, Any], name: str, key: str) -> dict[str, Any]:
    """The row with a field under another of its keys; an estimate without a unit gets one."""
    value = row.get(name)
    if key in ("estimate", "duration") and value is not None:
        value = {"amount": value, "unit": "minutes"}
    return {key if each == name else each: value if each == name else old for each, old in row.items()}


def answers(rows: list[dict[str, Any]]) -> list[Any]:
    """Everything but the reports."""
    found: list[Any] = [{**computed(agent_id, tasks=rows), "reading": None} for agent_id in AGENTS]
    return [*found, tip(tasks=rows)]


@for_each("place", MOVED)
def test_a_field_under_another_key_is_the_same(place: tuple[str, str]) -> None:
    """Keys that are read are not reported as unread."""
    rows = [moved(row, *place) for row in (BASE, CHILD, DONE)]

    assert answers(rows) == EXPECTED
    assert "unread_keys" not in reading(*rows)


EXPECTED = answers([BASE, CHILD, DONE])


@pytest.mark.all_seeds
@for_each("place", [place for place in MOVED if place[0] != place[1]])
def test_the_documented_key_wins(place: tuple[str, str]) -> None:
    """Unless its value is null, blank or unreadable; then the other key's is read.

    `make test` tries null and the unreadable value at each key, `make test-statistics` every value.
    """
    name, key = place
    other: Any = {"title": "Another", "status": "done", "tags": ["x"], "due_history": []}.get(
        name, "2026-03-20T10:00:00Z"
    )
    rows = [row | {key: other} if name in row else row for row in (BASE, CHILD, DONE)]

    assert answers(rows) == EXPECTED
    unreadable: list[object] = [{"x": 1}] if name != "recurrence" else []
    nothings: tuple[object, ...] = (None, *unreadable, "", " ", [])
    for nothing in nothings[: len(seeds(len(nothings), few=2))]:
        rows = [{name: nothing} | moved(row, name, key) if name in row else row for row in (BASE, CHILD, DONE)]

        assert answers(rows) == EXPECTED, nothing


def test_the_first_key_in_order_wins() -> None:
    """In any order of the row."""
    row = {
        "id": "1",
        "title": "Pay the rent",
        "priority": 4,
        "dueDate": "2026-03-13",
        "due_on": "2026-03-14",
        "due_at": None,
    }

    assert "is due tomorrow" in text("deadline-pressure", tasks=[row])
    assert "is due on Saturday" in text("deadline-pressure", tasks=[row | {"dueDate": "soon"}])
    assert "unreadable" not in reading(row | {"dueDate": "soon"})


HISTORY = [
    {
        "task_id": f"t{day}",
        "project_id": "p",
        "completed_at": f"2026-02-{day:02}T16:00:00Z",
        "due_at": f"2026-02-{max(1, day - 3):02}",
    }
    for day in range(1, 29)
]


@for_each("place", [(name, key) for name, field in COMPLETION_FIELDS.items() for key in field.keys])
def test_completions_are_read_under_the_same_keys(place: tuple[str, str]) -> None:
    rows = [moved(row, *place) for row in HISTORY]

    for agent_id in ("lateness-buffer", "peak-hours", "workload-balance", "deadline-pressure"):
        assert learned(agent_id, task_completions=rows) == learned(agent_id, task_completions=HISTORY), agent_id
    assert learned("lateness-buffer", task_completions=rows) != {}


def test_the_zone_is_read_in_camel_case() -> None:
    row = {"id": "1", "title": "Pay the rent", "due_at": "2026-03-11"}
    fields = {"tasks": [row], "now_iso": "2026-03-12T00:30:00Z", "timezone": ...}

    assert "is due today" in text("deadline-pressure", **fields, timeZone="America/Los_Angeles")
