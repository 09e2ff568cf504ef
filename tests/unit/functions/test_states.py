"""Words, flags and codes of status, priorities and their scales, estimates: their effect on offers and statements."""

import json
from typing import Any

from oo.contract.vocabulary import PRIORITY_WORDS, STATUS_WORDS
from testing.for_each import for_each
from testing.user_answers import AGENTS, ask, computed, reading, said, signals, text, tip

RENT = {
    "id": "1",
    "title": "Pay the rent",
    "priority": 4,
    "due_at": "2026-03-12T17:00:00Z",
    "created_at": "2026-01-02T10:00:00Z",
    "estimate_minutes": 5,
}
EMPTY: tuple[object, ...] = ([], {})
NOTHING: tuple[object, ...] = (None, "", 0)


def offered(fields: dict[str, Any]) -> bool:
    """Whether any sentence names the task as something to do."""
    words = said(tasks=[{**RENT, **fields}])
    return "Pay the rent" in words


@for_each("group", STATUS_WORDS)
def test_words_of_a_status_decide_what_is_offered(group: str) -> None:
    """Open tasks are, tasks in progress count as such, the others are not named as the next step."""
    for word in STATUS_WORDS[group]:
        for key, value in (("status", word.upper().replace(" ", "-")), ("state", {"type": word})):
            row = {**RENT, key: value}
            is_named = "Pay the rent" in text("deadline-pressure", tasks=[row]) + json.dumps(tip(tasks=[row]))

            assert is_named is (group in ("open", "in progress")), (key, value)
            assert signals("workload-balance", tasks=[row])["wip_n"] == (group == "in progress"), (key, value)
            assert "status" not in json.dumps(reading(row)), (key, value)


@for_each(
    "fields",
    [
        *(
            {"status": word}
            for word in ("resolved", "finished", "Won't do", "won\u2019t fix", "WONTFIX", "Merged", "skipped")
        ),
        *({"status": code} for code in (2, -1, 1, 7.5, "2", "-1", True, False, ["open"], {"id": 3}, {"name": 5})),
        {"state": {"name": "Canceled", "type": "canceled"}},
        *(
            {flag: True}
            for flag in ("completed", "isCompleted", "done", "checked", "is_deleted", "trashed", "isArchived")
        ),
        *({flag: "2026-03-01T10:00:00Z"} for flag in ("completed", "done_at", "completionDate", "canceledAt")),
        *({"completed": value} for value in ("soon", "yes", "true", {"$date": 5}, [1])),
        *({"checked": value} for value in (1, "true", "false", "2026-03-01")),
        *({"status": "needsAction", flag: True} for flag in ("deleted", "archived")),
    ],
)
def test_what_is_finished_gone_or_unclear_is_not_offered(fields: dict[str, Any]) -> None:
    assert not offered(fields)


@for_each(
    "fields",
    [
        {},
        *({"status": value} for value in (*NOTHING, "0", "Sprint 12", "half done", {"name": "Sprint"}, *EMPTY)),
        *({"status": 2, flag: False} for flag in ("completed", "done", "checked", "isDone")),
        *(
            {flag: False}
            for flag in ("completed", "isCompleted", "done", "checked", "is_deleted", "trashed", "archived")
        ),
        *({flag: value} for flag in ("completed", "done", "is_deleted", "canceledAt") for value in NOTHING),
        {"done": False, "done_at": "0001-01-01T00:00:00Z"},
        {"status": "open", "completed_at": "2026-03-01T10:00:00Z"},
    ],
)
def test_what_is_open_is_offered(fields: dict[str, Any]) -> None:
    assert offered(fields)


@for_each("status", ["Sprint 12", "half done", "In Prüfung", {"name": "Sprint"}, {"type": "x", "name": "y"}])
def test_a_word_of_no_group_is_not_said_to_be_open(status: object) -> None:
    """No sentence states that the task is open, or has been; the report counts it."""
    row = {"id": "1", "title": "Sort it", "created_at": "2026-01-02T10:00:00Z", "priority": 3, "status": status}
    for user in range(6):
        for agent_id in AGENTS:
            words = text(agent_id, tasks=[row], user_id=f"u{user}")

            assert "is open" not in words, agent_id
            assert "been open" not in words, agent_id
    assert reading(row)["unreadable"] == {"tasks.status": 1}


@for_each("status", ["Sprint 12", {"name": "Sprint"}])
def test_the_tip_does_not_call_a_task_of_an_unknown_status_open(status: object) -> None:
    for user in range(4):
        given = tip(tasks=[{"id": "1", "title": "Sort it", "status": status}], user_id=f"u{user}")
        words = f"{given['content']} {given['rationale']}"

        assert "«Sort it»" in words
        assert [part for part in ("is open", "been open", "open task", "still open") if part in words] == []


