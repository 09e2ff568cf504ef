"""The part of a user's snapshot that goes into one agent's job."""

from typing import Any

from oo.agent_kit.manifest import Requires
from oo.contract.snapshot import Snapshot


def project(snapshot: Snapshot, requires: Requires) -> dict[str, Any]:
    """The parts of the snapshot that a manifest requires, by field of the job.

    Tasks stay in their places even where nothing of one is left: a task without an id is known by its place.
    """
    keys = frozenset(requires.tasks)
    return {
        "user_id": snapshot.user_id,
        "tasks": [{key: task[key] for key in task if key in keys} for task in snapshot.tasks] if keys else [],
        "profile": {name: value for name, value in snapshot.profile.items() if name in requires.profile},
        "feedback_history": snapshot.feedback_history if requires.feedback else [],
        "task_completions": snapshot.task_completions if requires.completions else [],
        "now_iso": snapshot.now_iso,
        "timezone": snapshot.timezone,
        **({"priority_scale": snapshot.priority_scale} if "priority" in keys else {}),
    }
