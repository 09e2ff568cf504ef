import gc
import io
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from oo.contract.queues import ComputeJob, Outcome, Outdated, Stale, Stored
from oo.contract.shown_ids import hashed
from oo.errors import ConfigError, InvalidMessage, JobsUnsent, OtherAgentVersion, StoreUnavailable
from oo.precompute.messages import read_job, read_snapshot
from oo.request_context import RequestContext
from oo.runtime.sqs_batch import Read, SqsBatch
from oo.telemetry.export.after_response import AfterResponse
from oo.telemetry.export.worker import ExportWorker
from oo.telemetry.instrumentation import Shim
from oo.telemetry.logs import make_logger, make_metrics
from testing.for_each import for_each
from testing.lambda_context import FakeContext
from testing.sqs_events import SENT_MS, sqs_event, sqs_record
from testing.stored_outputs import NOW

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
ZONE = ZoneInfo("Europe/Berlin")


class Batches:
    """A worker whose work is a list of outcomes: an error to raise or a result to return."""

    def __init__(self, *outcomes: Outcome | Exception | None) -> None:
        self.outcomes = list(outcomes)
        self.done: list[str] = []
        self.calls: list[RequestContext] = []
        self.log = io.StringIO()
        logger = make_logger(self.log, secrets.token_hex(4))
        self.shim = Shim(logger, make_metrics(), AfterResponse(ExportWorker([], logger), logger))
        self.records: SqsBatch[Any] = self.reading(read_job)

    def reading(self, read: Read[Any]) -> SqsBatch[Any]:
        """Records of one kind at NOW."""
        return SqsBatch(self.shim, read, self.work, clock=lambda: NOW, default_zone=ZONE)

    def work(self, job: ComputeJob, call: RequestContext) -> Outcome | None:
        self.done.append(job.user_id)
        self.calls.append(call)
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def handle(self, *records: dict[str, Any], context: FakeContext | None = None) -> list[str]:
        """The ids that the answer reports as failed."""
        answer = self.records.handler(sqs_event(*records), cast("LambdaContext", context or FakeContext()))
        assert set(answer) == {"batchItemFailures"}
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def lines(self, event: str) -> list[dict[str, Any]]:
        """The log's lines of one event."""
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return [line for line in lines if line["message"] == event]


def job(number: int, **changes: Any) -> dict[str, Any]:
    """A record of user-<number> in message m<number>."""
    fields: dict[str, Any] = {"user_id": f"user-{number}", "agent_id": "quick-win", "agent_version": "1.0.0"}
    fields["snapshot_version"] = SENT_MS
    return sqs_record(fields | changes, f"m{number}")


def counted(output: str) -> dict[str, float]:
    """The sums of the record metrics in the output of a call."""
    blobs = [json.loads(line) for line in output.splitlines() if '"_aws"' in line]
    return {name: sum(blob[name]) for blob in blobs for name in blob if name.startswith("Records")}


def test_a_poison_record_fails_alone() -> None:
    """Its nine neighbours are worked on and count as done."""
    batches = Batches()

    failed = batches.handle(*[job(number) if number != 4 else sqs_record("{", "m4") for number in range(10)])

    assert failed == ["m4"]
    assert batches.done == [f"user-{number}" for number in range(10) if number != 4]


def test_a_batch_of_poison_is_reported_one_by_one() -> None:
    """That all fail is no error of the function."""
    batches = Batches()

    assert batches.handle(*[sqs_record("[]", f"m{number}") for number in range(10)]) == [f"m{n}" for n in range(10)]


def test_results_are_counted_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """Stored, superseded, outdated and failed records add up to the batch."""
    batches = Batches(Stored(), Stale(SENT_MS + 1), StoreUnavailable("Throttled"), None, Outdated(90_000))

    assert batches.handle(*[job(number) for number in range(5)]) == ["m2"]
    counts = {"RecordsOk": 2, "RecordsStale": 1, "RecordsFailed": 1, "RecordsOutdated": 1}
    assert counted(capsys.readouterr().out) == counts


def test_an_agent_that_is_not_registered_is_other_in_the_log() -> None:
    """An outdated job is not looked up, so that its agent's id may be any text."""
    batches = Batches(Outdated(90_000))

    batches.handle(job(0, agent_id="secret title"))

    assert batches.lines("record_outdated")[0]["agent_id"] == "other"
    assert "secret" not in batches.log.getvalue()


