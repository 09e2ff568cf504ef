"""The part of a user's snapshot that goes into one agent's job."""

from functools import lru_cache
from typing import Any

from oo.agent_kit.manifest import Requires
from oo.contract.snapshot import Snapshot
from oo.contract.vocabulary import DUE, TASK_FIELDS, TASK_FLAGS
from oo.snapshot.user_rows import Decided


def project(snapshot: Snapshot, requires: Requires, decided: Decided) -> dict[str, Any]:
    """The parts of the snapshot that a manifest requires, by field of the job.

    A field keeps all of its keys. Tasks stay in their places even where they are empty: a task without an id is known
    by its place. Findings that need all rows are sent along, since the job has only a part of the rows.
    """
    keys = _keys_of(tuple(requires.tasks))
    return {
        "user_id": snapshot.user_id,
        "tasks": [{key: task[key] for key in task if key in keys} for task in snapshot.tasks] if keys else [],
        "profile": {name: value for name, value in snapshot.profile.items() if name in requires.profile},
        "feedback_history": snapshot.feedback_history if requires.feedback else [],
        "task_completions": snapshot.task_completions if requires.completions else [],
        "now_iso": snapshot.now_iso,
        "timezone": snapshot.timezone,
        **({"priority_scale": snapshot.priority_scale} if "priority" in requires.tasks else {}),
        "decided": decided.to_json(),
    }


@lru_cache(maxsize=64)
def _keys_of(fields: tuple[str, ...]) -> frozenset[str]:
    """The keys of task rows that hold these fields, by their documented names."""
    used = [_TOLD_BY[name] for field in fields for name in (field, *_ALSO_TOLD_BY.get(field, ()))]
    recurrence = DUE.keys if "recurrence" in fields else ()
    return frozenset(key for each in used for key in (*each.keys, *each.hints)) | frozenset(recurrence)


_TOLD_BY = {**TASK_FIELDS, **TASK_FLAGS}
_ALSO_TOLD_BY = {
    "status": ("done", "gone", "gone_at", "tags"),
    "recurrence": ("recurs", "type"),
    **dict.fromkeys(("due_at", "created_at", "completed_at", "due_history"), ("timezone",)),
}
"""Further keys that tell a field: tags tell the status of a task that waits for another person."""
