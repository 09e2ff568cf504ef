"""The part of a user's snapshot for one agent's job."""

from functools import cached_property, lru_cache

from oo.agent_kit.manifest import Requires
from oo.contract.snapshot import Snapshot
from oo.contract.vocabulary import DUE, TASK_FIELDS, TASK_FLAGS
from oo.precompute.job_body import written
from oo.snapshot.user_rows import Decided
from oo.validation.models import to_json


class Projection:
    """One user's snapshot for agents' jobs; rows that several agents require are cut and encoded once.

    Decisions that need all rows are sent along, since a job contains only some of the rows.
    """

    def __init__(self, snapshot: Snapshot, decided: Decided) -> None:
        self._snapshot = snapshot
        self._keys: frozenset[str] = frozenset().union(*snapshot.tasks)
        self._tasks: dict[frozenset[str], str] = {}
        self._of_every_job = written(
            user_id=snapshot.user_id,
            now_iso=snapshot.now_iso,
            timezone=snapshot.timezone,
            decided=decided.to_json(),
        )

    def fields(self, requires: Requires) -> dict[str, str]:
        """The parts of the snapshot that a manifest requires: fields of the job, each as JSON."""
        snapshot = self._snapshot
        found = dict(self._of_every_job)
        if requires.tasks and snapshot.tasks:
            found["tasks"] = self._tasks_with(requires.tasks)
        if "priority" in requires.tasks:
            found |= written(priority_scale=snapshot.priority_scale)
        if requires.profile:
            found |= written(profile={name: n for name, n in snapshot.profile.items() if name in requires.profile})
        if requires.feedback:
            found |= self._feedback
        if requires.completions:
            found |= self._completions
        return found

    def _tasks_with(self, fields: tuple[str, ...]) -> str:
        """Tasks with all the keys of these fields.

        Empty rows keep their positions, because a task without an id is identified by its position.
        """
        kept = self._keys & _keys_of(fields)
        if kept not in self._tasks:
            cut = None if kept == self._keys else {"__all__": set(kept)}
            self._tasks[kept] = to_json(self._snapshot.tasks, include=cut).decode()
        return self._tasks[kept]

    @cached_property
    def _feedback(self) -> dict[str, str]:
        return written(feedback_history=self._snapshot.feedback_history)

    @cached_property
    def _completions(self) -> dict[str, str]:
        return written(task_completions=self._snapshot.task_completions)


@lru_cache(maxsize=64)
def _keys_of(fields: tuple[str, ...]) -> frozenset[str]:
    """The keys of task rows that contain these fields, which are given by their documented names."""
    used = [_TOLD_BY[name] for field in fields for name in (field, *_ALSO_TOLD_BY.get(field, ()))]
    recurrence = DUE.keys if "recurrence" in fields else ()
    return frozenset(key for each in used for key in (*each.keys, *each.hints)) | frozenset(recurrence)


_TOLD_BY = {**TASK_FIELDS, **TASK_FLAGS}
_ALSO_TOLD_BY = {
    "status": ("done", "gone", "gone_at", "tags"),
    "recurrence": ("recurs", "type"),
    **dict.fromkeys(("due_at", "created_at", "completed_at", "due_history"), ("timezone",)),
}
"""Further keys from which a field is read: tags may mark a task as waiting for another person."""