def test_a_job_without_an_effect_is_one_line_that_says_whose_and_why() -> None:
    """An operator who waits for an output to change finds the versions, the agent and the user's pseudonym."""
    batches = Batches(Stale(SENT_MS + 7), Outdated(90_000))

    batches.handle(job(0), job(1))

    (stale,), (outdated,) = batches.lines("record_stale"), batches.lines("record_outdated")
    for number, line in enumerate((stale, outdated)):
        named = {"level": "INFO", "message_id": f"m{number}", "agent_id": "quick-win", "offered_version": SENT_MS}
        assert line | named | {"user": hashed(f"user-{number}")} == line
    assert (stale["stored_version"], outdated["age_s"]) == (SENT_MS + 7, 90_000)
    assert "user-" not in batches.log.getvalue()


@for_each(
    ("error", "code", "kind"),
    [
        (StoreUnavailable("Throttled"), "store_unavailable", "StoreUnavailable"),
        (OtherAgentVersion("other"), "other_agent_version", "OtherAgentVersion"),
        (ConfigError("Missing setting: AGENT_OUTPUTS_TABLE"), "config_error", "ConfigError"),
        (KeyError("secret title"), "internal_error", "KeyError"),
        (RecursionError("secret title"), "internal_error", "RecursionError"),
    ],
)
def test_a_failure_is_one_line_with_code_and_type(error: Exception, code: str, kind: str) -> None:
    """The line finds the message; nothing in the log quotes it."""
    batches = Batches(error)
    record = job(0, tasks=[{"title": "secret title"}])
    record["attributes"]["ApproximateReceiveCount"] = "3"

    assert batches.handle(record) == ["m0"]

    (line,) = batches.lines("record_failed")
    assert line["level"] == "ERROR"
    assert [line[key] for key in ("message_id", "receive_count", "error_code", "error_type")] == ["m0", 3, code, kind]
    assert "secret" not in batches.log.getvalue()


def test_an_unreadable_message_is_one_line_without_its_body() -> None:
    """The line contains the kinds of the body's problems."""
    batches = Batches()

    batches.handle(sqs_record({"user_id": 7.5, "secret": "secret"}, "m0", receive_count=5))

    (line,) = batches.lines("record_failed")
    assert (line["error_code"], line["receive_count"]) == ("invalid_message", 5)
    assert line["problem_types"] == ["string_type", "missing", "missing", "missing"]
    assert line["problems"] == [
        "body.user_id: string_type",
        "body.agent_id: missing",
        "body.agent_version: missing",
        "body.snapshot_version: missing",
    ]
    assert "secret" not in batches.log.getvalue()


def test_the_line_of_a_poison_message_is_bounded() -> None:
    """However many values are wrong in it."""
    batches = Batches()

    batches.handle(sqs_record({"user_id": "u", "tasks": [7] * 2_000, "profile": {str(n): "" for n in range(90_000)}}))

    assert len(batches.lines("record_failed")) == 1
    assert max(map(len, batches.log.getvalue().encode().splitlines())) <= 16_000


def test_a_batch_that_fails_leaves_nothing_in_memory() -> None:
    """No circle of objects keeps its bodies until the interpreter looks for circles, nor those of postponed records."""
    batches = Batches()
    batches.handle(sqs_record({}))
    gc.collect()
    gc.disable()
    try:
        batches.handle(sqs_record({"user_id": 7}), sqs_record("no JSON"))
        batches.handle(job(1), job(2), context=FakeContext(remaining_ms=1_000))
        found = gc.collect()
    finally:
        gc.enable()

    assert found == 0


def test_a_failure_has_its_place_in_the_service() -> None:
    """The line names the innermost frame of the service's own package."""
    batches = Batches(KeyError("secret title"))

    batches.handle(job(0))

    (line,) = batches.lines("record_failed")
    assert re.fullmatch(r"oo\.runtime\.sqs_batch:\d+", line["frame"])


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({"agent_id": "a", "agent_version": "1", "snapshot_version": SENT_MS}, ["body.user_id: missing"]),
        ("{", ["body: json_invalid"]),
        ("[]", ["body: dict_type"]),
        (
            {
                "user_id": "u",
                "agent_id": "a",
                "agent_version": "1",
                "snapshot_version": 1,
                "profile": {"secret": "nan"},
            },
            ["body.profile.(key): finite_number", "body.snapshot_version: snapshot_version_range"],
        ),
    ],
    ids=str,
)
def test_the_line_names_the_fields_that_are_wrong(body: object, problems: list[str]) -> None:
    """By the contract's names; another key is a user's text."""
    batches = Batches()

    batches.handle(sqs_record(body, "m0"))

    (line,) = batches.lines("record_failed")
    assert line["problems"] == problems


