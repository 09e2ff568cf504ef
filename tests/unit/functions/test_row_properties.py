"""Changes of rows that change only the report: order, names, repeats, unknown keys; values never stated."""

import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oo.contract.vocabulary import COMPLETION_FIELDS, FEEDBACK_FIELDS, TASK_FIELDS, UNITLESS_ESTIMATES
from testing.seeds import examples, seeds
from testing.user_answers import AGENTS, computed, learned, over_http, reading, said, stored, tip

Body = dict[str, Any]
LISTS = {"tasks": TASK_FIELDS, "task_completions": COMPLETION_FIELDS, "feedback_history": FEEDBACK_FIELDS}


def _stamp(days: int, hour: int, *, is_date: bool) -> str:
    """A moment some days from the twelfth of March."""
    month, day = divmod(71 + days, 28)
    date = f"2026-{month + 1:02}-{day + 1:02}"
    return date if is_date else f"{date}T{hour:02}:15:00Z"


stamps = st.builds(_stamp, st.integers(-50, 12), st.integers(0, 23), is_date=st.booleans())
unreadable = st.sampled_from(["12.03.2026", "soon", True, [1], {"a": 1}, "???"])
tasks = st.fixed_dictionaries(
    {"id": st.integers(1, 12).map(lambda number: f"t{number:02}")},
    optional={
        "due_at": st.none() | stamps | unreadable,
        "created_at": st.none() | stamps | unreadable,
        "completed_at": st.none() | stamps,
        "status": st.sampled_from([None, "open", "done", "in progress", "waiting", "cancelled", "Sprint 12", 2]),
        "priority": st.sampled_from([None, 1, 2, 3, 4, "high", "!!!"]),
        "estimate_minutes": st.sampled_from([None, 5, 25, 90, "30m"]),
        "project_id": st.sampled_from([None, "p", "q"]),
        "tags": st.sampled_from([None, ["home"], "someday, x"]),
        "parent_id": st.integers(1, 12).map(lambda number: f"t{number:02}"),
        "recurrence": st.sampled_from([None, "weekly"]),
    },
).map(lambda row: {**row, "title": f"Task {row['id']}"})
completions = st.fixed_dictionaries(
    {"completed_at": stamps},
    optional={
        "task_id": st.integers(1, 30).map(lambda number: f"t{number:02}"),
        "due_at": st.none() | stamps | unreadable,
        "project_id": st.sampled_from([None, "p", "q"]),
    },
)
events = st.fixed_dictionaries(
    {"action": st.sampled_from(["shown", "done", "dismissed", "like", "meh"]), "created_at": stamps},
    optional={"dwell_ms": st.integers(0, 90_000), "serve_id": st.integers(1, 9).map(lambda number: f"s{number}")},
)
bodies = st.fixed_dictionaries(
    {
        "tasks": st.lists(tasks, max_size=8, unique_by=lambda row: row["id"]),
        "task_completions": st.lists(completions, max_size=20),
        "feedback_history": st.lists(events, max_size=8),
        "timezone": st.sampled_from(["Europe/Berlin", "America/Los_Angeles", None]),
    }
)


def answers(body: Body) -> Body:
    """Everything that is said and learned, without the reports."""
    found: Body = {agent_id: {**computed(agent_id, **body), "reading": None} for agent_id in AGENTS}
    found["learned"] = {agent_id: learned(agent_id, **body) for agent_id in AGENTS}
    given = tip(tasks=body["tasks"], timezone=body["timezone"])
    return {**found, "tip": (given["content"], given["rationale"])}


def changed(body: Body, change: Callable[[str, list[Body]], list[Body]]) -> Body:
    return {**body, **{name: change(name, body[name]) for name in LISTS}}


few = settings(max_examples=examples(60))


