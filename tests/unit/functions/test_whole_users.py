"""Whole users of apps, their rows as the apps give them: over HTTP and over the queues."""

import json
from typing import Any

import pytest

from testing.exported_rows.all_apps import USERS
from testing.exported_rows.export import AppUser
from testing.user_answers import AGENTS, ask, computed, over_http, stored

APPS = pytest.mark.parametrize("app", USERS)


def fields_of(user: AppUser) -> dict[str, Any]:
    return {"tasks": user.rows, **user.fields}


def tip(user: AppUser, user_id: str) -> str:
    given = ask("recommend", "/recommend", {**fields_of(user), "agent_outputs": [], "user_id": user_id})["tip"]
    return f"{given['content']} {given['rationale']}"


@APPS
def test_what_is_due_or_matters_is_said(app: str) -> None:
    user = USERS[app]
    for agent_id, part in user.says.items():
        words = tip(user, "user-1") if agent_id == "tip" else computed(agent_id, **fields_of(user))["prompt_text"]

        assert part in words, agent_id


@APPS
def test_nothing_is_said_that_the_rows_contradict(app: str) -> None:
    """By no agent, on no day's turn, and not in the tip without a model."""
    user = USERS[app]
    for number in range(4):
        user_id = f"user-{number}"
        words = [computed(agent_id, **fields_of(user), user_id=user_id)["prompt_text"] for agent_id in AGENTS]
        for text in (*words, tip(user, user_id)):
            assert [part for part in user.never if part in text] == [], text


@APPS
def test_the_queue_says_the_same(app: str) -> None:
    """A stored output equals the answer of a caller who infers and computes."""
    fields = fields_of(USERS[app])
    answers = over_http(fields)
    for agent_id, output in stored(fields).items():
        if output is not None:
            for name in ("prompt_text", "signals_snapshot", "expires_at"):
                assert output[name] == answers[agent_id][name], (agent_id, name)


@APPS
def test_the_report_names_what_was_not_read(app: str) -> None:
    user = USERS[app]
    found = computed("deadline-pressure", **fields_of(user))["reading"] or {}
    for part, expected in user.report.items():
        for name, value in expected.items():
            if not part:
                assert found[name] == value
            elif part == "unread_keys":
                assert value in found[part][name], found
            else:
                assert found[part][name] == value, found
    titles = [
        str(row.get(key)) for row in user.rows for key in ("title", "content", "name", "headline") if row.get(key)
    ]
    assert [title for title in titles if title in json.dumps(found)] == []
