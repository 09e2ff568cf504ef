"""Parents and their children, counted once."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from oo.snapshot.subtasks import own_parents, total_minutes, without_parents
from oo.snapshot.tasks import Task
from oo.snapshot.user_rows import read_user_rows
from testing.agent_snapshots import clock_at
from testing.for_each import for_each


def tasks(*rows: dict[str, Any]) -> list[Task]:
    return list(read_user_rows(rows, (), clock_at()).task_list.open)


def family(minutes: int | None, *children: int | None, key: str = "parent_id") -> list[Task]:
    """A parent with an estimate, and children with theirs."""
    own = [{"id": f"c{place}", key: "p", "estimate_minutes": child} for place, child in enumerate(children)]
    return tasks({"id": "p", "estimate_minutes": minutes}, *own)


def total(found: list[Task]) -> float:
    return total_minutes(found, lambda task: task.estimate_min or 30)


@for_each(
    "case",
    [
        ((180, 60, 60, 60), 180),
        ((60, 60, 60, 60), 180),
        ((200, 60, 60), 200),
        ((None, 60, 60), 120),
        ((180, None, None), 180),
        ((60,), 60),
    ],
)
def test_a_parent_counts_once_with_its_children(case: tuple[tuple[int | None, ...], float]) -> None:
    """As long as the larger of its own estimate and the sum of theirs, in either order, under each key."""
    minutes, expected = case
    for key in ("parent_id", "parentId", "parent"):
        found = family(minutes[0], *minutes[1:], key=key)

        assert total(found) == total(found[::-1]) == expected


def test_grandchildren_count_through_their_parents() -> None:
    rows = [
        {"id": "a", "estimate_minutes": 10},
        {"id": "b", "parent_id": "a", "estimate_minutes": 100},
        {"id": "c", "parent_id": "b", "estimate_minutes": 60},
        {"id": "d", "parent_id": "b", "estimate_minutes": 60},
        {"id": "e", "estimate_minutes": 5},
    ]

    assert total(tasks(*rows)) == 125
    assert [task.id for task in without_parents(tasks(*rows))] == ["c", "d", "e"]


@for_each(
    "parents",
    [
        {"a": "a"},
        {"a": "nobody"},
        {"a": "b", "b": "a"},
        {"a": "b", "b": "c", "c": "a"},
        {"a": 0},
        {"a": ""},
        {"a": None},
        {"a": ["b"]},
        {"a": {"id": "b"}},
    ],
)
def test_itself_a_circle_or_another_list_is_no_parent(parents: dict[str, object]) -> None:
    rows = [{"id": name, "parent_id": parents.get(name)} for name in "abc"]

    assert [task.parent for task in tasks(*rows)] == [None] * 3


def test_a_child_of_a_circle_has_no_parent() -> None:
    assert own_parents({"a": "B", "b": "A", "c": "A", "d": "C"}, {"A": "a", "B": "b", "C": "c"}) == {"d": "c"}


def test_a_parent_without_an_open_child_counts_by_itself() -> None:
    """One that is done, or gone, is no child to be counted."""
    for status in ("done", "cancelled"):
        found = tasks({"id": "p", "estimate_minutes": 60}, {"id": "c", "parent_id": "p", "status": status})

        assert total(found) == 60
        assert [task.id for task in without_parents(found)] == ["p"]


@given(st.dictionaries(st.integers(0, 30), st.integers(0, 30)))
def test_no_chain_of_parents_is_a_circle(wanted: dict[int, int]) -> None:
    keys = {str(number): f"key {number}" for number in range(31)}
    found = own_parents({f"key {child}": str(parent) for child, parent in wanted.items()}, keys)

    for start in found:
        key, steps = start, 0
        while key in found:
            key, steps = found[key], steps + 1
            assert steps <= 31


def test_a_chain_of_two_thousand_tasks_is_read() -> None:
    rows = [{"id": f"t{place}", "parent_id": f"t{place + 1}", "estimate_minutes": 1} for place in range(2_000)]

    assert total(tasks(*rows)) == 1