@few
@given(bodies, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(body: Body, random: Random) -> None:
    """Not even the report."""
    shuffled = changed(body, lambda _, rows: random.sample(rows, len(rows)))

    assert answers(shuffled) == answers(body)
    assert reading(*shuffled["tasks"], timezone=body["timezone"]) == reading(*body["tasks"], timezone=body["timezone"])


@few
@given(bodies)
def test_other_ids_change_nothing_but_themselves(body: Body) -> None:
    names = {f"t{number:02}": f"id {100 - number}" for number in range(100)} | {
        f"s{n}": f"serve {9 - n}" for n in range(10)
    }

    def renamed(_: str, rows: list[Body]) -> list[Body]:
        keys = ("id", "parent_id", "task_id", "serve_id")
        return [{key: names[value] if key in keys else value for key, value in row.items()} for row in rows]

    after = json.dumps(answers(changed(body, renamed)))
    for old, new in names.items():
        after = after.replace(f'"{new}"', f'"{old}"')
    assert json.loads(after) == json.loads(json.dumps(answers(body)))


@few
@given(
    bodies,
    st.dictionaries(st.from_regex(r"x_[a-z]{1,9}", fullmatch=True), st.none() | st.integers() | st.text(), max_size=3),
)
def test_keys_that_nothing_uses_change_nothing(body: Body, more: Body) -> None:
    """In rows, and beside them."""
    assert answers({**changed(body, lambda _, rows: [{**more, **row} for row in rows]), **more}) == answers(body)


@few
@given(bodies)
def test_rows_that_are_sent_twice_change_nothing(body: Body) -> None:
    """Rows with an id."""
    ids = {"tasks": "id", "task_completions": "task_id", "feedback_history": "serve_id"}
    twice = changed(body, lambda name, rows: [*rows, *(row for row in rows if ids[name] in row)])

    assert answers(twice) == answers(body)
    duplicates = reading(*twice["tasks"]).get("dropped", {}).get("tasks.duplicate_id", 0)
    assert duplicates == len(body["tasks"])


@few
@given(bodies, st.randoms(use_true_random=False))
def test_other_keys_of_the_same_fields_change_nothing(body: Body, random: Random) -> None:
    """The aliases, camelCase among them."""

    def moved(name: str, rows: list[Body]) -> list[Body]:
        fields = LISTS[name]
        keys = {
            field: random.choice([key for key in fields[field].keys if key not in UNITLESS_ESTIMATES])
            for field in fields
        }
        return [{keys.get(key, key): value for key, value in row.items()} for row in rows]

    assert answers(changed(body, moved)) == answers(body)


@few
@given(bodies, st.sampled_from(["", "America/Los_Angeles", "Asia/Tokyo", "Mars/Olympus"]))
def test_the_queue_says_what_http_does(body: Body, own_zone: str) -> None:
    """Also for agents whose preference names another zone."""
    prefs = {agent_id: {"timezone": own_zone} for agent_id in AGENTS[::2]} if own_zone else {}
    fields = {**body, "agent_prefs": prefs}
    over_queue, direct = stored(fields), over_http(fields)
    for agent_id, output in over_queue.items():
        if output is not None:
            names = ("prompt_text", "signals_snapshot", "computed_at", "expires_at", "agent_version")
            assert {name: output[name] for name in names} == {name: direct[agent_id][name] for name in names}, agent_id


UNREADABLE: dict[str, tuple[object, ...]] = {
    "due_at": ("12.03.2026", "<2026-03-12 Thu>", "today", True, [1], {"$date": 1}, 1773334800000000, "2027-02-29"),
    "created_at": ("12.01.2026", "long ago", True, [1], {"_seconds": 5}, "1999-01-01"),
    "status": ("Sprint 12", 7, True, ["x"], {"id": 3}, {"name": "Sprint"}),
    "priority": ("!!!", True, [3], {"id": 3}, "P7"),
    "estimate_minutes": ("30m", -5, True, [5], {"points": 3}, 5000),
    "completed_at": ("no", "yes"),
    "project_id": (True, [1], {"a": 1}),
    "tags": (5, {"nodes": []}, [7]),
    "recurrence": (None,),
}
READABLE: dict[str, tuple[object, ...]] = {
    "due_at": ("2026-03-12T17:00:00Z", "2026-03-12", "2026-03-10", "2026-03-15", "2026-04-20"),
    "created_at": ("2026-01-02T10:00:00Z", "2026-03-11"),
    "status": ("open", "in progress", "todo"),
    "priority": (1, 2, 3, 4, "high"),
    "estimate_minutes": (5, 25, 90),
    "project_id": ("p", "q"),
    "tags": (["home"], ["someday"]),
}
STATES_ABSENCE = ("no date", "no estimate", "no open task", "without a date", "no due")


def _row(random: Random, number: int, readable_p: float) -> tuple[Body, set[str]]:
    """A task with a value in every field, and the fields of which it can be read."""
    known = {name for name in READABLE if random.random() < readable_p}
    values = {
        name: random.choice((READABLE if name in known else UNREADABLE)[name])
        for name in UNREADABLE
        if name in known or name != "completed_at"
    }
    return {"id": f"t{number}", "title": f"Task {number}", **values}, known


@pytest.mark.all_seeds
@pytest.mark.parametrize("readable_p", [0.0, 0.3, 0.8])
def test_no_sentence_states_the_absence_of_what_is_there(readable_p: float) -> None:
    """Of some thousand rows with values in every field, many of which cannot be read."""
    for seed in seeds(34, few=4):
        random = Random(seed)  # noqa: S311  # plans rows
        made = [_row(random, number, readable_p) for number in range(100)]
        rows, known = [row for row, _ in made], {row["title"]: fields for row, fields in made}
        words = said(
            tasks=rows, user_id=f"u{seed}", agent_prefs={"capacity_min": 240, "work_start_h": 9, "work_end_h": 18}
        )

        assert [part for part in STATES_ABSENCE if part in words] == [], seed
        for line in words.splitlines():
            for title in re.findall(r"«(Task \d+)»", line):
                _check(line, title, known[title])
        if any("due_at" not in fields for fields in known.values()):
            assert "nothing else is due" not in words
            assert "nothing is due" not in words


def _check(line: str, title: str, known: set[str]) -> None:
    """A sentence about one task rests on fields that were read."""
    about = line.partition(f"«{title}»")[2].partition(";")[0]
    for part, field in (
        ("priority", "priority"),
        ("been open", "created_at"),
        ("waited", "created_at"),
        ("is marked", "estimate_minutes"),
    ):
        assert part not in about or field in known, line
    assert "been open" not in about or "status" in known, line
