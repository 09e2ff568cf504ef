"""A batch of SQS records: each is processed, reported and logged separately."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, tzinfo
from typing import Any, Generic, Protocol, TypeVar

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from oo.contract.events import kind_of
from oo.contract.queues import ComputeJob, Outcome, Outdated, Stale
from oo.contract.shown_ids import hashed, shown_id
from oo.deadline import Deadline
from oo.errors import (
    BatchPostponed,
    InvalidMessage,
    JobsUnsent,
    MessageError,
    MlflowUnavailable,
    RecordPostponed,
    ServiceError,
    config_facts,
)
from oo.request_context import RequestContext
from oo.telemetry.frames import own_frame
from oo.telemetry.instrumentation import Handler, Shim
from oo.telemetry.traceparent import caller_trace_id

LEAST_TIME_S = 5.0
"""A function that times out reports nothing, so no record is begun with less left."""

SLOWER_AGAIN = 1.5
"""The time allowed for the next record, in multiples of the slowest so far: a table that hangs slows all of them."""

_MOST_DIGITS = 20

MOST_PROBLEMS = 20
"""Problems of one body that its line in the log lists; a body may have as many as it has values."""


class AboutUser(Protocol):
    """A message about one user."""

    @property
    def user_id(self) -> str:
        """The user's own id."""


Message = TypeVar("Message", bound=AboutUser)
Read = Callable[[SQSRecord, datetime], tuple[Message, str | None]]
Work = Callable[[Message, RequestContext], Outcome | None]
Records = list[dict[str, Any]]


def machine_clock() -> datetime:
    """The current time."""
    return datetime.now(UTC)


