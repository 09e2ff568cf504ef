"""What of a user's snapshot goes into one agent's job."""

from typing import Any

from oo.agent_kit.manifest import Requires
from oo.contract.queues import PrecomputeMessage


def project(message: PrecomputeMessage, requires: Requires) -> dict[str, Any]:
    """The parts of the snapshot that a manifest requires, by field of the job.

    Tasks stay in their places even where nothing of one is left: a task without an id is known by its place.
    """
    keys = frozenset(requires.tasks)
    return {
        "user_id": message.user_id,
        "tasks": [{key: task[key] for key in task if key in keys} for task in message.tasks] if keys else [],
        "profile": {name: value for name, value in message.profile.items() if name in requires.profile},
        "feedback_history": message.feedback_history if requires.feedback else [],
        "task_completions": message.task_completions if requires.completions else [],
        "now_iso": message.now_iso,
        "timezone": message.timezone,
    }
