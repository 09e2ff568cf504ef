"""Messages on the two queues, and what the table keeps of a finished job."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import FailFast, Field, ValidationError, ValidationInfo, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

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

MOST_AHEAD = timedelta(days=1)
"""How far a sender's clock may be ahead of the worker's; what is further ahead would block everything sent later."""

EARLIEST_VERSION = 946_684_800_000
"""2000-01-01. A version in seconds is far below it."""

RANGE_PROBLEMS = frozenset({"snapshot_version_range", "now_iso_range"})
"""The problems of a value outside of the ranges here."""


def latest_version(now: datetime) -> int:
    """The newest snapshot that a message may claim to hold at that moment."""
    return int((now + MOST_AHEAD).timestamp() * 1000)


def _check_version(value: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> int:
    """The version; whatever is wrong with it, the problem states its unit and range."""
    latest = latest_version(_now(info))
    with suppress(ValidationError):
        version: int = read(value)
        if EARLIEST_VERSION <= version <= latest:
            return version
    raise PydanticCustomError(
        "snapshot_version_range",
        "Input should be whole milliseconds since 1970 from {earliest} (2000-01-01) to {latest} (now + 1 day)",
        {"earliest": EARLIEST_VERSION, "latest": latest},
    )


def _check_moment(value: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> datetime | None:
    latest = _now(info) + MOST_AHEAD
    with suppress(ValidationError):
        moment: datetime | None = read(value)
        if moment is None or moment <= latest:
            return moment
    raise PydanticCustomError(
        "now_iso_range",
        "Input should be an ISO 8601 date and time from 2000-01-01 to {latest} (now + 1 day)",
        {"latest": latest.isoformat(timespec="seconds")},
    )


def _now(info: ValidationInfo) -> datetime:
    """The context of the validation where it is given, else the machine's clock."""
    return info.context or datetime.now(UTC)


SnapshotVersion = Annotated[
    int,
    Field(description="Milliseconds since 1970 at which the snapshot was taken, from 2000-01-01 to a day from now."),
    WrapValidator(_check_version),
]


class Snapshot(Body):
    """What producer and worker share: one user's data as it stood at `snapshot_version`."""

    user_id: UserId
    tasks: Tasks = []
    profile: Profile = {}
    feedback_history: FeedbackHistory = []
    task_completions: TaskCompletions = []
    now_iso: Annotated[NowIso, WrapValidator(_check_moment)] = None
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
