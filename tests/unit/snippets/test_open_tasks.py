"""Reading, finding and ordering open tasks."""

from typing import Any

from oo.snapshot.clock import clock_at
from oo.snippets.open_tasks import read_open_tasks
from testing.for_each import for_each
from tools.prompts.morning import NOW, TASKS


def titled(*titles: str) -> list[dict[str, Any]]:
    """Open tasks with these titles."""
    return [{"id": f"task-{number}", "title": title} for number, title in enumerate(titles)]


def test_only_open_tasks_are_kept() -> None:
    """Done and cancelled tasks are not open."""
    rows = [*titled("one"), {"id": "b", "status": "done"}, {"id": "c", "status": "cancelled"}, {"id": "d"}]

    assert [task.id for task in read_open_tasks(rows, clock_at(NOW, NOW.tzinfo)).tasks] == ["task-0", "d"]


def test_order_is_date_then_importance_then_age_then_place() -> None:
    """Dated tasks come first by date, the others by importance, age, and place in the list."""
    ranked = [task.id for task in read_open_tasks(TASKS, clock_at(NOW, NOW.tzinfo)).ranked()]

    assert ranked == ["invoice", "notes", "tiles", "passport", "proposal", "checkup", "bill", "garage"]


def test_equal_tasks_come_by_title() -> None:
    """Nothing but its place orders tasks of which nothing is known."""
    ranked = read_open_tasks(titled("c", "a", "b"), clock_at(NOW, NOW.tzinfo)).ranked()

    assert [task.title for task in ranked] == ["a", "b", "c"]


@for_each(
    ("quoted", "found"),
    [
        ("Write proposal", "task-0"),
        ("write  PROPOSAL", "task-0"),
        ("Write prop…", "task-0"),
        ('Pay "bill" now', "task-1"),
        ("Pay “bill” now", "task-1"),
        ("Write", None),
        ("Zebra…", None),
        ("…", None),
        ("", None),
    ],
)
def test_task_is_found_by_its_title(quoted: str, found: str | None) -> None:
    """A quoted title names its task, cut short or not; a mere beginning names none."""
    tasks = read_open_tasks(titled("Write proposal", "Pay «bill» now"), clock_at(NOW, NOW.tzinfo))
    task = tasks.named(quoted)

    assert found == (task.id if task else None)


def test_first_of_two_equal_titles_is_found() -> None:
    """A title that two tasks share names the first."""
    task = read_open_tasks(titled("Twin", "Twin"), clock_at(NOW, NOW.tzinfo)).named("Twin")

    assert task
    assert task.id == "task-0"


def test_withholding_reads_the_whole_title() -> None:
    """A word of self-harm beyond the 80 characters that are shown still counts."""
    tasks = read_open_tasks(titled("Write it all down " * 6 + "suicide", "Water the plants"), clock_at(NOW, NOW.tzinfo))

    assert [tasks.is_withheld(task) for task in tasks.tasks] == [True, False]


def test_tasks_are_read_without_a_clock() -> None:
    """Without a moment a completion still closes its task, whenever it was."""
    tasks = read_open_tasks([{"id": "a", "title": "x", "completed_at": "2099-12-31"}, *titled("open")], None)

    assert tasks.clock is None
    assert [task.title for task in tasks.tasks] == ["open"]
