"""The prompt for one tip as a whole."""

import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from oo.contract.kinds import Kind
from oo.contract.tips import RecentTip
from oo.prompts.data_block import BuiltPrompt
from oo.prompts.delivery import delivery_of
from oo.prompts.slider import read_slider
from oo.prompts.versions.orchestrator_2 import PROMPT
from oo.snippets.omissions import Item, Reason
from oo.tips.bounds import figures_n, keeps_to, words_n
from testing.for_each import for_each
from testing.tip_prompts import build
from tests.unit.prompts.reading import data_rows, rows_with
from tools.prompts.morning import MORNING, NOW, RECENT_TIPS, SNIPPETS, TASKS

GOLDEN = Path(__file__).parent / "golden"


def golden(setting: int) -> str:
    """The messages that are kept for a setting."""
    return (GOLDEN / f"{PROMPT.version}-{setting:03d}.txt").read_text(encoding="utf-8")


def as_text(messages: list[dict[str, str]]) -> str:
    """Messages the way the golden files hold them."""
    return "".join(f"=== {message['role']} ===\n{message['content']}\n" for message in messages)


def places_used(prompt: BuiltPrompt) -> tuple[int, ...]:
    """The snippets in the prompt, by their places in the caller's list."""
    return tuple(snippet.place for snippet in prompt.snippets if snippet.is_used)


@for_each("setting", [0, 25, 50, 75, 100])
def test_messages_of_a_benign_morning(setting: int) -> None:
    """The five voices' messages are the kept ones, byte for byte."""
    assert golden(setting) == as_text(build(**MORNING, science_destiny=setting).messages)


def test_the_middle_is_the_default() -> None:
    """A user who never moved the slider gets the setting 50."""
    assert golden(50) == as_text(build(**MORNING).messages) == as_text(build(**MORNING, science_destiny=None).messages)


def test_two_messages_with_two_roles() -> None:
    """A conversation begins with the rules and one user message."""
    assert [message["role"] for message in build(**MORNING).messages] == ["system", "user"]


@for_each(("setting", "used"), [(0, (0, 2, 3)), (50, (0, 2, 3)), (51, (2, 3)), (100, (2, 3))])
def test_used_names_what_reached_the_prompt(setting: int, used: tuple[int, ...]) -> None:
    """Outranked lines, those about no open task and blanks are not used; delivery always is."""
    tasks = [task for task in TASKS if task["id"] != "bill"]

    assert used == places_used(build(**MORNING | {"tasks": tasks}, science_destiny=setting))


def test_prompt_says_what_it_left_out() -> None:
    """Everything that did not reach the prompt is named with its reason, and without its text."""
    prompt = build(**MORNING, science_destiny=50)
    left_out = {(dropped.item, dropped.key): dropped.reason for dropped in prompt.dropped}

    assert [snippet.reason for snippet in prompt.snippets] == [None, "outranked", None, None, "malformed"]
    assert left_out[Item.TASK, "garage"] is Reason.OUTRANKED
    assert len(left_out) == len(TASKS) - 1 - len(prompt.refs)
    assert "invoice" not in repr(prompt.dropped)


def test_refs_lead_back_to_the_tasks() -> None:
    """T1, T2, … stand for tasks of the caller, those that the evidence names first."""
    refs = build(**MORNING, science_destiny=50).refs

    assert [(ref.ref, ref.task.id) for ref in refs][:3] == [("T1", "invoice"), ("T2", "proposal"), ("T3", "notes")]


@for_each(("setting", "offered"), [(0, 1), (24, 1), (25, 2), (50, 3), (75, 4), (100, 5)])
def test_slider_widens_the_choice(setting: int, offered: int) -> None:
    """The number of tasks on offer follows the slider."""
    prompt = build(**MORNING | {"agent_outputs": []}, science_destiny=setting)

    assert offered == len(prompt.refs) == len(rows_with(prompt.user, "ref"))


@for_each(("setting", "offered"), [(0, 3), (24, 2), (25, 3), (50, 4), (75, 4), (100, 5)])
def test_slider_counts_tasks_beyond_those_of_the_evidence(setting: int, offered: int) -> None:
    """At the data-driven end the notes' own tasks are all that there is."""
    assert offered == len(build(**MORNING, science_destiny=setting).refs)


