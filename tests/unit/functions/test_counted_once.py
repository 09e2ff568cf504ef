"""A task is its id, a completion its id and its time: counts of momentum, over HTTP and over the queues."""

from collections.abc import Sequence
from typing import Any

from testing.for_each import for_each
from testing.user_answers import learned, reading, signals, stored, text

GOAL = {"daily_goal": 5}
Rows = Sequence[dict[str, Any]]


def done(task_id: object, completed_at: object, **others: object) -> dict[str, Any]:
    return {"id": task_id, "title": f"Task {task_id}", "status": "done", "completed_at": completed_at, **others}


def today_n(tasks: Rows = (), completions: Rows = ()) -> int:
    """How many were done today, which is the same over HTTP and over the queue."""
    fields = {"tasks": list(tasks), "task_completions": list(completions)}
    found = signals("momentum", **fields, agent_prefs=GOAL)["done_today_n"]
    output = stored({**fields, "agent_prefs": {"momentum": GOAL}, "agent_ids": ["momentum"]})["momentum"]
    assert output is None or output["signals_snapshot"]["done_today_n"] == found
    return int(found)


EIGHT = "2026-03-12T08:00:00Z"
CASES: list[tuple[Rows, Rows, int]] = [
    ([done(f"d{n}", "2026-03-12") for n in range(5)], [], 5),
    ([done(f"d{n}", EIGHT) for n in range(5)], [], 5),
    ([done(0, EIGHT) for _ in range(5)], [], 5),
    ([done(None, EIGHT) for _ in range(5)], [], 5),
    ([done("0", EIGHT), done("", EIGHT), done(0.0, EIGHT)], [], 3),
    ([done("d", EIGHT)] * 5, [], 1),
    ([done(7, EIGHT), done("7", EIGHT), done(7.0, EIGHT)], [], 1),
    ([done({"$oid": "5c9e"}, EIGHT), done("5c9e", EIGHT)], [], 1),
    ([], [{"task_id": f"d{n}", "completed_at": EIGHT} for n in range(5)], 5),
    ([], [{"id": f"d{n}", "completed_at": "2026-03-12"} for n in range(5)], 5),
    ([], [{"completed_at": EIGHT}] * 5, 5),
    ([], [{"task_id": "d", "completed_at": EIGHT}] * 5, 1),
    ([], [{"task_id": "d", "completed_at": f"2026-03-12T08:00:0{n}Z"} for n in (0, 1, 2)], 1),
    ([], [{"task_id": "d", "completed_at": f"2026-03-12T08:0{n}:00Z"} for n in (0, 1, 2)], 3),
    ([], [{"task_id": "d", "completed_at": EIGHT, "due_at": f"2026-03-{n}"} for n in (12, 13, 14)], 1),
    (
        [done("a", EIGHT, project_id="p"), done("b", EIGHT, project_id="p")],
        [{"completed_at": EIGHT}] * 2,
        2,
    ),
    ([done("a", EIGHT), done("b", EIGHT)], [{"task_id": "a", "completed_at": EIGHT}], 2),
    ([done("a", EIGHT, due_at="2026-03-19")], [{"task_id": "a", "completed_at": EIGHT, "due_at": "2026-03-12"}], 1),
    ([done("a", "2026-03-12")], [{"task_id": "a", "completed_at": EIGHT}], 1),
    ([done("a", EIGHT)], [{"task_id": "a", "completed_at": "2026-03-12"}], 1),
    ([done("a", EIGHT)], [{"task_id": "a", "completed_at": "2026-03-12T05:00:00Z"}], 1),
    ([done("a", EIGHT)], [{"task_id": "a", "completed_at": "2026-03-11T08:00:00Z"}], 1),
    ([done("a", EIGHT)], [{"task_id": "b", "completed_at": EIGHT}], 2),
    ([done("a", EIGHT, project_id="p")], [{"completed_at": EIGHT, "project_id": "q"}], 2),
    ([done("a", EIGHT, project_id="p")], [{"completed_at": EIGHT, "projectId": "p"}], 1),
    ([done("a", EIGHT)], [{"completed_at": "2026-03-12T08:00:02Z"}], 1),
    ([done("a", EIGHT)], [{"completed_at": "2026-03-12T08:00:03Z"}], 2),
    ([done("a", "2026-03-12")], [{"completed_at": "2026-03-12T08:00:03Z"}], 1),
    ([done("a", EIGHT)], [{"completed_at": "2026-03-12"}] * 3, 3),
    ([done(None, EIGHT)] * 3, [{"completed_at": EIGHT}] * 2, 3),
    ([done(None, EIGHT)] * 2, [{"completed_at": EIGHT}] * 3, 3),
    ([{"id": "a", "title": "A"}], [{"task_id": "a", "completed_at": EIGHT}], 0),
    ([{"id": "a", "title": "A", "status": "waiting"}], [{"task_id": "a", "completed_at": EIGHT}], 0),
    ([{"id": "a", "title": "A", "recurrence": "daily"}], [{"task_id": "a", "completed_at": EIGHT}], 1),
    ([{"id": "a", "title": "A", "due": {"is_recurring": True}}], [{"task_id": "a", "completed_at": EIGHT}], 1),
    ([{"id": "a", "title": "A", "status": "cancelled"}], [{"task_id": "a", "completed_at": EIGHT}], 1),
    ([done("a", True), done("b", "12.03.2026")], [], 0),
    ([{"id": n, "title": "A", "isCompleted": True, "completionDate": EIGHT} for n in range(1, 6)], [], 5),
]


