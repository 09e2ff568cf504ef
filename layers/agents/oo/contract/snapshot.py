"""One user's data at one time, for every body that contains it."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Annotated

from oo.contract.fields import (
    FeedbackHistory,
    NowIso,
    OptionalTimeZone,
    PriorityScale,
    Profile,
    TaskCompletions,
    Tasks,
    UserId,
)
from oo.contract.leniency import LenientBody
from oo.validation.models import (
    Field,
    PydanticCustomError,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

MOST_AHEAD = timedelta(days=1)
"""How far a sender's clock may be ahead of the worker's; a version further ahead would block everything sent later."""

EARLIEST_VERSION = 946_684_800_000
"""2000-01-01. A version in seconds is far below it."""

RANGE_PROBLEMS = frozenset({"snapshot_version_range", "now_iso_range"})
"""The problems of a value outside of the ranges here."""


def latest_version(now: datetime) -> int:
    """The largest version that a message may have at that time."""
    return int((now + MOST_AHEAD).timestamp() * 1000)


def _check_version(value: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> int:
    """The version. The error for an unusable one contains unit and range."""
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
    """The validation context's time if given, else the machine's clock."""
    return info.context or datetime.now(UTC)


SnapshotVersion = Annotated[
    int,
    Field(
        description="Milliseconds since 1970 at which the snapshot was taken, from 2000-01-01 to a day from now.",
        json_schema_extra={"minimum": EARLIEST_VERSION},
    ),
    WrapValidator(_check_version),
]

QueuedNowIso = Annotated[
    NowIso,
    Field(description="The time for which to compute, ISO 8601, at most a day ahead; absent means the worker's time."),
    WrapValidator(_check_moment),
]
"""The moment of a queued snapshot: at most a day ahead of the worker's clock, as its version is."""


class Snapshot(LenientBody):
    """One user's tasks, profile, feedback and completions at one time."""

    user_id: UserId
    tasks: Tasks = []
    profile: Profile = {}
    feedback_history: FeedbackHistory = []
    task_completions: TaskCompletions = []
    now_iso: NowIso = None
    timezone: OptionalTimeZone = None
    priority_scale: PriorityScale = "larger_is_higher"
