"""Findings of all rows of a user together: fields of dates, the scale of priorities, the report."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from oo.contract.leniency import NO_NOTES
from oo.snapshot.clock import Clock, clock_at
from oo.snapshot.user_rows import Decided, UserRows, read_decided, read_user_rows
from oo.snapshot.zones import UserZone
from testing.for_each import for_each

NOW = datetime(2026, 3, 12, 19, tzinfo=UTC)
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
AUCKLAND = ZoneInfo("Pacific/Auckland")


def rows_of(
    *tasks: dict[str, Any], completions: Sequence[object] = (), clock: Clock | None = None, **named: Any
) -> UserRows:
    return read_user_rows(tasks, completions, clock or clock_at(NOW, LOS_ANGELES), **named)


def report(rows: UserRows, zone: ZoneInfo | None = LOS_ANGELES) -> dict[str, Any]:
    return dict(rows.report(UserZone(zone), NO_NOTES) or {})


def dated(*days: int, key: str = "due_at") -> list[dict[str, Any]]:
    return [{"id": f"t{day}", "title": "A", key: f"2026-03-{day:02}T00:00:00.000Z"} for day in days]


@for_each("key", ["due_at", "completed_at", "created_at", "due", "completedDateTime", "createdDateTime"])
def test_midnights_of_one_field_are_dates(key: str) -> None:
    """Under its documented name; the other fields stay instants."""
    name = {"due": "due_at", "completedDateTime": "completed_at", "createdDateTime": "created_at"}.get(key, key)
    other = "created_at" if name == "due_at" else "due_at"
    rows = rows_of(*dated(10, 11, 12, key=key), {"id": "x", "title": "X", other: "2026-03-02T00:00:00Z"})

    assert report(rows)["assumed"] == [f"{name}=dates"]
    assert rows.decided.to_json() == {name: "utc"}


def test_tasks_and_completions_decide_together() -> None:
    """One task and two completions are three; an instant among the completions leaves it open."""
    done = [{"task_id": f"c{day}", "completed_at": f"2026-03-{day:02}T00:00:00Z"} for day in (1, 2)]
    later = {"task_id": "c9", "completed_at": "2026-03-03T10:00:00Z"}

    assert rows_of(*dated(10, key="completed_at"), completions=done).decided.dates["completed_at"] == "utc"
    assert rows_of(*dated(10, key="completed_at"), completions=[*done, later]).decided.dates["completed_at"] is None
    assert rows_of(*dated(10), completions=[{**each, "due_at": "2026-03-01T00:00:00Z"} for each in done]).decided.dates[
        "due_at"
    ]


def test_a_day_that_begins_later_in_utc_has_begun_for_the_user() -> None:
    """In Auckland the 13th began at 11:00 of the 12th in UTC, so completions on it count."""
    clock = clock_at(NOW, AUCKLAND)
    done = [{"id": f"c{day}", "completed_at": f"2026-03-{day}T00:00:00Z"} for day in (11, 12, 13)]
    rows = rows_of(*done, completions=[{"completed_at": each["completed_at"]} for each in done], clock=clock)

    assert len(rows.task_list.done) == len(rows.completions) == 3
    assert rows.task_list.changes_at is None
    assert "dropped" not in report(rows)


def test_a_day_that_is_still_to_come_is_not_done_yet() -> None:
    """In Los Angeles the 13th begins at 7 in UTC."""
    done = [{"id": f"c{day}", "completed_at": f"2026-03-{day}T00:00:00Z"} for day in (11, 12, 13)]
    rows = rows_of(*done, completions=[{"completed_at": each["completed_at"]} for each in done])

    assert [task.id for task in rows.task_list.done] == ["c11", "c12"]
    assert rows.task_list.changes_at == datetime(2026, 3, 13, 6, 55, tzinfo=UTC)
    assert report(rows)["dropped"] == {"task_completions.future": 1}


def test_one_number_beyond_four_makes_all_of_them_unknown() -> None:
    """Words are unchanged, and each number is reported."""
    rows = rows_of(*({"id": f"p{value}", "title": "A", "priority": value} for value in (4, 5, "2", "high", None, 0)))
    found = {task.id: (task.priority_known, task.priority_unknown) for task in rows.task_list.open}

    assert found == {
        **dict.fromkeys(("p4", "p5", "p2", "p0"), (False, True)),
        "phigh": (True, False),
        "pNone": (False, False),
    }
    assert report(rows)["unreadable"] == {"tasks.priority": 4}


@pytest.mark.parametrize("decided", [Decided({}, is_four_steps=True), Decided({"due_at": "utc"}, is_four_steps=False)])
def test_what_is_decided_goes_along_in_a_job(decided: Decided) -> None:
    """It takes precedence over the decision from a part of the rows."""
    rows = rows_of(*dated(12), {"id": "p", "title": "P", "priority": 3}, decided=read_decided(decided.to_json()))
    due = next(task.due for task in rows.task_list.open if task.due)

    assert due.date_only is bool(decided.dates)
    assert rows.task_list.open[-1].priority_known is decided.is_four_steps


@for_each("given", [{}, {"due_at": "mars"}, {"due_at": True}, {"title": "utc"}, {"is_four_steps": "no"}, {"x": 1}])
def test_other_decisions_are_the_usual_ones(given: dict[str, Any]) -> None:
    assert read_decided(given) == Decided({}, is_four_steps=True)


def test_the_example_of_a_report() -> None:
    """Rows, keys that are not read, a date that cannot be, and nothing else."""
    rows = rows_of(
        {"id": "1", "title": "a", "due_at": "2026-03-12", "colour": "x", "weird key": 1, "k" * 40: 2},
        {"id": "2", "headline": "b", "due_at": "12.03.2026"},
        {"id": "3", "title": "c", "status": "done", "completed_at": "2026-03-10", "colour": "red"},
    )

    assert report(rows) == {
        "tasks": {"given": 3, "open": 2, "done": 1, "untitled": 1, "unreadable_due": 1},
        "unread_keys": {"tasks": {"colour": 2, "headline": 1, "*": 2}},
        "unreadable": {"tasks.due_at": 1},
    }


def test_what_is_dropped_is_counted() -> None:
    """A row that is none, an id that comes twice, a completion without a time, and one in the future."""
    rows = read_user_rows(
        [5, "x", None, {"id": "a"}, {"id": "a"}, {"id": "a"}],
        [7, {"task_id": "b"}, {"completed_at": "soon"}, {"completed_at": "2026-03-13T00:00:00Z"}],
        clock_at(NOW, LOS_ANGELES),
    )

    assert report(rows)["dropped"] == {
        "tasks.not_object": 3,
        "tasks.duplicate_id": 2,
        "task_completions.not_object": 1,
        "task_completions.no_time": 2,
        "task_completions.future": 1,
    }


@for_each(
    "case",
    [
        ([], [], False),
        ([{"title": "A"}], [], False),
        ([{"title": "A", "due_at": "soon"}], [], False),
        ([{"title": "A", "due_at": "2026-03-12"}], [], True),
        ([{"title": "A", "created_at": "2026-03-01T10:00:00Z"}], [], True),
        ([], [{"completed_at": "2026-03-01T10:00:00Z"}], True),
    ],
)
def test_an_unknown_zone_is_reported_where_it_matters(case: tuple[list[Any], list[Any], bool]) -> None:
    """Where a list holds a date."""
    tasks, completions, is_assumed = case
    rows = read_user_rows(tasks, completions, clock_at(NOW, None))

    assert ("timezone=UTC" in report(rows, None).get("assumed", ())) is is_assumed
    assert "assumed" not in report(rows_of(*tasks, completions=completions))


def test_a_rows_own_zone_is_that_of_its_times() -> None:
    """A date is the user's day wherever the row is from; a zone that cannot be read makes times unknown."""
    rows = rows_of(
        {"id": "a", "title": "A", "due_at": "2026-03-12T10:00:00", "timezone": "Europe/Berlin"},
        {"id": "b", "title": "B", "due_at": "2026-03-12", "timeZone": "Pacific/Auckland"},
        {"id": "c", "title": "C", "due_at": "2026-03-12T10:00:00", "timezone": "Mars/Olympus"},
        {"id": "d", "title": "D", "due_at": "2026-03-12T10:00:00Z", "timezone": "Mars/Olympus"},
        {"id": "e", "title": "E", "due_at": "2026-03-12T10:00:00", "timezone": ""},
    )
    due = {task.id: task.due and task.due.at for task in rows.task_list.open}
    noon = datetime(2026, 3, 12, 10, tzinfo=UTC)

    assert due == {
        "a": noon - timedelta(hours=1),
        "b": datetime(2026, 3, 13, 6, 59, 59, tzinfo=UTC),
        "c": None,
        "d": noon,
        "e": noon + timedelta(hours=7),
    }
    assert report(rows)["unreadable"] == {"tasks.due_at": 1}
