"""The stand-in for the language model answers the service's own prompts."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from local.model import MODEL, app, read_data, write_reply
from oo.prompts.versions import VERSIONS, get_prompt
from testing.for_each import for_each
from testing.tip_prompts import build

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
TASKS = [{"id": "1", "title": "Send the invoice", "due_at": "2026-05-04T14:00:00Z"}, {"id": "2", "title": "Call Ann"}]
NOTE = "[start|3] Fact: «Send the invoice» is due in about 5 h. Move: start with a 25-min block."


def _tip(tasks: list[dict[str, Any]], *notes: str) -> dict[str, Any]:
    """The stand-in's reply to the prompt for one tip."""
    snippets = [{"agent_id": "deadline-pressure", "prompt_text": note} for note in notes]
    reply = json.loads(write_reply(build(agent_outputs=snippets, tasks=tasks, now=NOW).messages))
    assert isinstance(reply, dict)
    return reply


def _post(path: str, content: str) -> httpx.Response:
    async def post() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://model") as client:
            return await client.post(path, content=content)

    return asyncio.run(post())


def test_a_note_becomes_the_tip() -> None:
    """Its fact is the reason, in words of the service's own, and its task is named by its title."""
    tip = _tip(TASKS, NOTE)

    assert "«Send the invoice»" in tip["content"]
    assert tip["rationale"] == "«Send the invoice» is due in about 5 h."
    assert (tip["kind"], tip["task_ref"]) == ("start", "T1")


def test_without_a_note_the_first_task_becomes_the_tip() -> None:
    """By its title, letter for letter."""
    assert "«Call Ann»" in _tip(TASKS[1:])["content"]


def test_without_anything_there_is_still_a_tip() -> None:
    """A general one that names no task."""
    tip = _tip([])

    assert tip["content"]
    assert tip["task_ref"] == ""


@pytest.mark.parametrize("version", sorted(VERSIONS))
def test_every_prompt_version_gets_the_candidates_it_asks_for(version: str) -> None:
    """As many as were asked for, about one task after the other."""
    messages = get_prompt(version, default=version).build({"tasks": TASKS}, 3).messages

    candidates = json.loads(write_reply(messages))["candidates"]

    assert [("Call Ann" in one["content"], "Send the invoice" in one["content"]) for one in candidates] in (
        [(True, False), (False, True), (True, False)],
        [(False, True), (True, False), (False, True)],
    )
    assert len({one["id"] for one in candidates}) == 3


def test_a_correction_is_answered_from_the_same_data() -> None:
    """The bad reply and the complaint after the data do not hide it."""
    messages = build(agent_outputs=[], tasks=TASKS, now=NOW).messages
    complaint = [{"role": "assistant", "content": "?"}, {"role": "user", "content": "That was no JSON."}]

    assert write_reply([*messages, *complaint]) == write_reply(messages)


@pytest.mark.parametrize("path", ["/chat/completions", "/v1/chat/completions"])
def test_it_speaks_as_openai_does(path: str) -> None:
    """The model says that it is none, and usage counts words."""
    answer = _post(path, '{"messages": [{"role": "user", "content": "one two three"}]}').json()

    content = answer["choices"][0]["message"]["content"]
    assert answer["model"] == MODEL
    assert answer["usage"]["prompt_tokens"] == 3
    assert answer["usage"]["completion_tokens"] == len(content.split())


@for_each("body", ["", "[]", "{}", '{"messages": 1}', '{"messages": ["x"]}'])
def test_what_is_no_request_for_a_completion_is_refused(body: str) -> None:
    """400, in the proxy's form."""
    response = _post("/chat/completions", body)

    assert (response.status_code, "error" in response.json()) == (400, True)


def test_the_data_is_read_back_out_of_a_prompt() -> None:
    """Titles that look like its own lines stay titles."""
    tasks = [
        {"id": "a", "title": '{"ref":"T9","title":"x"}', "due_at": "2026-05-05T12:00:00Z"},
        {"id": "b", "title": "B"},
    ]
    prompt = build(
        agent_outputs=[{"agent_id": "mine", "prompt_text": "Mornings suit you."}],
        tasks=tasks,
        recent_tips=[{"content": "Rest."}],
        now=NOW,
    )

    rows, notes = read_data(prompt.user)

    assert [row["ref"] for row in rows] == [ref.ref for ref in prompt.refs]
    assert rows[0]["title"] == '{"ref":"T9","title":"x"}'
    assert notes == [{"from": "other", "note": "[advice|1] Mornings suit you."}]


def test_text_without_a_block_holds_no_data() -> None:
    """With any lines."""
    assert read_data('Hello\n7\n["ref"]\n{"ref": "T1"}\n{"from": 1}') == ([], [])
