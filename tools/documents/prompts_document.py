"""docs/prompts.json: the messages of every released prompt version for the same samples, word for word.

For prompts of one tip, the samples begin after the choice of tasks and notes, which is the same for all versions. The
samples never change, because other samples would change every released prompt.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from oo.contract.kinds import Kind
from oo.prompts.chosen import Chosen
from oo.prompts.clock_line import ToldClock
from oo.prompts.delivery import Delivery
from oo.prompts.versions import RECOMMEND_VERSIONS, VERSIONS, get_orchestrator, get_prompt
from oo.snapshot.clock import clock_at
from tools.prompts.scenes import scene

DOCUMENT = Path(__file__).parents[2] / "docs" / "prompts.json"

_NOW = datetime.fromisoformat("2026-03-12T09:30:00+01:00")
_TASKS = [
    {
        "id": "t1",
        "title": "Send the invoice",
        "status": "open",
        "due_at": "2026-03-12T17:00:00+01:00",
        "created_at": "2026-03-02T09:00:00+01:00",
        "priority": 4,
        "estimate_minutes": 20,
        "project_id": "clients",
    },
    {"id": "t2", "title": 'Łódź: «Sort» the "garage"', "created_at": "2026-01-20T09:00:00+01:00", "priority": 1},
]
_CANDIDATES: Mapping[str, Mapping[str, Any]] = {
    "a morning": {
        "tasks": _TASKS,
        "hour_of_day": 9,
        "day_of_week": 3,
        "extra": {"weather": "rain"},
        "profile_features": {"on_time_rate_28d": 0.9, "energy_now": 0.2},
    },
    "nothing": {},
}
_NOTES = (
    {
        "agent_id": "deadline-pressure",
        "prompt_text": "[start|3] Fact: «Send the invoice» is due in about 8 h. Move: start with a 25-min block.",
    },
    {"agent_id": "mine", "prompt_text": "Mornings suit you."},
)
_RECENT_TIPS = ({"content": "Open the draft.", "kind": "start"},)
_DELIVERIES = {
    0: Delivery((14, 38), 240, (1, 2), tuple(Kind), "analytic", "en", "figure, then step"),
    25: Delivery((14, 36), 220, (0, 1), tuple(Kind), "factual", "en", "reason, then step"),
    50: Delivery((12, 34), 200, (0, 1), tuple(Kind), "friendly", "en", "reason, then step"),
    75: Delivery((10, 30), 180, (0, 0), tuple(Kind), "light", "en", "mood, then step"),
    100: Delivery((10, 28), 160, (0, 0), tuple(Kind), "serendipitous", "en", "image, then step"),
}
_CHOSEN = {0: (("t1",), 2), 25: (("t1", "t2"), 2), 50: (("t1", "t2"), 2), 75: (("t1", "t2"), 1), 100: (("t1", "t2"), 1)}
"""By the slider's setting, one in each of its bands: the tasks on offer and the number of notes."""

Conversations = dict[str, list[dict[str, str]]]
"""By the sample's name."""


def render() -> str:
    """The document: by version and sample, the messages."""
    return json.dumps(dict(_versions()), indent=2, ensure_ascii=False) + "\n"


def _versions() -> Iterator[tuple[str, Conversations]]:
    for version in VERSIONS:
        prompt = get_prompt(version)
        yield (
            version,
            {
                name: prompt.build(sample, 3, clock=clock_at(_NOW, _NOW.tzinfo)).messages
                for name, sample in _CANDIDATES.items()
            },
        )
    for version in RECOMMEND_VERSIONS:
        yield version, {name: get_orchestrator(version).build(chosen).messages for name, chosen in _scenes().items()}


def _scenes() -> dict[str, Chosen]:
    mornings = {
        f"a morning at {setting}": scene(
            setting=setting,
            delivery=_DELIVERIES[setting],
            now=_NOW,
            rows=_TASKS,
            offered=offered,
            notes=_NOTES[:notes],
            recent_tips=_RECENT_TIPS,
            told_clock=ToldClock(9, 3),
        )
        for setting, (offered, notes) in _CHOSEN.items()
    }
    return {**mornings, "nothing": scene(setting=50, delivery=_DELIVERIES[50], now=_NOW)}
