"""A prompt that would be too long loses whole lines, the least useful first."""

from typing import Any

from oo.prompts.data_block import MOST_CHARACTERS, BuiltPrompt
from oo.prompts.versions import get_prompt
from oo.snippets.omissions import Item, Reason
from oo.snippets.ranking import rank
from testing.for_each import for_each
from testing.tip_prompts import build
from tests.unit.prompts.reading import data_rows, rows_with
from tools.prompts.morning import MORNING

WHOLE = build(**MORNING)
LENGTH = len(WHOLE.system) + len(WHOLE.user)
HEAVY: dict[str, Any] = {
    "agent_outputs": [{"agent_id": name, "prompt_text": "<" * 2_000} for name in ("a", "b", "c", "tip-receptivity")],
    "tasks": [{"id": str(number), "title": "<" * 200} for number in range(2_000)],
    "recent_tips": [{"content": "<" * 4_000} for _ in range(100)],
}


def over_budget(prompt: Any) -> list[tuple[Item, str | int]]:
    """The entries that the budget dropped, in order."""
    return [(dropped.item, dropped.key) for dropped in prompt.dropped if dropped.reason is Reason.OVER_BUDGET]


def size_of(prompt: BuiltPrompt) -> tuple[int, int, int, bool]:
    """The numbers of recent tips, lines of evidence and tasks, and whether the line about delivery is there."""
    ranked = rank(prompt.snippets)
    recent = len(rows_with(prompt.user, "recent_tip"))
    return recent, len(ranked.lines), len(prompt.refs), ranked.delivery is not None


def test_budget_is_24000_characters() -> None:
    """System and user message together stay under the default."""
    assert MOST_CHARACTERS == 24_000


def test_prompt_at_the_budget_is_whole() -> None:
    """The limit itself is allowed; a character less costs a recent tip."""
    assert build(**MORNING, most_characters=LENGTH) == WHOLE
    assert over_budget(build(**MORNING, most_characters=LENGTH - 1)) == [(Item.RECENT_TIP, 0)]


def test_least_useful_goes_first() -> None:
    """Recent tips are removed before the second line of evidence, that before tasks; the delivery line stays."""
    # A step that is shorter than any line, so that none is left out together with the next one.
    sizes = {size_of(build(**MORNING, most_characters=most)): None for most in range(LENGTH, -1, -20)}

    assert list(sizes) == [
        (1, 2, 4, True),
        (0, 2, 4, True),
        (0, 1, 4, True),
        (0, 1, 3, True),
        (0, 1, 2, True),
        (0, 1, 1, True),
        (0, 0, 1, True),
        (0, 0, 0, True),
    ]


def test_whatever_does_not_fit_is_named() -> None:
    """Without any room the prompt holds no data and says so."""
    prompt = build(**MORNING, most_characters=0)

    assert over_budget(prompt) == [
        (Item.RECENT_TIP, 0),
        (Item.TASK, "tiles"),
        (Item.TASK, "notes"),
        (Item.TASK, "proposal"),
        (Item.TASK, "invoice"),
    ]
    assert [snippet.verdict.value for snippet in prompt.snippets] == [
        "over_budget",
        "outranked",
        "over_budget",
        "unknown",
        "malformed",
    ]
    assert prompt.refs == ()
    assert "general tip" in prompt.user


@for_each("most", range(0, LENGTH, 97))
def test_no_line_is_cut(most: int) -> None:
    """At every budget the lines are lines of the whole prompt, and they fit or nothing is left to drop."""
    prompt = build(**MORNING, most_characters=most)
    rows = data_rows(prompt.user)

    assert all(row in data_rows(WHOLE.user) for row in rows)
    assert not rows or len(prompt.system) + len(prompt.user) <= most


@for_each("setting", [0, 50, 100])
def test_heaviest_request_fits(setting: int) -> None:
    """Characters that take six to encode do not carry a prompt over its budget."""
    prompt = build(**HEAVY, science_destiny=setting)

    assert len(prompt.system) + len(prompt.user) <= MOST_CHARACTERS
    assert data_rows(prompt.user)


def test_candidates_keep_to_the_budget_as_well() -> None:
    """A version drops tasks, last choice first, until its prompt fits."""
    tasks = [{"id": str(number), "title": f"Task {number}"} for number in range(1, 6)]
    whole = get_prompt("v2-grounded").build({"tasks": tasks}, 3)
    most = len(whole.system) + len(whole.user) - 1
    prompt = get_prompt("v2-grounded").build({"tasks": tasks}, 3, most_characters=most)

    assert [ref.task.id for ref in prompt.refs] == ["1", "2", "3", "4"]
    assert over_budget(prompt) == [(Item.TASK, "5")]


def test_heaviest_context_fits() -> None:
    """Twenty long titles, ten extras and a profile stay under the budget."""
    context = {
        "tasks": HEAVY["tasks"],
        "extra": {"<" * 39 + chr(65 + number): "<" * 4_000 for number in range(20)},
        "profile_features": {"energy_now": 1.0},
    }
    prompt = get_prompt("v3-profile").build(context, 20)

    assert len(prompt.system) + len(prompt.user) <= MOST_CHARACTERS
    assert prompt.refs
