"""One user's Tuesday morning, from which the prompts of release hashes and tests are built."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

NOW = datetime(2025, 11, 18, 9, 10, tzinfo=ZoneInfo("Europe/Berlin"))

TASKS: list[dict[str, Any]] = [
    {
        "id": "proposal",
        "title": "Write proposal",
        "created_at": "2025-11-06T10:00:00+01:00",
        "priority": 4,
        "estimate_minutes": 90,
    },
    {"id": "invoice", "title": "Send the invoice", "due_at": "2025-11-18T15:00:00+01:00", "priority": 3},
    {"id": "bill", "title": "Pay the water bill", "created_at": "2025-11-09", "estimate_minutes": 5},
    {"id": "checkup", "title": "Book the check-up", "priority": "high", "created_at": "2025-10-20"},
    {"id": "garage", "title": "Sort the garage", "created_at": "2025-10-06", "priority": "low"},
    {"id": "notes", "title": "Tidy notes", "due_at": "2025-11-18"},
    {"id": "tiles", "title": "Order tiles", "due_at": "2025-11-20"},
    {"id": "passport", "title": "Renew the passport", "due_at": "2025-12-18"},
    {"id": "done", "title": "Call the bank", "status": "done"},
]

SNIPPETS: list[dict[str, Any]] = [
    {
        "agent_id": "peak-hours",
        "prompt_text": "[start|2] Fact: completions here cluster around 09:00, and that window runs until 10:30. "
        "Move: give it to «Write proposal», the weightiest open task.",
    },
    {
        "agent_id": "quick-win",
        "prompt_text": "[start|3] Fact: «Pay the water bill» is marked 5 min and has waited 9 days. "
        "Move: do it before the next longer block.",
    },
    {
        "agent_id": "deadline-pressure",
        "prompt_text": "[start|3] Fact: «Send the invoice» is due in about 6 h; 1 other task is due today. "
        "Move: start with a 25-min block. Care: no remark on lateness.",
    },
    {
        "agent_id": "tip-receptivity",
        "prompt_text": "[advice|2] Fact: the last 3 tips were dismissed. "
        "Move: at most 18 words, a different kind of move. Care: no pressure.",
    },
    {"agent_id": "momentum", "prompt_text": ""},
]

RECENT_TIPS: list[dict[str, Any]] = [
    {
        "content": "After lunch, could «Sort the garage» get its first box?",
        "kind": "start",
        "task_id": "garage",
        "created_at": "2025-11-17T13:00:00Z",
    }
]

MORNING: dict[str, Any] = {
    "agent_outputs": SNIPPETS,
    "tasks": TASKS,
    "hour_of_day": 9,
    "day_of_week": 1,
    "recent_tips": RECENT_TIPS,
    "now": NOW,
}
"""The arguments of a build but for the slider."""
