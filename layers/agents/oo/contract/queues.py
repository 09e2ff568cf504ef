"""Messages on the two queues, and what the table keeps of a finished job."""

from typing import Annotated, Any

from pydantic import FailFast, Field

from oo.contract.fields import (
    FEW_KEYS,
    Body,
    FeedbackHistory,
    NowIso,
    OptionalTimeZone,
    Preferences,
    Profile,
    TaskCompletions,
    Tasks,
    Timestamp,
    UserId,
)

SnapshotVersion = Annotated[
    int, Field(ge=0, lt=10**14, description="Milliseconds since 1970 at which the snapshot was taken.")
]


class Snapshot(Body):
    """What producer and worker share: one user's data as it stood at `snapshot_version`."""

    user_id: UserId
    tasks: Tasks = []
    profile: Profile = {}
    feedback_history: FeedbackHistory = []
    task_completions: TaskCompletions = []
    now_iso: NowIso = None
    timezone: OptionalTimeZone = None


class PrecomputeMessage(Snapshot):
    """Body of a message on `PrecomputeQueue`: one user's snapshot."""

    agent_prefs: Annotated[dict[str, Preferences], *FEW_KEYS] = Field(
        default={}, description="By agent id, what the user set for that agent."
    )
    agent_ids: Annotated[list[str] | None, FailFast()] = Field(
        default=None, description="Absent means every eligible agent."
    )
    snapshot_version: SnapshotVersion | None = Field(
        default=None, description="Absent means the message's own SentTimestamp."
    )


class ComputeJob(Snapshot):
    """Body of a message on `ComputeQueue`: one agent's job, cut to what its manifest requires."""

    agent_id: str
    agent_version: str
    agent_prefs: Preferences = {}
    snapshot_version: SnapshotVersion
    withdraw: bool = Field(default=False, description="Take the stored output back instead of computing one.")
    trace_id: str | None = Field(
        default=None, pattern=r"^[0-9a-f]{32}$", description="The fan-out's trace, 32 hexadecimal digits."
    )


class StoredOutput(Body):
    """One agent's output as the table keeps it; `ttl` is in epoch seconds."""

    user_id: str
    agent_id: str
    prompt_text: str
    signals_snapshot: dict[str, Any]
    computed_at: Timestamp
    expires_at: Timestamp
    agent_version: str
    inferred_prefs: dict[str, Any]
    snapshot_version: int
    trace_id: str | None
    span_id: str | None
    ttl: int
