"""The report of unreadable values."""

import json

from hypothesis import given
from hypothesis import strategies as st

from oo.contract.leniency import BodyNotes
from oo.snapshot.report import ListReport, reading
from testing.for_each import for_each


def of_keys(**keys: int) -> ListReport:
    report = ListReport("tasks")
    for key, rows in keys.items():
        report.unread_key(key, rows)
    return report


def test_nothing_to_report_is_none() -> None:
    """Also where it is known how many tasks there were."""
    tasks = {"given": 3, "open": 2, "done": 1, "untitled": 0, "unreadable_due": 0}

    assert reading([]) is None
    assert reading([ListReport("tasks")], tasks=tasks) is None
    assert reading([ListReport("tasks")], unreadable={}, assumed=[]) is None


@for_each("count", ["untitled", "unreadable_due"])
def test_a_task_without_title_or_date_is_reported_by_itself(count: str) -> None:
    tasks = {"given": 3, "open": 2, "done": 1, "untitled": 0, "unreadable_due": 0, count: 1}

    assert reading([], tasks=tasks) == {"tasks": tasks}


def test_parts_and_names_are_sorted_and_none_is_empty() -> None:
    tasks, completions = of_keys(zebra=1, apple=2), ListReport("task_completions")
    tasks.unreadable("due_at")
    tasks.unreadable("created_at", 2)
    tasks.unreadable("priority", 0)
    completions.dropped("future", 2)
    completions.dropped("no_time", 0)

    found = reading([tasks, completions], unreadable={"timezone": 1}, assumed=["timezone=UTC", "due_at=dates"])

    assert json.dumps(found) == json.dumps(
        {
            "assumed": ["due_at=dates", "timezone=UTC"],
            "dropped": {"task_completions.future": 2},
            "unread_keys": {"tasks": {"apple": 2, "zebra": 1}},
            "unreadable": {"tasks.created_at": 2, "tasks.due_at": 1, "timezone": 1},
        }
    )


def test_the_ten_most_frequent_keys_are_named() -> None:
    """Ties by name; all others, and names that are no plain ones, are counted together."""
    keys = {f"key_{place:02}": 5 for place in range(12)} | {"a b": 9, "ä": 1, "x" * 33: 2, "": 1, "<b>": 1, "top": 7}

    assert of_keys(**keys).unread_keys() == {**{f"key_{place:02}": 5 for place in range(9)}, "top": 7, "*": 29}


@for_each("name", ["@odata.etag", "a-b", "a.b", "$type", "percent-complete", "_id2", "x" * 32])
def test_plain_names_are_named(name: str) -> None:
    expected = {"*": 1} if name.startswith("@") else {name: 1}

    assert of_keys(**{name: 1}).unread_keys() == expected


def test_notes_of_the_body_go_along() -> None:
    """Counts of one place are added up."""
    tasks = ListReport("tasks")
    tasks.dropped("not_object")
    notes = BodyNotes(("mood", "mood swings"), {"profile.energy_now": 1}, {"tasks.not_object": 2}, ("user_id=text",))

    assert reading([tasks], notes=notes) == {
        "assumed": ["user_id=text"],
        "dropped": {"tasks.not_object": 3},
        "unread_keys": {"body": {"*": 1, "mood": 1}},
        "unreadable": {"profile.energy_now": 1},
    }


@given(st.dictionaries(st.text(max_size=40), st.integers(1, 2_000), max_size=40))
def test_no_key_is_lost(keys: dict[str, int]) -> None:
    found = of_keys(**keys).unread_keys()

    assert sum(found.values()) == sum(keys.values())
    assert len(found) <= 11
