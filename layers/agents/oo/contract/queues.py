"""Messages on the two queues, and the record of a finished job in the table."""

from typing import Annotated, Any

from oo.contract.agent_output import AgentOutput
from oo.contract.fields import FEW_KEYS, Preferences, PreferencesOfAgent
from oo.contract.snapshot import QueuedNowIso, Snapshot, SnapshotVersion
from oo.frozen import frozen
from oo.validation.models import FailFast, Field


class PrecomputeMessage(Snapshot):
    """Body of a message on `PrecomputeQueue`: one user's snapshot.

    If a body has no `snapshot_version`, the worker uses the message's SentTimestamp.
    """

    now_iso: QueuedNowIso = None
    agent_prefs: Annotated[dict[str, PreferencesOfAgent], *FEW_KEYS] = Field(
        default={},
        description="The user's preferences by agent id. A default that is written out counts as set by the user.",
    )
    agent_ids: Annotated[list[str] | None, FailFast()] = Field(
        default=None, description="Absent means every eligible agent; an unknown id makes a dead letter."
    )
    snapshot_version: SnapshotVersion


class ComputeJob(Snapshot):
    """Body of a message on `ComputeQueue`: one agent's job, with the data that its manifest requires."""

    now_iso: QueuedNowIso = None
    agent_id: str = Field(description="The agent that is to run.")
    agent_version: str = Field(description="Its version at the fan-out; a worker with another major version fails.")
    agent_prefs: Preferences = {}
    snapshot_version: SnapshotVersion
    decided: dict[str, str | bool] = Field(
        default={}, description="Decisions on how to read the rows, made from all rows of the user."
    )
    decided_elsewhere: dict[str, str | bool] | None = Field(
        default=None, description="The same for the time zone of the agent's preference, if it differs."
    )
    withdraw: bool = Field(default=False, description="Withdraw the stored output instead of computing one.")
    trace_id: str | None = Field(
        default=None, pattern=r"^[0-9a-f]{32}$", description="The fan-out's trace, 32 hexadecimal digits."
    )


class StoredOutput(AgentOutput):
    """One agent's output as the table stores it; `ttl` is in epoch seconds."""

    inferred_prefs: dict[str, Any]
    snapshot_version: int
    trace_id: str | None
    span_id: str | None
    ttl: int


@frozen
class Stored:
    """A write that has changed the table."""


@frozen
class Stale:
    """A write without effect, because a row of the same or a newer snapshot is stored.

    `stored_version` is that row's, None if it cannot be read.
    """

    stored_version: int | None


@frozen
class Outdated:
    """A job without effect, because its snapshot is older than the lifetime of any output."""

    age_s: int


Outcome = Stored | Stale | Outdated
