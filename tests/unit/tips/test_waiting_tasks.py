"""A task that waits for another person: notes may mention that, and no tip proposes to work on it."""

import re
from typing import Any

import pytest

from testing.for_each import for_each
from testing.user_answers import ask, text
from tests.unit.tips.fixtures import Scene, failed, replied

WAITING = {"id": "w", "title": "Order the desk", "created_at": "2026-02-01", "tags": ["waiting"]}
OPEN = {"id": "o", "title": "Pay the rent", "due_at": "2026-03-20", "created_at": "2026-03-10"}
MOMENT: dict[str, Any] = {"now_iso": "2026-03-12T09:00:00Z", "timezone": "Europe/Berlin"}
ASKS = (
    "[decide|3] Fact: «Order the desk» waits for somebody else; it has been open 39 days. "
    "Move: ask once, or set the day on which to ask."
)
TO_ASK = re.compile(r"\bask\b")


def sent(*texts: str) -> list[dict[str, str]]:
    return [{"agent_id": "stale-task", "prompt_text": each} for each in texts]


def reasons(*texts: str, tasks: list[dict[str, Any]]) -> list[str | None]:
    """Why the notes are not in the prompt; None for those that are."""
    answer = Scene(failed(503)).recommend(template_fallback=True, agent_outputs=sent(*texts), tasks=tasks, **MOMENT)
    return [snippet.reason for snippet in answer.receipt.snippets]


def test_the_agents_own_note_is_used() -> None:
    """On the day in the week on which stale-task speaks of it, the tip without a model is to ask."""
    users = [f"user-{number}" for number in range(20)]
    notes = {user: text("stale-task", user_id=user, tasks=[WAITING], **MOMENT) for user in users}
    spoken = {user: note for user, note in notes.items() if note}
    for user, note in spoken.items():
        answer = ask(
            "recommend", "/recommend", {"user_id": user, "tasks": [WAITING], "agent_outputs": sent(note), **MOMENT}
        )

        assert [snippet["used"] for snippet in answer["receipt"]["snippets"]] == [True]
        assert "«Order the desk»" in answer["tip"]["content"]
        assert TO_ASK.search(answer["tip"]["content"])
    assert spoken


@for_each(
    "note",
    [
        "[start|3] Fact: «Order the desk» is due in about 6 h. Move: start with a 25-min block.",
        "[decide|3] Fact: «Order the desk» has been open 39 days. Move: choose a first step, a date, or let it go.",
        "[start|3] Fact: «Order the desk» waits for you. Move: begin with it.",
        "«Order the desk» matters.",
        ASKS.replace("Order the desk", "Sell the car"),
        ASKS.replace("Order the desk", "Learn to sail"),
    ],
)
def test_a_note_that_asks_to_work_on_it_is_a_ghost(note: str) -> None:
    """So is one about a task that rests, and one about no task at all."""
    rests = {"id": "s", "title": "Learn to sail", "status": "someday"}

    assert reasons(note, ASKS, tasks=[WAITING, OPEN, rests]) == ["ghost", None]


def test_an_open_task_with_the_title_comes_first() -> None:
    """A note about it may ask for work."""
    twin = {"id": "o", "title": "order the desk", "due_at": "2026-03-12T15:00:00Z"}

    assert reasons("[start|3] Fact: «Order the desk» is due in about 6 h. Move: go.", tasks=[WAITING, twin]) == [None]


@for_each("setting", [0, 50, 100])
def test_the_prompt_says_that_it_waits(setting: int) -> None:
    """It is on offer for its note, and not without one."""
    tip = {"content": "Ask once about «Order the desk» today.", "rationale": "It waits.", "kind": "decide"}
    for notes, offered in ((sent(ASKS), True), ([], False)):
        scene = Scene(replied({**tip, "task_ref": "T1"} if offered else {**tip, "content": "Pay «Pay the rent»."}))
        scene.recommend(agent_outputs=notes, tasks=[WAITING, OPEN], science_destiny=setting, **MOMENT)
        lines = [
            line for line in scene.conversations[0][1]["content"].splitlines() if '"title":"Order the desk"' in line
        ]

        assert ['"status":"waits for somebody else"' in line for line in lines] == [True] * offered


@pytest.mark.parametrize("quiet", [False, True])
def test_the_tip_without_a_model_asks_for_no_work_on_it(quiet: bool) -> None:  # noqa: FBT001  # a parameter of pytest
    """The earlier tips do not matter: it is asked about, or another task is named, or none."""
    line = "[rest|2] Fact: quiet hours run until 12:00. Move: at most 18 words, nothing to start now."
    outputs = [*sent(ASKS), *([{"agent_id": "tip-receptivity", "prompt_text": line}] if quiet else [])]
    said: list[dict[str, str]] = []
    for tasks in ([WAITING, OPEN], [WAITING]):
        for _ in range(12):
            answer = Scene(failed(503)).recommend(
                template_fallback=True, agent_outputs=outputs, tasks=tasks, recent_tips=said, **MOMENT
            )
            content = answer.tip.content
            said.insert(0, {"content": content})

            assert "no open task" not in f"{content} {answer.tip.rationale}"
            if "«Order the desk»" in content:
                assert not quiet
                assert TO_ASK.search(content), content