@for_each("status", [2, -1, True, ["x"], {"id": 3}])
def test_a_code_counts_neither_as_open_nor_as_done(status: object) -> None:
    row = {**RENT, "status": status}

    assert reading(row)["tasks"] == {"given": 1, "open": 0, "done": 0, "untitled": 0, "unreadable_due": 0}
    assert signals("deadline-pressure", tasks=[row])["overdue_n"] == 0
    assert signals("workload-balance", tasks=[row])["today_n"] == 0


def test_what_is_set_aside_is_no_load_of_today() -> None:
    rows = [{**RENT, "id": f"t{n}", "status": status} for n, status in enumerate(("waiting", "someday", "blocked"))]

    assert signals("workload-balance", tasks=rows)["today_n"] == 0
    assert reading(*rows) == {}


@for_each("meaning", ["urgent", "high", "medium", "low", "none"])
def test_words_of_priority_are_said_as_numbers_are(meaning: str) -> None:
    """In any case, and as the name of an object."""
    number = {"urgent": 4, "high": 3, "medium": 2, "low": 1, "none": None}[meaning]

    def words(priority: object) -> str:
        row = {"id": "1", "title": "Plan the year", "priority": priority}
        return text("important-first", tasks=[row], agent_prefs={"min_importance": 0.25})

    for word in PRIORITY_WORDS[meaning]:
        for spelling in (word, word.upper(), word.lower(), {"name": word}):
            assert words(spelling) == words(number), spelling
    assert words("") == words(None) == words([])
    assert words(str(number)) == words(number) or number is None


@for_each(
    "case", [(3, "is high priority"), (4, "is high priority"), ("3", "is high priority"), ("major", "is high priority")]
)
def test_three_is_high(case: tuple[object, str]) -> None:
    assert case[1] in text("important-first", tasks=[{"id": "1", "title": "Plan the year", "priority": case[0]}])


def test_two_is_medium() -> None:
    row = {"id": "1", "title": "Plan the year", "priority": 2}

    assert "is medium priority" in text("important-first", tasks=[row], agent_prefs={"min_importance": 0.5})


@for_each("odd", [5, 9, 0, 0.1, 1.5, -1, 10, 7, "5", "-1", "0", "2.5"])
def test_one_number_of_another_scale_makes_all_of_them_unknown(odd: object) -> None:
    rows = [{"id": f"t{n}", "title": f"Task {n}", "priority": priority} for n, priority in enumerate((4, odd))]
    word = {"id": "w", "title": "Worded", "priority": "high"}

    assert text("important-first", tasks=rows) == ""
    assert reading(*rows)["unreadable"] == {"tasks.priority": 2}
    assert "«Worded» is high priority" in text("important-first", tasks=[*rows, word])
    done = {**rows[1], "status": "done"}
    assert text("important-first", tasks=[rows[0], done]) == ""


@for_each(
    "pair", [("H", "L"), ("P1", "P4"), ("Highest", "Lowest"), ("A", "C"), ("critical", "trivial"), (4, 1), ("P0", "p5")]
)
def test_the_higher_one_is_named(pair: tuple[object, object]) -> None:
    rows = [
        {"id": "1", "title": "Fix a typo", "priority": pair[1]},
        {"id": "2", "title": "Production is down", "priority": pair[0]},
    ]
    for user in range(5):
        assert "«Production is down»" in text("important-first", tasks=rows, user_id=f"u{user}")


@for_each(
    "case",
    [
        ((1, 4), "high priority"),
        ((1, 2, 3, 4), "high priority"),
        ((1, 9), "high priority"),
        ((3, 5, 9), "high priority"),
        (("1", "4"), "high priority"),
        ((2, 0), "high priority"),
    ],
)
def test_smaller_may_be_higher(case: tuple[tuple[object, ...], str]) -> None:
    """As in RFC 5545, Apple and Linear; in every body that has tasks."""
    rows = [{"id": f"t{n}", "title": f"Task {n}", "priority": priority} for n, priority in enumerate(case[0])]
    fields = {"tasks": rows, "priority_scale": "smaller_is_higher"}

    assert f"«Task 0» is {case[1]}" in text("important-first", **fields)
    assert "unreadable" not in reading(*rows, priority_scale="smaller_is_higher")


@for_each("odd", [10, -1, 2.5, "12"])
def test_beyond_nine_a_number_is_unknown_by_itself(odd: object) -> None:
    rows = [{"id": f"t{n}", "title": f"Task {n}", "priority": priority} for n, priority in enumerate((1, odd))]
    fields = {"tasks": rows, "priority_scale": "smaller_is_higher"}

    assert "«Task 0» is high priority" in text("important-first", **fields)
    assert reading(*rows, priority_scale="smaller_is_higher")["unreadable"] == {"tasks.priority": 1}


