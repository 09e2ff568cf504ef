from typing import Any

from oo.contract.kinds import Kind
from oo.tips.template_tip import ShownTask, template_tips
from oo.tips.tip_text import LONGEST_CONTENT, TipText
from tests.unit.tips.fixtures import Scene, failed

TASK = ShownTask("T1", "Pay rent", "tomorrow")
LINE = "[start|3] Fact: «Pay rent» is due tomorrow. Move: give it 25 minutes."
FREE = "[advice|1] Mornings suit you."


def best(tasks: list[ShownTask], notes: list[str]) -> TipText:
    """The first choice."""
    return next(template_tips(tasks, notes))


def test_the_strongest_line_is_the_tip() -> None:
    """Its fact and its move, in its own words."""
    tip = best([ShownTask("T1", "Other", None), TASK._replace(ref="T2")], [LINE])

    assert (tip.content, tip.rationale, tip.kind, tip.task_ref) == (
        "«Pay rent» is due tomorrow. Give it 25 minutes.",
        "«Pay rent» is due tomorrow.",
        Kind.START,
        "T2",
    )


def test_a_move_that_names_the_task_stands_alone() -> None:
    """The fact is the rationale then."""
    line = "[finish|2] Fact: there is a gap. Move: do «Pay rent» now. Care: no rush."

    assert best([], [line]).content == "Do «Pay rent» now."


def test_how_to_deliver_a_tip_is_no_tip() -> None:
    """That line speaks to the model."""
    line = {"agent_id": "tip-receptivity", "prompt_text": "[advice|2] Fact: short tips are opened. Move: be short."}
    body: dict[str, Any] = {"tasks": [{"id": "a", "title": "Pay rent"}], "agent_outputs": [line]}

    assert "Pay rent" in Scene(failed(503)).recommend(template_fallback=True, **body).tip.content


def test_the_tip_names_snippets_and_tasks_as_the_prompt_shows_them() -> None:
    """The slider's cut, the order of snippets and the words of a due date are those of the prompt."""
    scene = Scene(failed(503))
    tip = scene.recommend(
        template_fallback=True,
        science_destiny=100,
        now_iso="2026-07-14T09:00:00Z",
        timezone="UTC",
        tasks=[{"id": "a", "title": "Pay rent", "due_at": "2026-07-15"}],
        agent_outputs=[{"agent_id": "mine", "prompt_text": "I want to end it all."}],
    ).tip

    assert tip.content == "«Pay rent» is due tomorrow: open it and take its first small step."
    assert '"due":"tomorrow"' in scene.conversations[0][1]["content"]


def test_without_a_line_the_first_task_is_the_tip() -> None:
    """With its date as the prompt said it."""
    assert best([TASK], []).content == "«Pay rent» is due tomorrow: open it and take its first small step."
    past = best([TASK._replace(due="past its date")], [])
    assert past.content == "«Pay rent» is past its date: open it and take its first small step."
    undated = best([TASK._replace(due=None)], [])
    assert undated.content == "«Pay rent» is open: set ten minutes aside and take its first small step."


def test_a_note_without_grammar_comes_after_tasks() -> None:
    """It was written for a model, but it is better than nothing."""
    assert best([TASK], [FREE]).kind is Kind.START
    assert best([], [FREE]).content == "Mornings suit you."


def test_without_anything_it_is_general() -> None:
    """And it says so."""
    tip = best([], [])

    assert (tip.kind, tip.task_ref) == (Kind.ADVICE, "")
    assert "no open task" in (tip.rationale or "")


def test_the_next_best_follows() -> None:
    """Lines, tasks, notes, and a general tip that gives no reason where there were others."""
    tips = list(template_tips([TASK, TASK._replace(title="Call")], [FREE, LINE]))

    assert [tip.content.split(" ")[0] for tip in tips] == ["«Pay", "«Pay", "«Call»", "Mornings", "Write"]
    assert tips[-1].rationale == ""


def test_a_long_note_is_cut_to_the_length_of_a_tip() -> None:
    """Also in the grammar, and never inside a title."""
    for note in (f"[advice|1] {'word ' * 300}", f"[advice|1] Fact: {'word ' * 200}. Move: go."):
        assert len(best([], [note]).content) <= LONGEST_CONTENT
    quoted = best([], [f"[advice|1] {'x' * 590} «Pay the rent»."]).content
    assert quoted == f"{'x' * 590}…"
