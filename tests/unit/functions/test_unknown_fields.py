"""An unreadable value is neither stated nor said to be missing: the functions' entries, and the prompt."""

import json
from typing import Any

from oo.contract.vocabulary import TASK_FIELDS
from testing.for_each import for_each
from testing.user_answers import AGENTS, learned, reading, said, signals, text, tip

RENT = {"id": "1", "title": "Pay the rent", "due_at": "2026-03-12T17:00:00Z"}
OLD = "2026-01-02T10:00:00Z"
ABSENCES = (
    *(
        "no date",
        "nothing is due",
        "nothing else is due",
        "has been open",
        "have been open",
        "no due",
        "without a date",
    ),
    *("has no estimate", "no estimate", "There is no open task", "let it go", "of capacity left"),
)
"""Parts of sentences that state that something is missing, or rest on it."""

UNREADABLE_DUES: tuple[object, ...] = (
    *("12.03.2026", "03/12/2026", "<2026-03-12 Thu>", "2027-02-29", "today", "tomorrow 5pm", "/Date(1773334800000)/"),
    *(
        1773334800000000,
        5,
        True,
        False,
        ["2026-03-12"],
        {"$date": "2026-03-12"},
        {"_seconds": 1773334800},
        "1999-01-01",
    ),
    *({"start": "2026-03-12"}, {"string": "today"}, "Thu Mar 12 2026 17:00:00 GMT+0100 (CET)", "2101-01-01", "20.3."),
)
DUE_KEYS, DUE_HINTS = TASK_FIELDS["due_at"]
UNKNOWN_DUES: list[dict[str, Any]] = [
    *({"due_at": value} for value in UNREADABLE_DUES),
    *({key: "12.03.2026"} for key in DUE_KEYS),
    *({key: "2026-03-12"} for key in DUE_HINTS),
    *({key: value} for key in DUE_HINTS for value in (5, 0, True, "soon", [1], {"a": 1})),
    {"due_at": None, "due": "12.03.2026"},
    {"due_at": "", "date": "2026-03-12"},
    {"due_at": "12.03.2026", "dueDay": None, "due_date": 0},
]
NO_DATES: tuple[object, ...] = (None, "", " ", 0, "0", [], {}, "0001-01-01T00:00:00Z")
NO_HINTS: tuple[object, ...] = (None, "", False, [], {})
ABSENT_DUES: list[dict[str, Any]] = [
    {},
    *({key: value} for key in DUE_KEYS for value in NO_DATES),
    *({key: value} for key in DUE_HINTS for value in NO_HINTS),
]


def absences(words: str) -> list[str]:
    return [each for each in ABSENCES if each in words]


@for_each("due", UNKNOWN_DUES)
def test_an_unknown_date_is_not_said_to_be_missing(due: dict[str, Any]) -> None:
    """The task has a priority and is old; agents that speak of dates, or of none, do not name it."""
    task = {"id": "1", "title": "Pay the rent", "priority": 4, "created_at": OLD, **due}
    words = said(tasks=[task])

    assert absences(words) == []
    for agent_id in ("deadline-pressure", "lateness-buffer", "workload-balance", "important-first", "stale-task"):
        assert "Pay the rent" not in text(agent_id, tasks=[task]), agent_id
    assert signals("deadline-pressure", tasks=[task])["reason"] == "due_unread"
    assert reading(task)["tasks"]["unreadable_due"] == 1


@for_each("due", UNKNOWN_DUES)
def test_beside_an_unknown_date_nothing_is_said_of_no_other(due: dict[str, Any]) -> None:
    """Counts are least ones."""
    words = text("deadline-pressure", tasks=[RENT, {"id": "2", "title": "b", **due}])

    assert "«Pay the rent» is due in about 8 h." in words
    assert absences(words) == []
    third = {"id": "3", "title": "c", "due_at": "2026-03-12T20:00:00Z"}
    assert "; at least 1 other task is due today." in text(
        "deadline-pressure", tasks=[RENT, {"id": "2", "title": "b", **due}, third]
    )
    week = {"id": "4", "title": "d", "due_at": "2026-03-14"}
    assert absences(said(tasks=[week, {"id": "2", "title": "b", **due}])) == []


