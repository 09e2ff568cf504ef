"""docs/prompts.json: what every released prompt version says of the same samples, word for word.

The samples stay as they are: other words for them would make every released prompt another one.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from oo.contract.tips import RecommendRequest
from oo.prompts import orchestrator, orchestrator_2
from oo.prompts.slider import read_slider
from oo.prompts.versions import VERSIONS, get_prompt
from oo.snapshot.clock import clock_at
from oo.snippets.judge import judge
from oo.snippets.open_tasks import read_open_tasks
from oo.tips.context import build_context

DOCUMENT = Path(__file__).parents[2] / "docs" / "prompts.json"

_SETTINGS = range(0, 101, 25)
"""Of the slider, one in each of its bands."""

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
_TIP: Mapping[str, Any] = {
    "agent_outputs": [
        {
            "agent_id": "deadline-pressure",
            "prompt_text": "[start|3] Fact: «Send the invoice» is due in about 8 h. Move: start with a 25-min block.",
        },
        {"agent_id": "mine", "prompt_text": "Mornings suit you."},
    ],
    "tasks": _TASKS,
    "hour_of_day": 9,
    "day_of_week": 3,
    "recent_tips": [{"content": "Open the draft.", "kind": "start"}],
}
_NO_TIP: Mapping[str, Any] = {"agent_outputs": [], "tasks": []}

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
    for version, tip in ((orchestrator.VERSION, _first_tip), (orchestrator_2.VERSION, _tip)):
        samples = {f"a morning at {setting}": tip(_TIP, setting) for setting in _SETTINGS}
        yield version, {**samples, "nothing": tip(_NO_TIP, 50)}


def _first_tip(sample: Mapping[str, Any], setting: int) -> list[dict[str, str]]:
    request = _request(sample, setting)
    tasks = read_open_tasks(request.tasks, clock_at(_NOW, _NOW.tzinfo))
    snippets = judge(request.agent_outputs or [], tasks, _NOW, read_slider(setting).evidence_snippets)
    return orchestrator.build(
        snippets=snippets,
        open_tasks=tasks,
        hour_of_day=request.hour_of_day,
        day_of_week=request.day_of_week,
        science_destiny=setting,
        recent_tips=request.recent_tips,
    ).messages


def _tip(sample: Mapping[str, Any], setting: int) -> list[dict[str, str]]:
    request = _request(sample, setting)
    return build_context(request, request.agent_outputs or [], _NOW).prompt.messages


def _request(sample: Mapping[str, Any], setting: int) -> RecommendRequest:
    return RecommendRequest.model_validate({**sample, "user_id": "u", "science_destiny": setting})
