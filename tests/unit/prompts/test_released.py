"""A released prompt does not change: what was measured under its name stays what is sent under it.

A better wording gets a new version and a new line in `released_prompts.json`; old lines stay as they are.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from oo.contract.kinds import Kind
from oo.prompts.chosen import Chosen
from oo.prompts.clock_line import ToldClock
from oo.prompts.delivery import Delivery
from oo.prompts.versions import (
    DEFAULT_RECOMMEND_VERSION,
    DEFAULT_VERSION,
    RECOMMEND_VERSIONS,
    VERSIONS,
    get_orchestrator,
    get_prompt,
)
from oo.snapshot.clock import clock_at
from tests.unit.prompts.morning import NOW, RECENT_TIPS, SNIPPETS, TASKS
from tools.prompts.scenes import scene

RELEASED = json.loads(Path(__file__).with_name("released_prompts.json").read_text(encoding="utf-8"))
CONTEXTS: list[dict[str, Any]] = [
    {
        "tasks": TASKS,
        "hour_of_day": 9,
        "day_of_week": 1,
        "extra": {"weather": "rain"},
        "profile_features": {"on_time_rate_28d": 0.9, "energy_now": 0.2},
    },
    {},
]


CHOSEN: dict[str, dict[int, tuple[list[int], list[str]]]] = {
    "orchestrator-1": {
        0: ([2, 1, 0], ["invoice"]),
        25: ([2, 1], ["invoice", "bill"]),
        50: ([2, 1], ["invoice", "bill", "notes"]),
        75: ([2], ["invoice", "notes", "tiles", "bill"]),
        100: ([2], ["invoice", "notes", "tiles", "proposal", "bill"]),
    },
    "orchestrator-2": {
        0: ([2, 0, 1], ["invoice", "proposal", "bill"]),
        25: ([2, 0], ["invoice", "proposal", "notes"]),
        50: ([2, 0], ["invoice", "proposal", "notes", "tiles"]),
        75: ([2], ["invoice", "proposal", "bill", "garage"]),
        100: ([2], ["invoice", "proposal", "checkup", "bill", "garage"]),
    },
}
"""By the slider's setting: the places of the notes and the ids of the tasks that were chosen at the release."""

BOUNDS = {
    0: Delivery((14, 38), 240, (1, 2), tuple(Kind), "analytic", "en", "figure, then step"),
    25: Delivery((14, 36), 220, (0, 1), tuple(Kind), "factual", "en", "reason, then step"),
    50: Delivery((12, 34), 200, (0, 1), tuple(Kind), "friendly", "en", "reason, then step"),
    75: Delivery((10, 30), 180, (0, 0), tuple(Kind), "light", "en", "mood, then step"),
    100: Delivery((10, 28), 160, (0, 0), tuple(Kind), "serendipitous", "en", "image, then step"),
}


def scenes(chosen: dict[int, tuple[list[int], list[str]]]) -> Iterator[Chosen]:
    """The morning at five settings, and nothing at all at the same."""
    for setting, (places, offered) in chosen.items():
        fewest, _ = BOUNDS[setting].words
        yield scene(
            setting=setting,
            delivery=BOUNDS[setting]._replace(words=(fewest, 18), kinds=tuple(Kind)[1:]),
            now=NOW,
            rows=TASKS,
            offered=offered,
            notes=[SNIPPETS[place] for place in places],
            delivery_note=SNIPPETS[3],
            recent_tips=RECENT_TIPS,
            told_clock=ToldClock(9, 1),
        )
    for setting in chosen:
        yield scene(setting=setting, delivery=BOUNDS[setting], now=NOW)


def digest(conversations: list[list[dict[str, str]]]) -> str:
    """SHA-256 of messages."""
    return sha256(json.dumps(conversations, ensure_ascii=False).encode()).hexdigest()


def current() -> dict[str, str]:
    """Every version with the hash of what it says of the same contexts, and of nothing."""
    hashes = {
        version: digest(
            [get_prompt(version).build(context, 3, clock=clock_at(NOW, NOW.tzinfo)).messages for context in CONTEXTS]
        )
        for version in VERSIONS
    }
    for version in RECOMMEND_VERSIONS:
        prompt = get_orchestrator(version)
        hashes[version] = digest([prompt.build(chosen).messages for chosen in scenes(_chosen_for(version))])
    return hashes


def _chosen_for(version: str) -> dict[int, tuple[list[int], list[str]]]:
    """Those of the version's release; a later version gets those of `orchestrator-2`."""
    return CHOSEN.get(version, CHOSEN["orchestrator-2"])


def test_released_prompts_are_as_they_were_released() -> None:
    """Every version, those of one tip included, says what it said when it was released; a draft has no line yet."""
    said = current()

    assert {version: said.get(version) for version in RELEASED} == RELEASED


@pytest.mark.parametrize("version", [DEFAULT_VERSION, DEFAULT_RECOMMEND_VERSION])
def test_a_default_is_released(version: str) -> None:
    """Requests that name no version are not asked with a draft."""
    assert version in RELEASED, f'add to released_prompts.json: "{version}": "{current()[version]}"'


def test_the_newest_released_version_of_one_tip_is_the_default() -> None:
    released = [version for version in RECOMMEND_VERSIONS if version in RELEASED]

    assert released[-1] == DEFAULT_RECOMMEND_VERSION