@for_each("due", ABSENT_DUES)
def test_a_date_that_is_absent_may_be_said_to_be(due: dict[str, Any]) -> None:
    """Null, blanks, dates of nothing, and hints that hold nothing."""
    task = {"id": "1", "title": "Pay the rent", "priority": 4, **due}

    assert "«Pay the rent» is high priority with no date" in text("important-first", tasks=[task])
    assert "nothing else is due today" in text("deadline-pressure", tasks=[RENT, {"id": "2", "title": "b", **due}])
    assert reading(task).get("tasks", {}).get("unreadable_due", 0) == 0
    assert "unreadable" not in reading(task)


DAY = {"capacity_min": 240, "work_start_h": 9, "work_end_h": 18}
"""Preferences of a user who has four hours a day for tasks."""


def test_capacity_is_a_least_one_where_a_date_is_unknown() -> None:
    """No room is offered, and hours are at least so many."""
    rows = [
        {"id": f"t{place}", "title": f"T{place}", "due_at": "2026-03-12", "estimate_minutes": 240} for place in range(3)
    ]
    small = [{"id": "t", "title": "T", "due_at": "2026-03-12", "estimate_minutes": 15}]
    unread = {"id": "u", "title": "U", "due_at": "12.03.2026"}

    def words(*tasks: dict[str, Any]) -> str:
        return text("workload-balance", tasks=list(tasks), agent_prefs=DAY)

    assert "about 12 h is lined up" in words(*rows)
    assert "at least about 12 h" in words(*rows, unread)
    assert "capacity left" in words(*small)
    assert words(*small, unread) == ""


UNTITLED: list[dict[str, Any]] = [
    {},
    *(
        {key: value}
        for key in TASK_FIELDS["title"].keys
        for value in (None, "", " ", [], {}, ["Pay"], {"text": "Pay"}, True)
    ),
    *({key: value} for key in TASK_FIELDS["title"].hints for value in ("Pay", 5, ["Pay"], None, "")),
    {"title": "\u200b\u2060"},
    {"title": 1.5},
]


@for_each("title", UNTITLED)
def test_a_task_without_a_readable_title_is_open_and_never_named(title: dict[str, Any]) -> None:
    """There is a task, so it is not said that there is none."""
    task = {"id": "1", "due_at": "2026-03-12T17:00:00Z", "priority": 4, "estimate_minutes": 5, **title}
    words = said(tasks=[task])

    assert "«" not in words
    assert "Pay" not in words
    assert signals("deadline-pressure", tasks=[task])["reason"] == "no_title"
    assert reading(task)["tasks"] | {"given": 1} == {
        "given": 1,
        "open": 1,
        "done": 0,
        "untitled": 1,
        "unreadable_due": 0,
    }


@for_each(
    "row", [{"description": "x"}, {"id": "1", "due": "2026-03-12"}, {"status": 2}, {"title": "A", "status": "waiting"}]
)
def test_a_list_with_a_task_is_not_said_to_be_empty(row: dict[str, Any]) -> None:
    """Neither of a task that cannot be named, nor of one that is set aside."""
    assert "no open task" not in json.dumps(tip(tasks=[row]))


@for_each("tasks", [[], [{"title": "A", "status": "done"}], [{"title": "A", "status": "cancelled"}], [5], None])
def test_a_list_without_a_task_is_said_to_be_empty(tasks: object) -> None:
    assert tip(tasks=tasks)["rationale"] == "There is no open task and no pattern to go by."


@for_each("due", UNKNOWN_DUES)
def test_the_tip_says_neither_a_date_nor_that_there_is_none(due: dict[str, Any]) -> None:
    """It names the task all the same, and never prints that something is unknown."""
    given = tip(tasks=[{"id": "1", "title": "Pay the rent", **due}])
    words = f"{given['content']} {given['rationale']}"

    assert "«Pay the rent»" in given["content"]
    assert [part for part in (" due", "date", "unknown", "today", "2026") if part in words] == []