@for_each("setting", range(101))
def test_every_task_of_a_note_is_on_offer(setting: int) -> None:
    """Whichever notes are kept, and however far down their tasks rank."""
    two = {"agent_id": "b", "prompt_text": "[finish|3] Fact: 7 of 9 in the list with «Order tiles» are done. Move: go."}
    old = {"agent_id": "c", "prompt_text": "[decide|3] Fact: «Sort the garage» has been open 43 days. Move: decide."}
    prompt = build(**MORNING | {"agent_outputs": [*SNIPPETS, two, old]}, science_destiny=setting)
    named = {task.id for note in prompt.snippets if note.is_used for task in note.tasks}

    assert named <= {ref.task.id for ref in prompt.refs}
    assert named
    assert setting > 0 or len(prompt.refs) <= 3


def test_data_driven_end_offers_the_first_choice() -> None:
    """At 0 the only task is the one that the only note names, or else the one that is due first."""
    for outputs in (SNIPPETS[2:], []):
        prompt = build(**MORNING | {"agent_outputs": outputs}, science_destiny=0)
        assert [ref.task.id for ref in prompt.refs] == ["invoice"]


def test_draw_depends_on_the_moment_and_keeps_the_evidence() -> None:
    """At 100 other moments offer other tasks, each time with the one that the evidence is about."""
    moments = [NOW + timedelta(hours=6 * quarter) for quarter in range(28)]
    outputs = [SNIPPETS[2]]
    prompts = [build(**MORNING | {"now": moment, "agent_outputs": outputs}, science_destiny=100) for moment in moments]
    offers = {tuple(ref.task.id for ref in prompt.refs) for prompt in prompts}

    assert len(offers) > 5
    assert all("invoice" in offer for offer in offers)


def test_draw_does_not_depend_on_ids() -> None:
    """The same tasks under other ids give the same messages."""
    renamed = [task | {"id": f"x{place}"} for place, task in enumerate(TASKS)]
    prompts = [
        build(**MORNING | {"tasks": tasks, "recent_tips": []}, science_destiny=100) for tasks in (TASKS, renamed)
    ]

    assert prompts[0].messages == prompts[1].messages


@for_each("setting", range(0, 101, 10))
def test_task_of_the_evidence_is_always_on_offer(setting: int) -> None:
    """However far down a task ranks, it can be chosen where the strongest line is about it."""
    about = {"agent_id": "stale-task", "prompt_text": "[decide|3] Fact: «Sort the garage» waits. Move: decide."}
    prompt = build(**MORNING | {"agent_outputs": [about]}, science_destiny=setting)

    assert "garage" in {ref.task.id for ref in prompt.refs}


@for_each("setting", [0, 50, 100])
def test_shuffled_tasks_give_the_same_messages(setting: int) -> None:
    """The caller's order decides among equals only, and here there are none."""
    shuffled = MORNING | {"tasks": TASKS[4:] + TASKS[:4]}

    assert build(**MORNING, science_destiny=setting).messages == build(**shuffled, science_destiny=setting).messages


@for_each(
    ("left_out", "line"),
    [
        ({"hour_of_day": None}, "Now: Tuesday"),
        ({"day_of_week": None}, "Now: morning (09h)"),
        ({}, "Now: Tuesday, morning (09h)"),
    ],
)
def test_clock_is_told_as_far_as_it_is_known(left_out: dict[str, None], line: str) -> None:
    """The first line contains the parts that the caller sent."""
    assert line == build(**MORNING | left_out).user.split("\n")[0]


def test_unknown_clock_is_not_told() -> None:
    """Without hour and weekday the message begins with its bounds, and no default slips in."""
    user = build(**MORNING | {"hour_of_day": None, "day_of_week": None}).user

    assert user.startswith("Delivery: ")
    assert not [word for word in ("Monday", "Now", "afternoon", "12h") if word in user]


def test_without_a_moment_no_due_date_is_told() -> None:
    """Due dates and ages need a clock."""
    rows = rows_with(build(**MORNING | {"now": None}).user, "ref")

    assert not [row for row in rows if "due" in row or "age_days" in row]


def test_days_are_those_of_the_zone_of_now() -> None:
    """The user's today is the prompt's today."""
    tasks = [{"id": "a", "title": "Water plants", "due_at": "2025-11-19"}]
    evening = NOW + timedelta(hours=15)

    assert [row["due"] for row in rows_with(build(agent_outputs=[], tasks=tasks, now=NOW).user, "ref")] == ["tomorrow"]
    assert [row["due"] for row in rows_with(build(agent_outputs=[], tasks=tasks, now=evening).user, "ref")] == ["today"]


@pytest.mark.parametrize("outputs", [[], SNIPPETS[3:]])
def test_nothing_to_go_by_asks_for_general_advice(outputs: list[dict[str, Any]]) -> None:
    """Without tasks and evidence the model is asked for general advice."""
    prompt = build(agent_outputs=outputs, tasks=[])

    assert 'a general tip of kind "advice"' in prompt.user
    assert prompt.refs == ()


