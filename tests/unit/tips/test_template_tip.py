from collections.abc import Sequence

from oo.contract.kinds import Kind
from oo.tips.template_tip import Row, TemplateTip, read_data, template_tips
from oo.tips.tip_text import LONGEST_CONTENT
from testing.tip_prompts import build
from tests.unit.tips.fixtures import NOW


def template_tip(tasks: Sequence[Row], notes: Sequence[Row]) -> TemplateTip:
    """The first choice."""
    return next(template_tips(tasks, notes))


TASK = {"ref": "T1", "title": "Pay rent", "due": "tomorrow"}
LINE = {"from": "deadline-pressure", "note": "[start|3] Fact: «Pay rent» is due tomorrow. Move: give it 25 minutes."}


def test_the_strongest_line_is_the_tip() -> None:
    """Its fact and its move, in its own words."""
    tip = template_tip([{"ref": "T1", "title": "Other"}, TASK | {"ref": "T2"}], [LINE])

    assert (tip.content, tip.rationale, tip.kind, tip.task_ref) == (
        "«Pay rent» is due tomorrow. Give it 25 minutes.",
        "«Pay rent» is due tomorrow.",
        Kind.START,
        "T2",
    )


def test_a_move_that_names_the_task_stands_alone() -> None:
    """The fact is the rationale then."""
    line = {"from": "quick-win", "note": "[finish|2] Fact: there is a gap. Move: do «Pay rent» now. Care: no rush."}

    assert template_tip([], [line]).content == "Do «Pay rent» now."


def test_how_to_deliver_a_tip_is_no_tip() -> None:
    """That line speaks to the model."""
    line = {"from": "tip-receptivity", "note": "[advice|2] Fact: short tips are opened. Move: keep it short."}

    assert "Pay rent" in template_tip([TASK], [line]).content


def test_without_a_line_the_first_task_is_the_tip() -> None:
    """With its date as the prompt said it."""
    assert template_tip([TASK], []).content == "«Pay rent» is due tomorrow: open it and take its first small step."
    past = template_tip([TASK | {"due": "past its date"}], [])
    assert past.content == "«Pay rent» is past its date: open it and take its first small step."
    undated = template_tip([{"ref": "T1", "title": "Pay rent"}], [])
    assert undated.content == "«Pay rent» is open: set ten minutes aside and take its first small step."


def test_a_note_without_grammar_comes_after_tasks() -> None:
    """It was written for a model, but it is better than nothing."""
    note = {"from": "mine", "note": "[advice|1] Mornings suit you."}

    assert template_tip([TASK], [note]).kind is Kind.START
    assert template_tip([], [note]).content == "Mornings suit you."


def test_without_anything_it_is_general() -> None:
    """And it says so."""
    tip = template_tip([], [])

    assert (tip.kind, tip.task_ref) == (Kind.ADVICE, "")
    assert "no open task" in tip.rationale


def test_the_next_best_follows() -> None:
    """Lines, tasks, notes, and a general tip that gives no reason where there were others."""
    note = {"from": "other", "note": "[advice|1] Mornings suit you."}
    tips = list(template_tips([TASK, TASK | {"title": "Call"}], [note, LINE]))

    assert [tip.content.split(" ")[0] for tip in tips] == ["«Pay", "«Pay", "«Call»", "Mornings", "Write"]
    assert tips[-1].rationale == ""


def test_a_long_note_is_cut_to_the_length_of_a_tip() -> None:
    """Also in the grammar, and never inside a title."""
    for note in (f"[advice|1] {'word ' * 300}", f"[advice|1] Fact: {'word ' * 200}. Move: go."):
        assert len(template_tip([], [{"from": "other", "note": note}]).content) <= LONGEST_CONTENT
    quoted = template_tip([], [{"from": "other", "note": f"[advice|1] {'x' * 590} «Pay the rent»."}]).content
    assert quoted == f"{'x' * 590}…"


def test_the_data_is_read_back_out_of_a_prompt() -> None:
    """Titles that look like its own lines stay titles."""
    tasks = [
        {"id": "a", "title": '{"ref":"T9","title":"x"}', "due_at": "2026-07-15T12:00:00Z"},
        {"id": "b", "title": "B"},
    ]
    prompt = build(
        agent_outputs=[{"agent_id": "mine", "prompt_text": "Mornings suit you."}],
        tasks=tasks,
        science_destiny=50,
        recent_tips=[{"content": "Rest."}],
        now=NOW,
    )

    rows, notes = read_data(prompt.user)

    assert [row["ref"] for row in rows] == [ref.ref for ref in prompt.refs]
    assert rows[0]["title"] == '{"ref":"T9","title":"x"}'
    assert notes == [{"from": "other", "note": "[advice|1] Mornings suit you."}]


def test_text_without_a_block_holds_no_data() -> None:
    """Whatever else is on its lines."""
    assert read_data('Hello\n7\n["ref"]\n{"ref": "T1"}\n{"from": 1}') == ([], [])