UNKNOWN_PRIORITIES: list[dict[str, Any]] = [
    *(
        {"priority": value}
        for value in (7, 0, 5, -1, 0.1, "7", "very high", "!!!", True, False, [3], {"name": 5}, {"id": 3})
    ),
    *({key: value} for key in TASK_FIELDS["priority"].hints for value in ("high", 3, 14.2, True, "yes", {"a": 1})),
]


@for_each("priority", UNKNOWN_PRIORITIES)
def test_an_unknown_priority_is_neutral(priority: dict[str, Any]) -> None:
    """No word of priority, in sentences and prompt alike; and no date is not said either."""
    task = {"id": "1", "title": "Pay the rent", **priority}
    words = said(tasks=[task])

    assert text("important-first", tasks=[task]) == ""
    assert [word for word in ("priority", "important", "urgent") if word in words] == []
    unknown = reading(task).get("unreadable", {})
    assert unknown == ({"tasks.priority": 1} if "priority" in priority else {})


def test_shares_of_priorities_are_said_only_where_all_are_known() -> None:
    """Five of five were low, unless one of them cannot be read."""
    done = [
        {"id": f"d{place}", "title": "D", "status": "done", "completed_at": "2026-03-11T10:00:00Z", "priority": 1}
        for place in range(5)
    ]
    top = {"id": "1", "title": "Plan the year", "priority": 3}

    assert "5 of the 5 tasks done in the last 7 days were low priority" in text("important-first", tasks=[top, *done])
    for odd in ({"priority": "!!!"}, {"priority": True}, {"importance": "low"}, {"priority": {"id": 1}}):
        unknown = {key: value for key, value in done[0].items() if key != "priority"} | odd | {"id": "d9"}

        assert "were low" not in text("important-first", tasks=[top, *done, unknown]), odd


UNKNOWN_ESTIMATES: list[dict[str, Any]] = [
    *({"estimate": value} for value in (8, 900, "25", 0.5, "XL", True)),
    *({"duration": value} for value in (30, "PT5M", {"amount": 1, "unit": "day"})),
    *({"estimate_minutes": value} for value in ("30m", "PT5M", "0:05", -5, 1441, True, [5], {"minutes": 5})),
    *({"durationMinutes": value} for value in ("1h", -1)),
    *({key: value} for key in TASK_FIELDS["estimate_minutes"].hints for value in (5, "0:30", 1800000, "M")),
]


@for_each("estimate", UNKNOWN_ESTIMATES)
def test_an_unknown_estimate_is_not_said_to_be_missing(estimate: dict[str, Any]) -> None:
    """The load counts half an hour where no time is known."""
    rows = [{"id": f"t{place}", "title": f"T{place}", "due_at": "2026-03-12", **estimate} for place in range(10)]
    words = said(tasks=rows)

    assert absences(words) == []
    assert "is marked" not in words
    assert "counting 30 min where no time is known" in text("workload-balance", tasks=rows, agent_prefs=DAY)


@for_each("fields", [{"created_at": value} for value in ("12.01.2026", "long ago", True, {"$date": OLD}, [OLD], 5)])
def test_an_unknown_age_is_not_said(fields: dict[str, Any]) -> None:
    task = {"id": "1", "title": "Pay the rent", "priority": 3, "estimate_minutes": 5, **fields}
    words = said(tasks=[task])

    assert "days" not in words.replace("7 days", "")
    assert signals("stale-task", tasks=[task])["stale_n"] == 0


def test_completions_at_an_unknown_time_teach_nothing() -> None:
    """They are counted as dropped."""
    rows = [{"task_id": f"t{place}", "completed_at": "12.03.2026", "due_at": "2026-03-10"} for place in range(40)]
    for agent_id in AGENTS:
        assert learned(agent_id, task_completions=rows) == {}, agent_id

    found = reading(task_completions=rows)
    assert found["dropped"] == {"task_completions.no_time": 40}
    assert found["unreadable"] == {"task_completions.completed_at": 40}
