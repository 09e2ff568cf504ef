"""Errors of the table, of the queues and of their records."""

from typing import Any

from oo.errors.base import ServiceError


class StoreUnavailable(ServiceError):
    """A request to the table failed; the message contains the table's error code, nothing of the item."""

    code = "store_unavailable"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The table of agent outputs answered: {reason}")


class StoreMisconfigured(StoreUnavailable):
    code = "ddb_config"


class JobsUnsent(ServiceError):
    """The queue did not accept all jobs, retries included; `unsent` is the number of the others."""

    code = "jobs_unsent"

    def __init__(self, unsent: int) -> None:
        super().__init__(f"{unsent} job(s) could not be sent")
        self.unsent = unsent


class FeedbackUnavailable(ServiceError):
    """The feedback queue did not accept a message.

    `store_error` is AWS' error code, or the type of the exception.
    """

    code = "feedback_unavailable"

    def __init__(self, store_error: str) -> None:
        super().__init__("The feedback cannot be queued now; send it again, a repeat is harmless")
        self.store_error = store_error


class MlflowUnavailable(ServiceError):
    """MLflow did not respond, or its response is not the message's fault.

    Every record of the batch would fail the same way. `facts` are the response's `status`, the `cause` of a failed
    connection and a `hint`, as far as they are known.
    """

    code = "mlflow_unavailable"

    def __init__(self, **facts: str | int | None) -> None:
        super().__init__("MLflow did not accept an assessment")
        self.facts = {name: fact for name, fact in facts.items() if fact is not None}


class TraceNotLanded(ServiceError):
    """MLflow does not know the trace, or does not yet."""

    code = "trace_not_landed"

    def __init__(self) -> None:
        super().__init__("MLflow has no trace of that serve id yet")


class RecordPostponed(ServiceError):
    code = "no_time_left"

    def __init__(self, message: str = "Too little time is left to start the record") -> None:
        super().__init__(message)


class BatchPostponed(RecordPostponed):
    code = "batch_postponed"

    def __init__(self) -> None:
        super().__init__("Postponed: an earlier record of the batch met a server failure")


class MessageError(ServiceError):
    """A record that fails at every delivery."""


class InvalidMessage(MessageError):
    """`errors` as in `RequestInvalid`. `reason` is a sentence for the log, if one helps a producer."""

    code = "invalid_message"

    def __init__(self, errors: list[dict[str, Any]], reason: str = "") -> None:
        super().__init__(f"{len(errors)} problem(s) in the message's body")
        self.errors = errors
        self.reason = reason


class TraceUnknown(MessageError):
    """`reason` is the sentence for the log."""

    code = "trace_unknown"
    reason = "MLflow has no trace of this serve_id: it is wrong, or its trace was lost or has been deleted"

    def __init__(self) -> None:
        super().__init__(self.reason)


class UnknownMessageAgent(MessageError):
    code = "unknown_agent"


class OtherAgentVersion(MessageError):
    code = "other_agent_version"


class SnapshotTooLarge(MessageError):
    code = "snapshot_too_large"


class OutputTooLarge(MessageError):
    code = "item_too_large"
