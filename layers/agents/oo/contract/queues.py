"""Messages on the two queues, and the record of a finished job in the table."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import FailFast, Field

from oo.contract.agent_output import AgentOutput
from oo.contract.fields import FEW_KEYS, Preferences, PreferencesOfAgent
from oo.contract.snapshot import QueuedNowIso, Snapshot, SnapshotVersion


class PrecomputeMessage(Snapshot):
    """Body of a message on `PrecomputeQueue`: one user's snapshot.

    A body may leave `snapshot_version` out: its reader takes the message's own SentTimestamp for it.
    """

    now_iso: QueuedNowIso = None
    agent_prefs: Annotated[dict[str, PreferencesOfAgent], *FEW_KEYS] = Field(
        default={}, description="By agent id, what the user set for that agent."
    )
    agent_ids: Annotated[list[str] | None, FailFast()] = Field(
        default=None, description="Absent means every eligible agent."
    )
    snapshot_version: SnapshotVersion


class ComputeJob(Snapshot):
    """Body of a message on `ComputeQueue`: one agent's job, cut to what its manifest requires."""

    now_iso: QueuedNowIso = None
    agent_id: str
    agent_version: str
    agent_prefs: Preferences = {}
    snapshot_version: SnapshotVersion
    decided: dict[str, str | bool] = Field(
        default={}, description="What all rows of the user have decided about how these are read."
    )
    decided_elsewhere: dict[str, str | bool] | None = Field(
        default=None, description="The same for the zone of the agent's preference, where that is another one."
    )
    withdraw: bool = Field(default=False, description="Take the stored output back instead of computing one.")
    trace_id: str | None = Field(
        default=None, pattern=r"^[0-9a-f]{32}$", description="The fan-out's trace, 32 hexadecimal digits."
    )


class StoredOutput(AgentOutput):
    """One agent's output as the table keeps it; `ttl` is in epoch seconds."""

    inferred_prefs: dict[str, Any]
    snapshot_version: int
    trace_id: str | None
    span_id: str | None
    ttl: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A write that has changed the table."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A write that is done without an effect: a row of the same or a newer snapshot is there.

    `stored_version` is that row's, None where it cannot be read.
    """

    stored_version: int | None


@dataclass(frozen=True, slots=True)
class Outdated:
    """A job without an effect: its snapshot is older than any output lives."""

    age_s: int


Outcome = Stored | Stale | Outdated