def test_snippets_alone_are_enough() -> None:
    """Evidence without tasks is no reason for general advice."""
    prompt = build(agent_outputs=SNIPPETS[:1], tasks=[])

    assert "general tip" not in prompt.user
    assert places_used(prompt) == (0,)


def test_withheld_task_is_nowhere_in_the_prompt() -> None:
    """A title that may mention self-harm reaches the model neither as a task nor in a note nor as a recent tip."""
    title = "Write goodbye letter"
    prompt = build(
        agent_outputs=[{"agent_id": "stale-task", "prompt_text": f"[decide|3] Fact: «{title}» waits. Move: decide."}],
        tasks=[{"id": "a", "title": title}],
        recent_tips=[{"content": f"Open «{title}»."}],
    )

    assert "goodbye" not in prompt.user
    assert [dropped.reason for dropped in prompt.dropped] == [Reason.WITHHELD] * 2
    assert [snippet.reason for snippet in prompt.snippets] == ["withheld"]


def test_recent_tips_are_told_with_their_task() -> None:
    """Recent tips are in the block, each with its task by ref where it is on offer."""
    tips = [*RECENT_TIPS, {"content": "Pay it.", "kind": "start", "task_id": "invoice"}]
    rows = rows_with(build(**MORNING | {"recent_tips": tips}).user, "recent_tip")

    assert [row.get("task") for row in rows] == [None, "T1"]
    assert "recent_tip" in build(**MORNING).system


def test_contract_types_are_taken() -> None:
    """Recent tips may come as the contract's type."""
    typed = {"recent_tips": [RecentTip(**each) for each in RECENT_TIPS]}

    assert build(**MORNING) == build(**MORNING | typed)


def test_system_messages_are_short_and_tell_no_bound() -> None:
    """At every setting the rules fit into 2,400 characters, and bounds stand in the delivery line alone."""
    for setting in range(101):
        slider = read_slider(setting)
        system = PROMPT.system_message(slider.band, delivery_of(slider, None, [], "en"))
        rules, _, examples = system.partition("\nTwo answers to other people:\n")

        assert len(system) <= 2_400
        assert len(rules) <= 1_800
        assert "{" not in rules
        assert not re.search(r"\d+ words|words: |at most \d|characters: ", rules)
        assert "…" not in system
        assert len(examples.splitlines()) == 2


def test_voices_differ_in_voice_and_examples_only() -> None:
    """All bands share their rules: truth does not move with the slider."""
    lines = [build(**MORNING, science_destiny=setting).system.split("\n") for setting in range(0, 101, 25)]
    differing = {number for each in lines for number, line in enumerate(each) if line != lines[0][number]}

    assert len({len(each) for each in lines}) == 1
    assert differing == {0, len(lines[0]) - 2, len(lines[0]) - 1}


def test_examples_keep_to_the_bounds_of_their_own_band() -> None:
    """Each is an answer that would be taken, at every setting of the band."""
    for setting in range(101):
        prompt = build(**MORNING | {"agent_outputs": []}, science_destiny=setting)
        delivery = prompt.delivery
        assert delivery is not None
        for line in prompt.system.split("\n")[-2:]:
            example = json.loads(line)
            fewest, most = delivery.words
            assert list(example) == ["content", "rationale", "kind", "task_ref"]
            assert fewest <= words_n(example["content"]) <= most
            assert keeps_to(delivery, example["content"], Kind(example["kind"]))
            assert figures_n(example["content"]) >= delivery.figures[0]


def test_version_is_told() -> None:
    """The prompt says which version it is."""
    assert PROMPT.version == build(**MORNING).version == "orchestrator-2"


def test_hash_seed_does_not_matter() -> None:
    """Processes with different hash seeds build the same messages."""
    program = (
        "from tools.prompts.morning import MORNING; from testing.tip_prompts import build;"
        "print(build(**MORNING, science_destiny=100).messages)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "layers/agents:.", "PYTHONIOENCODING": "utf-8"},
            cwd=Path(__file__).parents[3],
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(outputs) == 1


def test_block_lines_are_in_order() -> None:
    """Tasks are first, then evidence, then recent tips; the delivery line is above them."""
    prompt = build(**MORNING)
    rows = data_rows(prompt.user)

    assert [next(iter(row)) for row in rows] == ["ref"] * 4 + ["from"] * 2 + ["recent_tip"]
    assert "tip-receptivity" not in prompt.user
    assert [line.split(" ")[0] for line in prompt.user.split("\n")[:3]] == ["Now:", "Delivery:", "DATA"]
