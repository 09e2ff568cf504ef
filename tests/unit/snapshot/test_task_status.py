"""Whether a task is open, done, set aside, gone or unclear, by the words, flags and times of apps."""

from typing import Any

from oo.snapshot.tasks import TaskList
from oo.snapshot.user_rows import UserRows, read_user_rows
from testing.agent_snapshots import clock_at
from testing.for_each import for_each

OPEN, DONE, SET_ASIDE, UNCLEAR, GONE = "open", "done", "set_aside", "unclear", "gone"
YESTERDAY = "2026-06-16T10:00:00Z"
NO_DATE = "0001-01-01T00:00:00Z"


def read(fields: dict[str, Any]) -> UserRows:
    return read_user_rows([{"id": "a", "title": "A", **fields}], (), clock_at())


def group(tasks: TaskList) -> str:
    return next((name for name in (OPEN, DONE, SET_ASIDE, UNCLEAR) if getattr(tasks, name)), GONE)


def each(value: object, *keys: str) -> list[dict[str, Any]]:
    return [{key: value} for key in keys]


DONE_FLAGS = ("completed", "is_completed", "isCompleted", "done", "is_done", "isDone", "checked")
TIMES = (
    *("completed_at", "completedAt", "completed", "done_at", "completed_on"),
    *("completedTime", "completedDateTime", "completionDate"),
)
GONE_FLAGS = ("is_deleted", "deleted", "trashed", "archived", "is_archived", "isDeleted", "isArchived")
GONE_DATES = ("canceled_at", "canceledAt", "cancelled_at")

NOTHING: tuple[object, ...] = ("", 0, "0", [])

_Case = tuple[dict[str, Any], str]
CASES: list[_Case] = [
    ({}, OPEN),
    *((fields, OPEN) for fields in each(None, "status", "state", *DONE_FLAGS, *TIMES, *GONE_FLAGS, *GONE_DATES)),
    *((fields, OPEN) for fields in each(False, *DONE_FLAGS, "completed_at", *GONE_FLAGS, *GONE_DATES)),
    *((fields, OPEN) for value in NOTHING for fields in each(value, *DONE_FLAGS, *TIMES, *GONE_FLAGS, *GONE_DATES)),
    *((fields, DONE) for fields in each(True, *DONE_FLAGS, *TIMES)),
    *((fields, DONE) for fields in each(YESTERDAY, *TIMES)),
    *((fields, DONE) for fields in each("10.03.2026", *TIMES)),
    *((fields, DONE) for fields in each({"$date": YESTERDAY}, *TIMES)),
    *((fields, OPEN) for fields in each(NO_DATE, *TIMES, *GONE_DATES)),
    *((fields, GONE) for fields in each(True, *GONE_FLAGS, *GONE_DATES)),
    *((fields, GONE) for fields in each(YESTERDAY, *GONE_DATES)),
    *(
        (fields, UNCLEAR)
        for value in ("yes", "true", "no", "false")
        for fields in each(value, *DONE_FLAGS, *GONE_FLAGS)
    ),
    *((fields, UNCLEAR) for fields in each(1, *(flag for flag in DONE_FLAGS if flag != "completed"), *GONE_FLAGS)),
    *((fields, UNCLEAR) for fields in each("soon", *GONE_DATES)),
    *(
        ({"status": code}, UNCLEAR)
        for code in (1, 2, -1, 7.5, "2", "-1", True, False, ["done"], {"id": 3}, {"name": 5})
    ),
    *(({"status": code, "completed": False}, OPEN) for code in (1, 2, "2", True, ["done"], {"id": 3})),
    *(({"status": code, "completed": True}, DONE) for code in (1, 2, "2", True, ["done"], {"id": 3})),
    *(({"status": word}, OPEN) for word in ("Sprint 12", "half done", {"name": "Sprint"}, {"type": "x", "name": "y"})),
    *(({"status": word, "done": True}, DONE) for word in ("Sprint 12", {"name": "Sprint"}, 2, None, "")),
    *(({"status": word, "completed_at": YESTERDAY}, DONE) for word in ("Sprint 12", 2, None, "")),
    *(
        ({"status": word, "archived": True}, GONE)
        for word in ("Sprint 12", 2, None, "needsAction", "in progress", "someday")
    ),
    ({"status": "done", "archived": True}, DONE),
    ({"status": "done", "completed": False}, DONE),
    ({"status": "open", "completed": True, "completed_at": YESTERDAY}, OPEN),
    ({"status": "waiting", "done": True}, SET_ASIDE),
    ({"status": "cancelled", "completed_at": YESTERDAY}, GONE),
    ({"completed": False, "completed_at": YESTERDAY}, OPEN),
    ({"done": False, "done_at": NO_DATE}, OPEN),
    ({"completed": True, "completed_at": None}, DONE),
    ({"completed": None, "is_completed": None, "done": True}, DONE),
    ({"completed": "2026-06-16", "checked": False}, OPEN),
    ({"completed": "2026-06-16", "checked": None}, DONE),
    ({"is_deleted": False, "canceledAt": YESTERDAY}, GONE),
    ({"archived": False, "completedTime": YESTERDAY}, DONE),
    ({"archived": "maybe", "completedTime": YESTERDAY}, DONE),
    ({"state": "closed"}, DONE),
    ({"status": None, "state": {"type": "canceled", "name": "Duplicate"}}, GONE),
    ({"status": "open", "state": "closed"}, OPEN),
    ({"status": "Sprint 12", "state": "closed"}, DONE),
    ({"status": 2, "state": "open"}, OPEN),
    ({"status": 0, "state": 0}, OPEN),
]


@for_each("case", CASES)
def test_words_come_before_flags_and_flags_before_times(case: _Case) -> None:
    """A deleted or archived task is gone, unless it is done. 0, blanks and dates of nothing say nothing."""
    fields, expected = case

    assert group(read(fields).task_list) == expected


@for_each("word", ["Sprint 12", "half done", {"name": "Sprint"}, {"type": "x", "name": "y"}])
def test_a_word_of_no_group_keeps_a_task_open_as_far_as_is_known(word: object) -> None:
    rows = read({"status": word})

    assert [task.status_known for task in rows.task_list.open] == [False]
    assert rows.reports[0].counts("unreadable") == {"tasks.status": 1}


@for_each("fields", [*each(2, "status", "state"), *each("yes", *DONE_FLAGS), *each("x", *GONE_FLAGS, *GONE_DATES)])
def test_a_status_that_nobody_can_read_is_reported_once(fields: dict[str, Any]) -> None:
    assert read(fields).reports[0].counts("unreadable") == {"tasks.status": 1}


@for_each("fields", [case[0] for case in CASES if case[1] in (OPEN, DONE) and "status" not in case[0]])
def test_what_is_read_is_not_reported(fields: dict[str, Any]) -> None:
    """Only an unreadable time of completion is."""
    unreadable = read(fields).reports[0].counts("unreadable")

    assert set(unreadable) <= {"tasks.completed_at"}, unreadable


@for_each("key", TIMES)
def test_the_time_of_completion_is_read_beside_a_flag(key: str) -> None:
    for flag in ("done", "is_completed", "checked"):
        (task,) = read({flag: True, key: YESTERDAY}).task_list.done

        assert task.completed is not None, flag
