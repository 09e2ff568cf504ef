"""Rows read at once, field by field, are those that are read one by one."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from oo.snapshot.report import ListReport
from oo.snapshot.task_reader import read_tasks
from testing.agent_snapshots import NOW, clock_at, iso
from testing.for_each import for_each

USUAL = {"id": "a", "title": "Call the dentist", "status": "open", "priority": 3, "due_at": iso(NOW)}
OTHER = {"title": "A row with other keys"}

_DATES = [None, iso(NOW), "2026-03-12", "2026-05-01T10:00:00+02:00", "2031-01-01T00:00:00Z", "soon", 1773331200, True]
_VALUES = {
    "id": st.sampled_from([*"abcdefgh", 1, 0, "", None, True, 2.0]),
    "title": st.sampled_from(["Call the dentist", "**Call** <b>him</b>", "", None, 7, ["x"]]),
    "status": st.sampled_from(["open", "done", "doing", "waiting", "cancelled", "someday", "whatever", 3, 0, None]),
    "due_at": st.sampled_from(_DATES),
    "created_at": st.sampled_from(_DATES),
    "completed_at": st.sampled_from(_DATES),
    "priority": st.sampled_from([1, 2, 3, 4, 5, 0, 2.0, "high", "none", "P1", "much", None, True]),
    "estimate_minutes": st.sampled_from([5, 30.5, 0, None, "15", "long", {"amount": 2, "unit": "h"}]),
    "project_id": st.sampled_from(["p", 1, None, [], True]),
    "tags": st.sampled_from([None, [], ["waiting"], ["home"], 5]),
    "parent_id": st.sampled_from([None, "a", "b", "z", True]),
    "due_history": st.sampled_from([None, [], ["2026-03-01", "2026-03-02"], ["soon"]]),
    "recurrence": st.sampled_from([None, False, "FREQ=DAILY"]),
    "done": st.sampled_from([True, False, None]),
    "due": st.sampled_from([None, {"date": "2026-03-12", "is_recurring": True}]),
    "colour": st.just("red"),
}
_KEYS = st.sets(st.sampled_from(sorted(_VALUES)))


@st.composite
def _lists(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows with the same keys: mostly usual ones, some with hostile values."""
    keys = {"id", "title", "status", *draw(_KEYS)}
    odd = draw(st.lists(st.fixed_dictionaries({key: _VALUES[key] for key in sorted(keys)}), max_size=6))
    usual = [
        {key: USUAL.get(key) for key in sorted(keys)} | {"id": f"u{place}"} for place in range(draw(st.integers(0, 8)))
    ]
    return draw(st.permutations([*odd, *usual]))


def read(rows: list[dict[str, Any]], extra: list[dict[str, Any]]) -> tuple[str, dict[str, int], dict[str, int]]:
    """Everything that is read of some rows, without the task of the extra ones."""
    report = ListReport("tasks")
    found = read_tasks([*rows, *extra], clock_at(), report)
    tasks = [task for task in found.tasks.values() if task.whole_title != OTHER["title"]]
    return repr((tasks, found.numbers, found.to_come)), report.counts("unreadable"), report.counts("dropped")


@given(_lists())
def test_a_list_of_one_form_is_read_as_among_others(rows: list[dict[str, Any]]) -> None:
    """A row with other keys makes all of them be read one by one."""
    assert read(rows, []) == read(rows, [OTHER])


@for_each("field", sorted(_VALUES))
def test_one_odd_row_leaves_the_usual_ones_as_they_are(field: str) -> None:
    """Each value of each field is read like that of a single row."""
    for value in (
        "waiting",
        ["waiting"],
        "u1",
        True,
        9,
        "2031-01-01T00:00:00Z",
        {"date": "2026-03-12", "is_recurring": True},
    ):
        rows = [{**USUAL, field: None, "id": f"u{place}"} for place in range(9)]
        rows[4][field] = value

        assert read(rows, []) == read(rows, [OTHER]), value