def test_the_line_names_the_range_that_was_missed() -> None:
    """By the clock of the worker."""
    batches = Batches()

    assert batches.handle(job(0, snapshot_version=99_999_999_999_999), job(1)) == ["m0"]

    (line,) = batches.lines("record_failed")
    assert line["reason"] == (
        "body.snapshot_version: Input should be whole milliseconds since 1970 from 946684800000 (2000-01-01) "
        f"to {SENT_MS + 24 * 3_600_000} (now + 1 day)."
    )


def test_the_line_names_an_envelope_and_its_cure() -> None:
    """A queue that was subscribed without raw message delivery gets nothing else."""
    batches = Batches()

    batches.handle(sqs_record({"Type": "Notification", "TopicArn": "secret", "Message": "{}"}, "m0"))

    (line,) = batches.lines("record_failed")
    assert "SNS" in line["reason"]
    assert "raw message delivery" in line["reason"]
    assert "secret" not in batches.log.getvalue()


@pytest.mark.parametrize(
    "fields",
    [
        {"profile": {str(number): "x" for number in range(90_000)}},
        {"profile": {"k" * 250 + str(number): "x" for number in range(3_500)}},
        {"profile": dict.fromkeys(map(str, range(256)), "nan")},
        {"agent_prefs": {str(number): 7 for number in range(70_000)}},
        {"agent_ids": [7] * 200_000},
        {"user_id": "x" * 1_000_000},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_line_is_short_however_much_is_wrong(fields: dict[str, Any]) -> None:
    """A body may have as many problems as it has values."""
    batches = Batches()
    batches.records = batches.reading(read_snapshot)

    assert batches.handle(sqs_record({"user_id": "u"} | fields, "m0")) == ["m0"]

    (line,) = batches.lines("record_failed")
    assert 1 <= len(line["problems"]) <= 20
    assert max(len(text) for text in batches.log.getvalue().splitlines()) <= 16 * 1024


def test_the_work_is_told_the_default_zone() -> None:
    batches = Batches()

    batches.handle(job(0))

    assert [call.default_zone for call in batches.calls] == [ZONE]


@pytest.mark.parametrize("odd", [None, "text", [], [1], 7, {}, {"traceparent": "x"}, {"SentTimestamp": [1]}], ids=str)
def test_odd_attributes_beside_a_message_change_nothing(odd: object) -> None:
    """They are numbers and a trace id for the log, which manual calls omit or get wrong."""
    batches = Batches()
    strange = {"attributes": odd, "messageAttributes": odd}

    assert batches.handle(job(0) | strange, sqs_record("{", "m1") | strange) == ["m1"]
    assert ["receive_count" in line for line in batches.lines("record_failed")] == [False]


def test_jobs_that_could_not_be_sent_are_counted_in_the_line() -> None:
    """The line says how much of a fan-out is missing."""
    batches = Batches(JobsUnsent(3))

    assert batches.handle(job(0)) == ["m0"]

    (line,) = batches.lines("record_failed")
    assert (line["error_code"], line["unsent"]) == ("jobs_unsent", 3)


def test_failures_of_one_batch_do_not_show_up_in_the_next() -> None:
    """Nothing is remembered between invocations."""
    batches = Batches(StoreUnavailable("Throttled"))

    assert batches.handle(job(0), job(1)) == ["m0"]
    assert batches.handle(job(2)) == []
    assert batches.handle(sqs_record("{", "m3")) == ["m3"]


@pytest.mark.parametrize(("remaining_ms", "failed"), [(5000, []), (4999, ["m0", "m1"])])
def test_a_record_is_begun_only_with_time_enough(remaining_ms: int, failed: list[str]) -> None:
    """With less than five seconds left the rest is handed back instead of being cut off."""
    batches = Batches()

    assert batches.handle(job(0), job(1), context=FakeContext(remaining_ms=remaining_ms)) == failed
    assert len(batches.done) == 2 - len(failed)


class Countdown(FakeContext):
    """A context in which time passes at every look at it."""

    def __init__(self, *remaining_ms: int) -> None:
        super().__init__()
        self.readings: Iterator[int] = iter(remaining_ms)

    def get_remaining_time_in_millis(self) -> int:
        """The next of the readings."""
        return next(self.readings)


def test_what_is_left_over_is_handed_back() -> None:
    """The records that were done stay done."""
    batches = Batches()

    failed = batches.handle(job(0), job(1), job(2), context=Countdown(7000, 6000, 6000, 4900, 4900, 4900))

    assert (failed, batches.done) == (["m2"], ["user-0", "user-1"])
    (line,) = batches.lines("record_failed")
    assert (line["level"], line["error_code"]) == ("WARNING", "no_time_left")


def test_slow_records_need_more_time() -> None:
    """After a record that took eight seconds, eleven are too few for the next."""
    batches = Batches()

    assert batches.handle(job(0), job(1), context=Countdown(19_000, 11_000, 11_000, 11_000)) == ["m1"]


def test_work_is_given_the_jobs_trace_and_the_time_left() -> None:
    """Every line of a job's work is found under the id of its fan-out."""
    batches = Batches()

    batches.handle(job(0, trace_id=TRACE_ID), job(1), context=FakeContext(remaining_ms=30_000))

    first, second = batches.calls
    assert first.trace.correlation_id == TRACE_ID
    assert second.trace.correlation_id == second.trace.trace_id != TRACE_ID
    assert first.trace.user_id == "user-0"
    assert 29 < first.deadline.remaining() <= 30
    assert first.now.tzinfo is not None


def test_a_failed_records_line_has_its_own_trace_id() -> None:
    """An unreadable message is not logged under the id of the one before it."""
    batches = Batches()

    batches.handle(job(0, trace_id=TRACE_ID), sqs_record("{", "m1"))

    assert batches.lines("record_failed")[0]["trace_id"] != TRACE_ID


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ({}, "empty"),
        ({"Records": []}, "no_records"),
        ({"Records": None}, "unknown"),
        ({"Records": ["text"]}, "unknown"),
        ({"Records": [{}]}, "unknown"),
        ({"Records": [job(0) | {"messageId": ""}]}, "sqs"),
        ({"Records": [job(0) | {"messageId": None}]}, "sqs"),
        ({"Records": [job(0), {key: value for key, value in job(1).items() if key != "messageId"}]}, "sqs"),
        ({"Records": [job(0) | {"body": None}]}, "sqs"),
        ({"Records": [job(0) | {"eventSource": "aws:sns"}]}, "sns"),
        ({"Records": [{"EventSource": "aws:sns", "Sns": {}}]}, "sns"),
        ({"Records": [{"eventSource": "aws:s3", "s3": {}}]}, "s3"),
        ({"Records": [{"eventSource": "aws:dynamodb"}]}, "dynamodb"),
        ({"Records": [{"eventSource": "aws:kinesis"}]}, "kinesis"),
        ([job(0)], "pipes"),
        ({"version": "0", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}}, "scheduled"),
        ({"version": "0", "detail-type": "Order placed", "source": "shop", "detail": {}}, "eventbridge"),
        ({"version": "2.0", "rawPath": "/x", "requestContext": {"http": {"method": "GET"}}}, "http_api_2.0"),
        ({"resource": "/x", "httpMethod": "POST", "requestContext": {}}, "rest_api"),
        ({"httpMethod": "POST", "path": "/x", "requestContext": {"elb": {}}}, "alb"),
        ({"key1": "value1", "key2": "value2", "key3": "value3"}, "console_test"),
        ({"user_id": "u", "agent_id": "quick-win"}, "request_body"),
        ([], "list"),
        ([1], "list"),
        ("text", "text"),
        (None, "null"),
        (7, "number"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_an_event_that_is_no_batch_is_refused_whole(event: Any, kind: str) -> None:
    """No record of it is processed, so that it is delivered again; the line names its kind."""
    batches = Batches()

    with pytest.raises(InvalidMessage):
        batches.records.handler(event, cast("LambdaContext", FakeContext()))

    assert batches.done == []
    (line,) = batches.lines("batch_refused")
    assert (line["level"], line["error_code"], line["kind"]) == ("ERROR", "invalid_message", kind)


def test_records_are_processed_during_a_batch() -> None:
    """The block around a batch ends after its last record, although one of them failed."""
    batches, steps = Batches(StoreUnavailable("x"), None), list[str]()

    @contextmanager
    def during() -> Iterator[None]:
        steps.append("begin")
        yield
        steps.append("end")

    def work(job: ComputeJob, call: RequestContext) -> Outcome | None:
        steps.append(job.user_id)
        return batches.work(job, call)

    batches.records = SqsBatch(batches.shim, read_job, work, clock=lambda: NOW, during=during)

    assert batches.handle(job(1), job(2)) == ["m1"]
    assert steps == ["begin", "user-1", "user-2", "end"]