@for_each("case", CASES)
def test_what_was_done_today_is_counted_once(case: tuple[Rows, Rows, int]) -> None:
    """In either order of the rows, and with every row with an id sent twice."""
    tasks, completions, expected = case
    again = [row for row in completions if row.get("task_id") or row.get("id")]

    assert today_n(tasks, completions) == expected
    assert today_n([*reversed(tasks)], [*reversed(completions)]) == expected
    assert today_n(tasks, [*completions, *again]) == expected


def test_three_done_in_one_second_meet_the_goal() -> None:
    rows = [done("a", "2026-03-12T07:00:00Z"), done("b", "2026-03-12T07:30:00Z"), *(done(n, EIGHT) for n in (1, 2, 3))]

    assert "of today's 5" not in text("momentum", tasks=rows, agent_prefs=GOAL)


def test_capacity_is_learned_from_all_of_a_day() -> None:
    """Five tasks a day, ticked off with bare dates or in one second."""
    for stamp in ("2026-{:02}-{:02}", "2026-{:02}-{:02}T15:00:00Z"):
        days = [(month, day) for month in (2, 3) for day in range(1, 29) if (month, day) < (3, 12)]
        rows = [
            {"task_id": f"{month}-{day}-{n}", "completed_at": stamp.format(month, day)}
            for month, day in days
            for n in range(5)
        ]

        assert learned("workload-balance", task_completions=rows)["daily_capacity_n"] == 5, stamp


@for_each("key", ["id", "_id", "gid", "uuid", "uid"])
def test_the_id_is_that_of_the_caller(key: str) -> None:
    """Under each of its keys; of two rows with one id the last counts, and the report says so."""
    first = {key: "t-1", "title": "Old title", "due_at": "2026-03-12T17:00:00Z"}
    last = first | {"title": "Pay the rent"}

    assert signals("deadline-pressure", tasks=[first, last])["top_task_id"] == "t-1"
    assert "«Pay the rent»" in text("deadline-pressure", tasks=[first, last])
    assert reading(first, last)["dropped"] == {"tasks.duplicate_id": 1}


@for_each(
    "case", [(12, "12"), (12.0, "12"), (2**60, str(2**60)), ({"$oid": "5c9e"}, "5c9e"), (" a ", " a "), (0, None)]
)
def test_ids_come_back_as_text(case: tuple[object, object]) -> None:
    row = {"id": case[0], "title": "Pay the rent", "due_at": "2026-03-12T17:00:00Z"}

    assert signals("deadline-pressure", tasks=[row])["top_task_id"] == case[1]
