"""One invented user about whom every agent has a statement: the source of the sentences in docs/agents.md."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from oo.agent_kit.agent import Agent
from oo.agent_kit.user_view import view_at
from oo.contract.snapshot import Snapshot
from oo.inference.run import run_inference

TIMEZONE = "Europe/Berlin"
# A Wednesday.
NOW = datetime(2026, 6, 17, 9, 40, tzinfo=ZoneInfo(TIMEZONE))
# The user's own preferences, by agent.
SETTINGS: Mapping[str, Mapping[str, object]] = {
    "momentum": {"daily_goal": 5},
    "overdue-pile": {"from_n": 3},
    "weekly-review": {"review_weekday": 1},
    "workload-balance": {"capacity_min": 240, "work_start_h": 9, "work_end_h": 18},
}

_DAYS = 60
_PROJECTS = ("studio", "kitchen", "home")
_OVERDUE = ("Return the parcel", "Cancel the trial", "Answer the survey")


def sentence(agent: Agent) -> str:
    """The agent's sentence about the user, with the preferences inferred from the history; empty if it is silent."""
    manifest = agent.manifest
    snapshot = Snapshot(
        user_id="example",
        tasks=_tasks(),
        feedback_history=_feedback(),
        task_completions=_completions(),
        now_iso=NOW,
        timezone=TIMEZONE,
    )
    view = view_at(snapshot, NOW)
    preferences = {**run_inference(manifest, view), **SETTINGS.get(manifest.agent_id, {})}
    return agent.compute(view.for_agent(manifest, preferences)).prompt_text


def _tasks() -> list[dict[str, object]]:
    opened: list[dict[str, object]] = [
        _open("Send the invoice", 4, due_at=_at(0, 15), priority=3, estimate_minutes=20),
        _open("Tidy the notes", 3, due_at=_at(0, 0)[:10], priority=1, estimate_minutes=300),
        _open("Draft the report", 6, due_at=_at(3, 17), priority=3, estimate_minutes=90),
        _open("Write the proposal", 12, priority=4, estimate_minutes=120),
        _open("Pay the water bill", 9, priority=2, estimate_minutes=5),
        _open("Sort the garage", 43, priority=1),
        _open("Scan the old letters", 60, priority=1),
        *(_open(title, 12, priority=1, due_at=_at(-5, 12)) for title in _OVERDUE),
        _open("Order the tiles", 20, project_id="kitchen"),
        _open("Choose the lamp", 20, project_id="kitchen"),
    ]
    done: list[dict[str, object]] = [
        {"id": f"kitchen-{n}", "status": "done", "project_id": "kitchen", "completed_at": _at(-10 - n, 9)}
        for n in range(7)
    ]
    today: list[dict[str, object]] = [
        {"id": f"today-{n}", "status": "done", "completed_at": _at(0, 8 + n / 4)} for n in range(4)
    ]
    return [*opened, *done, *today]


def _open(title: str, age_d: int, **more: object) -> dict[str, object]:
    return {"id": title.lower().replace(" ", "-"), "title": title, "created_at": _at(-age_d, 12), **more}


def _completions() -> list[dict[str, object]]:
    """Two tasks per morning, most of them finished two days after their date."""
    return [
        {
            "project_id": _PROJECTS[day // 2 % 3],
            "completed_at": _at(-day, 8.5 + half),
            "due_at": _at(-day - 2 + day % 3 // 2, 12),
        }
        for day in range(1, _DAYS)
        for half in (0, 1)
    ]


def _feedback() -> list[dict[str, object]]:
    """A tip per evening, visible for three seconds and accepted every other time; the last three were turned down."""
    return [
        {
            "action": "dismissed" if day < 4 or day % 2 else "done",
            "dwell_ms": 3000,
            "created_at": _at(-day, 18),
        }
        for day in range(1, _DAYS)
    ]


def _at(days: int, hour: float) -> str:
    return (NOW.replace(hour=0, minute=0) + timedelta(days=days, hours=hour)).isoformat()
