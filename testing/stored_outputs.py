"""Stored outputs for tests: a complete one, and a store in memory with the same ordering rule."""

from datetime import UTC, datetime, timedelta
from typing import Any

from oo.contract.queues import Stale, Stored, StoredOutput
from oo.contract.snapshot import latest_version

NOW = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)


def stored_output(**changes: Any) -> StoredOutput:
    """An output of `deadline-pressure` for user-7, version 5."""
    fields: dict[str, Any] = {
        "user_id": "user-7",
        "agent_id": "deadline-pressure",
        "prompt_text": "[start|3] Fact: «Send the report» is due tomorrow. Move: open the draft.",
        "signals_snapshot": {"applicable": True, "due_in_h": 26.5, "open_n": 3, "reason": None},
        "computed_at": NOW,
        "expires_at": NOW + timedelta(hours=6),
        "agent_version": "1.0.0",
        "inferred_prefs": {"peak_hour_utc": 9.5},
        "snapshot_version": 5,
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "span_id": "b7ad6b7169203331",
        "ttl": int((NOW + timedelta(hours=30)).timestamp()),
    }
    return StoredOutput.model_validate(fields | changes)


class MemoryStore:
    """Stores outputs in a dictionary; `None` marks a withdrawn one."""

    def __init__(self) -> None:
        self.versions: dict[tuple[str, str], int] = {}
        self.outputs: dict[tuple[str, str], StoredOutput | None] = {}

    def put(self, output: StoredOutput, *, now: datetime) -> Stored | Stale:
        """Store a newer output."""
        return self._keep((output.user_id, output.agent_id), output.snapshot_version, output, now)

    def withdraw(self, *, user_id: str, agent_id: str, snapshot_version: int, now: datetime) -> Stored | Stale:
        """Mark an output as withdrawn if it is not newer."""
        return self._keep((user_id, agent_id), snapshot_version, None, now)

    def texts(self, user_id: str) -> list[str]:
        """The stored texts of one user."""
        return [output.prompt_text for (owner, _), output in self.outputs.items() if owner == user_id and output]

    def _keep(self, key: tuple[str, str], version: int, output: StoredOutput | None, now: datetime) -> Stored | Stale:
        stored_version = self.versions.get(key, -1)
        if version <= stored_version <= latest_version(now):
            return Stale(stored_version)
        self.versions[key] = version
        self.outputs[key] = output
        return Stored()