class SqsBatch(Generic[Message]):
    """One function's queue handler.

    `read` parses a message and its trace id, `work` does the message's job. `default_zone` is the zone of users whose
    data contain none. `select` returns the records of a batch that have to be processed; the others count as done.
    `give_up` takes a record that fails at every delivery, which is done then. Without it such a record fails until its
    queue gives up. Each batch is processed inside of the block of `during`. `handler` returns to Lambda the ids of the
    records to deliver again. It raises InvalidMessage for an event that is not a batch of SQS, so that no record of it
    counts as done.
    """

    def __init__(
        self,
        shim: Shim,
        read: Read[Message],
        work: Work[Message],
        *,
        clock: Callable[[], datetime] = machine_clock,
        pseudonym: Callable[[str], str | None] = hashed,
        default_zone: tzinfo | None = None,
        select: Callable[[Records], Records] = list,
        give_up: Callable[[SQSRecord], None] | None = None,
        during: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._shim = shim
        self._during = during
        self._select = select
        self._give_up = give_up
        self._read = read
        self._work = work
        self._clock = clock
        self._pseudonym = pseudonym
        self._default_zone = default_zone
        self.handler: Handler = shim.wrap(self._handle)

    def _handle(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        self._refuse_other_events(event)
        slowest_s = 0.0
        is_postponed = False

        def work_on(record: SQSRecord) -> None:
            nonlocal slowest_s, is_postponed
            left_s = context.get_remaining_time_in_millis() / 1000
            needed_s = max(LEAST_TIME_S, SLOWER_AGAIN * slowest_s)
            postponed = BatchPostponed if is_postponed else RecordPostponed if left_s < needed_s else None
            try:
                self._work_on(record, left_s, postponed)
            except MlflowUnavailable:
                is_postponed = True
                raise
            finally:
                slowest_s = max(slowest_s, left_s - context.get_remaining_time_in_millis() / 1000)

        # A processor stores failures, so each batch has one of its own. It passes records by the name `record`.
        processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
        selected = {"Records": self._select(event["Records"])}
        with self._during():
            answer = dict(process_partial_response(selected, work_on, processor, context))
        # A processor refers to itself, by its methods and its exceptions' tracebacks: a cycle that keeps all bodies.
        vars(processor).clear()
        return answer

    def _work_on(self, record: SQSRecord, left_s: float, postponed: type[RecordPostponed] | None) -> None:
        now = self._clock()
        try:
            if postponed is not None:
                raise postponed()  # noqa: TRY301  # reported like every other failure
            message, trace_id = self._read(record, now)
        except Exception as error:
            with self._shim.trace(sent_trace_id(record)):
                if self._is_given_up(record, error):
                    return
            raise
        with self._shim.trace(trace_id) as trace:
            trace.user_id = message.user_id
            try:
                outcome = self._work(message, RequestContext(now, Deadline.after(left_s), trace, self._default_zone))
            except Exception as error:
                if self._is_given_up(record, error):
                    return
                raise
            self._report_success(record, message, outcome)

    def _is_given_up(self, record: SQSRecord, error: Exception) -> bool:
        """Report a failure; returns whether the record was moved elsewhere and need not be delivered again."""
        self._report_failure(record, error)
        if self._give_up is None or not isinstance(error, MessageError):
            return False
        try:
            self._give_up(record)
        except ServiceError as unsent:
            self._report_failure(record, unsent)
            return False
        return True

    def _report_success(self, record: SQSRecord, message: Message, outcome: Outcome | None) -> None:
        """Log why a job changed nothing: its user may wait for the change."""
        match outcome, message:
            case Stale(stored_version=stored_version), ComputeJob():
                self._report_no_effect("record_stale", record, message, stored_version=stored_version)
                self._count("RecordsStale")
            case Outdated(age_s=age_s), ComputeJob():
                self._report_no_effect("record_outdated", record, message, age_s=age_s)
                self._count("RecordsOutdated")
            case _:
                self._count("RecordsOk")

    def _report_no_effect(self, event: str, record: SQSRecord, job: ComputeJob, **why: Any) -> None:  # noqa: ANN401  # plain values
        self._shim.logger.info(
            event,
            message_id=record.message_id,
            agent_id=shown_id(job.agent_id),
            user=self._pseudonym(job.user_id),
            offered_version=job.snapshot_version,
            **why,
        )

    def _report_failure(self, record: SQSRecord, error: Exception) -> None:
        """Write one line per failed delivery: Powertools logs none, and an exception's own text may quote the body."""
        log = self._shim.logger.warning if isinstance(error, RecordPostponed) else self._shim.logger.error
        problems = error.errors[:MOST_PROBLEMS] if isinstance(error, InvalidMessage) else []
        facts: dict[str, Any] = error.facts if isinstance(error, MlflowUnavailable) else {}
        log(
            "record_failed",
            message_id=record.message_id,
            receive_count=attribute(record, "ApproximateReceiveCount"),
            error_code=error.code if isinstance(error, ServiceError) else ServiceError.code,
            error_type=type(error).__name__,
            frame=own_frame(error),
            problems=[f"{'.'.join(map(str, problem['loc']))}: {problem['type']}" for problem in problems],
            problem_types=[problem["type"] for problem in problems],
            reason=getattr(error, "reason", ""),
            unsent=error.unsent if isinstance(error, JobsUnsent) else 0,
            **config_facts(error),
            **facts,
        )
        self._count("RecordsFailed")

    def _refuse_other_events(self, event: object) -> None:
        """Raise InvalidMessage for any other event.

        Without the id of every record, Lambda could not know which ones failed.
        """
        records = event.get("Records") if isinstance(event, dict) else None
        if isinstance(records, list) and records and all(_is_sqs_record(record) for record in records):
            return
        self._shim.logger.error("batch_refused", error_code=InvalidMessage.code, kind=kind_of(event))
        raise InvalidMessage([{"type": "sqs_event", "loc": ["event"], "msg": "Input should be a batch of SQS records"}])

    def _count(self, metric: str) -> None:
        self._shim.metrics.add_metric(name=metric, unit=MetricUnit.Count, value=1)


def _is_sqs_record(record: object) -> bool:
    return (
        isinstance(record, dict)
        and record.get("eventSource") == "aws:sqs"
        and isinstance(record.get("messageId"), str)
        and bool(record["messageId"])
        and isinstance(record.get("body"), str)
    )


def attribute(record: SQSRecord, name: str) -> int | None:
    """One of the numbers in a message's attributes from SQS."""
    attributes = record.raw_event.get("attributes")
    value = attributes.get(name) if isinstance(attributes, dict) else None
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) <= _MOST_DIGITS else None


def sent_trace_id(record: SQSRecord) -> str | None:
    """The trace id of a valid `traceparent` among the message's attributes."""
    match record.raw_event:
        case {"messageAttributes": {"traceparent": {"stringValue": str(sent)}}}:
            return caller_trace_id(sent)
    return None