def test_the_scale_counts_for_tips_and_learning() -> None:
    rows = [{"id": "1", "title": "Fix a typo", "priority": 1}, {"id": "2", "title": "Rename it", "priority": 9}]

    assert ask("recommend", "/recommend", {"tasks": rows, "agent_outputs": []})["reading"]["unreadable"]
    for function, path in (("recommend", "/recommend"), ("infer", "/agents/momentum/infer")):
        fields = {"tasks": rows, "priority_scale": "smaller_is_higher"}
        assert ask(function, path, {**fields, "agent_outputs": []})["reading"] in (
            None,
            {
                "unread_keys": {"body": {"agent_outputs": 1}},
                "tasks": {"given": 2, "open": 2, "done": 0, "untitled": 0, "unreadable_due": 0},
            },
        )


ESTIMATES: list[tuple[object, str]] = [
    ({"estimate_minutes": 5}, "is marked 5 min"),
    ({"estimateMinutes": "7.5"}, "is marked 7.5 min"),
    ({"duration_minutes": 8}, "is marked 8 min"),
    ({"duration": {"amount": 5, "unit": "minute"}}, "is marked 5 min"),
    ({"estimate": {"amount": 300, "unit": "seconds"}}, "is marked 5 min"),
    ({"estimate_minutes": {"amount": 0.1, "unit": "h"}}, "is marked 6 min"),
]


@for_each("case", ESTIMATES)
def test_estimates_are_read(case: tuple[dict[str, Any], str]) -> None:
    assert case[1] in text("quick-win", tasks=[{"id": "1", "title": "Water the plants", **case[0]}])


@for_each("minutes", [1, 2, 3, 5, 8, 12, 14, 20])
def test_no_block_is_longer_than_its_task(minutes: int) -> None:
    row = {"id": "1", "title": "Water the plants", "priority": 3, "estimate_minutes": minutes}
    dated = {**row, "due_at": "2026-03-12T17:00:00Z"}
    for words in (text("important-first", tasks=[row]), text("deadline-pressure", tasks=[dated])):
        blocks = [int(part.split()[-1].split("-")[0]) for part in words.replace("-min ", " min ").split(" min ")[:-1]]

        assert all(block <= minutes for block in blocks), words


SUBTASKS = [
    {"id": "p", "title": "Plan the fair", "due_at": "2026-03-12", "estimate_minutes": 180},
    *(
        {"id": f"c{n}", "title": f"Part {n}", "due_at": "2026-03-12", "estimate_minutes": 60, "parent_id": "p"}
        for n in range(3)
    ),
]
DAY = {"capacity_min": 120, "work_start_h": 9, "work_end_h": 18}


@for_each("key", ["parent_id", "parentId", "parent"])
def test_a_parent_and_its_subtasks_are_one_piece_of_work(key: str) -> None:
    """Three hours, and three tasks."""
    rows = [{key if name == "parent_id" else name: value for name, value in row.items()} for row in SUBTASKS]
    given = computed("workload-balance", tasks=rows, agent_prefs=DAY)

    assert "about 3 h" in given["prompt_text"]
    assert given["signals_snapshot"]["load_min"] == 180
    assert given["signals_snapshot"]["today_n"] == 3


@for_each(
    "fields",
    [
        *({flag: True} for flag in ("recurring", "is_recurring", "isRecurring")),
        *({key: "RRULE:FREQ=DAILY"} for key in ("recurrence", "rrule", "recur", "repeatFlag")),
        *({"type": kind} for kind in ("habit", "daily", "Daily")),
        {"due": {"date": None, "is_recurring": True}},
    ],
)
def test_a_recurring_task_has_no_age(fields: dict[str, Any]) -> None:
    """A daily pill has not been open for two years."""
    row = {"id": "1", "title": "Take the pill", "created_at": "2024-01-01T10:00:00Z", "estimate_minutes": 2, **fields}
    for user in range(4):
        words = said(tasks=[row], user_id=f"u{user}")

        assert [part for part in ("days", "been open", "waited", "let it go") if part in words] == []
    assert signals("stale-task", tasks=[row])["stale_n"] == 0


@for_each("fields", [{"recurring": False}, {"recurrence": None}, {"recurrence": ""}, {"type": "todo"}, {"rrule": []}])
def test_other_tasks_have_an_age(fields: dict[str, Any]) -> None:
    row = {"id": "1", "title": "Sort it", "created_at": "2026-01-28T10:00:00Z", **fields}

    assert signals("stale-task", tasks=[row])["stale_n"] == 1


@for_each("priority", ["high", "urgent", "P1", 3, 4])
def test_what_matters_is_never_let_go(priority: object) -> None:
    row = {"id": "1", "title": "Sort it", "created_at": "2025-01-28T10:00:00Z", "priority": priority}
    for user in range(12):
        assert "let it go" not in said(tasks=[row], user_id=f"u{user}").lower()
        assert "letting go" not in said(tasks=[row], user_id=f"u{user}").lower()
