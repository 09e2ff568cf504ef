"""The line of a request in the list of traces."""

import pytest

from oo.errors import LLMBadOutput
from oo.prompts.versions import DEFAULT_RECOMMEND_VERSION, DEFAULT_VERSION
from testing.for_each import for_each
from tests.unit.tips.fixtures import TIP, Scene, replied

TASKS = [{"id": "a", "title": "Pay rent"}]
SNIPPETS = [{"agent_id": "mine", "prompt_text": f"Mornings suit you, {word}."} for word in ("Ann", "Bo")]


@for_each(("slider", "band"), [(0, "lab (0)"), (50, "balanced (50)"), (100, "destiny (100)")])
def test_a_tip_is_told_by_version_band_kind_and_sizes(slider: int, band: str) -> None:
    scene = Scene(replied(TIP))
    scene.recommend(tasks=TASKS, agent_outputs=SNIPPETS, science_destiny=slider)

    assert f"{DEFAULT_RECOMMEND_VERSION}, {band}, {TIP['kind']}: 1 task, 2 snippets" == scene.trace.asked
    assert TIP["content"] == scene.trace.answered


def test_without_a_tip_there_is_no_kind() -> None:
    """The line of a failed request has the rest."""
    scene = Scene(replied("no JSON"))
    with pytest.raises(LLMBadOutput):
        scene.recommend(tasks=TASKS, agent_outputs=[])

    assert scene.trace.asked == f"{DEFAULT_RECOMMEND_VERSION}, balanced (50): 1 task, 0 snippets"


def test_candidates_are_told_by_their_kinds() -> None:
    """In the order of the answer."""
    scene = Scene(replied([TIP, TIP | {"id": "tip-2"}]))
    scene.generate(context={"tasks": TASKS}, n=2)

    assert scene.trace.asked == f"{DEFAULT_VERSION}, {TIP['kind']} {TIP['kind']}: 1 task, 2 candidates"


def test_no_line_has_the_users_id() -> None:
    """Neither the request's nor the answer's."""
    scene = Scene(replied(TIP))
    scene.recommend(tasks=TASKS)

    assert "user-7" not in scene.trace.asked + scene.trace.answered
