"""A released prompt does not change: what was measured under its name stays what is sent under it.

A better wording gets a new version and a new line in `released_prompts.json`; old lines stay as they are.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from oo.prompts import orchestrator, orchestrator_2
from oo.prompts.versions import VERSIONS, get_prompt
from oo.snapshot.clock import clock_at
from testing.tip_prompts import build, build_first
from tests.unit.prompts.morning import MORNING, NOW, TASKS

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
    arguments: list[dict[str, Any]] = [MORNING, {"agent_outputs": [], "tasks": []}]
    for version, write in ((orchestrator.VERSION, build_first), (orchestrator_2.VERSION, build)):
        hashes[version] = digest(
            [write(**given, science_destiny=setting).messages for given in arguments for setting in range(0, 101, 25)]
        )
    return hashes


def test_released_prompts_are_as_they_were_released() -> None:
    """Every version, those of one tip included, says what it said when it was released."""
    assert current() == RELEASED
