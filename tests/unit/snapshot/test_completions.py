"""Finished tasks, and how late they were."""

from collections.abc import Sequence
from datetime import UTC, datetime

from oo.snapshot.clock import clock_at as clock_in
from oo.snapshot.completions import (
    TaskCompletion,
    ages_d,
    in_order,
    once_each,
    with_done_tasks,
)
from oo.snapshot.tasks import TaskList
from oo.snapshot.user_rows import read_user_rows
from testing.agent_snapshots import DAY, NOW, clock_at, iso

LATEST = datetime(2026, 6, 18, tzinfo=UTC)


def sent(rows: Sequence[object]) -> list[TaskCompletion]:
    return read_user_rows((), rows, clock_in(LATEST, UTC)).completions


def completion(completed_at: object, due_at: object = None, project_id: object = None) -> dict[str, object]:
    return {"completed_at": completed_at, "due_at": due_at, "project_id": project_id}


def test_unreadable_and_future_completions_are_dropped() -> None:
    """Only objects with a readable time up to the end of the day count."""
    rows = [None, "x", {}, completion(None), completion("soon"), completion("2026-06-20"), completion("2026-06-17")]

    assert len(sent(rows)) == 1


def test_rows_with_an_id_count_once() -> None:
    """One id at one time is one completion, however often it is sent; rows without an id count each time."""
    named = [{"task_id": "t", **completion("2026-06-17T08:00:00Z")}] * 50
    nameless = [completion("2026-06-17T08:00:00Z", project_id="7")] * 3

    assert len(once_each(sent([*named, *nameless]), TaskList())) == 4


def test_done_tasks_add_what_was_not_sent() -> None:
    """A done task that was also sent as a completion counts once."""
    rows = [
        {"id": "a", "status": "done", "completed_at": iso(NOW), "project_id": "p"},
        {"id": "b", "status": "done", "completed_at": iso(NOW - DAY)},
        {"id": "c", "status": "done"},
    ]
    tasks = read_user_rows(rows, (), clock_at()).task_list

    assert len(with_done_tasks(sent([completion(iso(NOW), project_id="p")]), tasks, UTC)) == 2


def test_order_depends_on_the_content_alone() -> None:
    """Completions are sorted by time, then by their other fields."""
    rows = [completion(at, due, project) for at in (1.7e9, 1.6e9) for due in (1.7e9, None) for project in ("a", "b")]
    found = sent(rows)

    assert in_order(reversed(found)) == in_order(found)
    assert [each.completed.at for each in in_order(found)] == sorted(each.completed.at for each in found)


def test_ages_count_from_the_newest() -> None:
    """Ages are days before the newest stamp; without stamps there are none."""
    assert ages_d([LATEST, LATEST - DAY / 2]) == [0.0, 0.5]
    assert ages_d([]) == []


def test_the_first_due_date_is_the_oldest_one_that_was_sent() -> None:
    """Earlier dates come with a completion or with its done task; without them the date is the first one."""
    completed = "2026-06-17T08:00:00Z"
    moved = {"task_id": "t", "due_history": ["2026-06-01", "2026-06-09"], **completion(completed, "2026-06-16")}
    done = {
        "id": "d",
        "status": "done",
        "completed_at": completed,
        "due_at": "2026-06-16",
        "due_history": ["2026-06-02"],
    }
    rows = read_user_rows([done], [moved, completion(completed, "2026-06-03")], clock_at())

    found = with_done_tasks(rows.completions, rows.task_list, UTC)
    firsts = sorted(each.first_due.day(NOW.tzinfo).isoformat() for each in found if each.first_due and NOW.tzinfo)

    assert firsts == ["2026-06-01", "2026-06-02"]
