"""Errors of the table, of the queues and of their records."""

from typing import Any

from oo.errors.base import ServiceError


class StoreUnavailable(ServiceError):
    """The table did not do what was asked; the message names the table's error code, nothing of the item."""

    code = "store_unavailable"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The table of agent outputs answered: {reason}")


class StoreMisconfigured(StoreUnavailable):
    code = "ddb_config"


class JobsUnsent(ServiceError):
    """The queue did not take all jobs, retries included. `unsent` says how many."""

    code = "jobs_unsent"

    def __init__(self, unsent: int) -> None:
        super().__init__(f"{unsent} job(s) could not be sent")
        self.unsent = unsent


class RecordPostponed(ServiceError):
    code = "no_time_left"

    def __init__(self) -> None:
        super().__init__("Too little time is left to begin with the record")


class MessageError(ServiceError):
    """A record that will fail however often it is delivered."""


class InvalidMessage(MessageError):
    """`errors` as in `RequestInvalid`. `reason` is a sentence of ours for the log, where one helps a producer."""

    code = "invalid_message"

    def __init__(self, errors: list[dict[str, Any]], reason: str = "") -> None:
        super().__init__(f"{len(errors)} problem(s) in the message's body")
        self.errors = errors
        self.reason = reason


class UnknownMessageAgent(MessageError):
    code = "unknown_agent"


class OtherAgentVersion(MessageError):
    code = "other_agent_version"


class SnapshotTooLarge(MessageError):
    code = "snapshot_too_large"


class OutputTooLarge(MessageError):
    code = "item_too_large"
