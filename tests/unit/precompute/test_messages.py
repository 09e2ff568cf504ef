from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from oo.errors import InvalidMessage
from oo.precompute.messages import read_job, read_snapshot
from tests.sqs_events import SENT_MS, sqs_record

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE_ID}-00f067aa0ba902b7-01"
JOB: dict[str, Any] = {
    "user_id": "user-7",
    "agent_id": "deadline-pressure",
    "agent_version": "1.0.0",
    "snapshot_version": 5,
}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not JSON",
        "[]",
        "null",
        '"text"',
        "{}",
        '{"user_id": ""}',
        '{"user_id": 7}',
        '{"user_id": "' + "x" * 257 + '"}',
        '{"user_id": "u", "tasks": [1]}',
        '{"user_id": "u", "tasks": {}}',
        '{"user_id": "u", "profile": {"energy_now": NaN}}',
        '{"user_id": "u", "profile": {"energy_now": 1e999}}',
        '{"user_id": "u", "tasks": [{"title": "\\ud800"}]}',
        '{"user_id": "u", "tasks": [{"a": ' + "[" * 8 + "]" * 8 + "}]}",
        '{"user_id": "u", "now_iso": "tomorrow"}',
        '{"user_id": "u", "timezone": "Mars/Olympus"}',
        '{"user_id": "u", "snapshot_version": "later"}',
        '{"user_id": "u", "snapshot_version": -1}',
        '{"user_id": "u", "snapshot_version": 1.5}',
        '{"user_id": "u", "agent_ids": "momentum"}',
        '{"user_id": "u", "agent_prefs": {"momentum": 5}}',
        '{"user_id": "u", "tasks": [' + ",".join(["{}"] * 2001) + "]}",
        '{"user_id": "u", "note": "' + "x" * 1024 * 1024 + '"}',
    ],
    ids=lambda body: body[:40],
)
def test_what_is_no_snapshot_is_refused(body: str) -> None:
    """Every way of being no snapshot ends in the same error."""
    with pytest.raises(InvalidMessage) as caught:
        read_snapshot(SQSRecord(sqs_record(body)))

    assert caught.value.errors


@pytest.mark.parametrize(
    "change",
    [
        {"agent_id": None},
        {"agent_version": 1},
        {"snapshot_version": None},
        {"snapshot_version": 10**14},
        {"trace_id": "x\nforged"},
        {"trace_id": TRACE_ID.upper()},
        {"withdraw": "perhaps"},
    ],
    ids=str,
)
def test_what_is_no_job_is_refused(change: dict[str, Any]) -> None:
    """A job has to be whole."""
    with pytest.raises(InvalidMessage):
        read_job(SQSRecord(sqs_record(JOB | change)))


def test_an_error_never_quotes_what_was_sent() -> None:
    """Problems name places and kinds, no values."""
    with pytest.raises(InvalidMessage) as caught:
        read_snapshot(SQSRecord(sqs_record({"user_id": 7, "timezone": "secret-place", "tasks": ["secret task"]})))

    assert "secret" not in repr(caught.value.errors)
    assert "secret" not in str(caught.value)


def test_the_version_is_the_producers() -> None:
    """A snapshot is as old as its producer says, however long the message was under way."""
    snapshot, _ = read_snapshot(SQSRecord(sqs_record({"user_id": "u", "snapshot_version": 5})))

    assert snapshot.snapshot_version == 5


@pytest.mark.parametrize("body", [{"user_id": "u"}, {"user_id": "u", "snapshot_version": None}], ids=str)
def test_without_a_version_the_moment_of_sending_counts(body: dict[str, Any]) -> None:
    """A message says itself when it was sent."""
    snapshot, _ = read_snapshot(SQSRecord(sqs_record(body)))

    assert snapshot.snapshot_version == SENT_MS


def test_without_any_version_a_snapshot_is_refused() -> None:
    """What cannot be ordered is not stored."""
    record = sqs_record({"user_id": "u"}) | {"attributes": None}

    with pytest.raises(InvalidMessage):
        read_snapshot(SQSRecord(record))


@pytest.mark.parametrize(
    ("traceparent", "trace_id"), [(TRACEPARENT, TRACE_ID), (None, None), (f"00-{TRACE_ID}-1-01", None), ("x\ny", None)]
)
def test_a_snapshots_trace_is_the_messages_attribute(traceparent: str | None, trace_id: str | None) -> None:
    """Only a valid header gives a trace id."""
    _, found = read_snapshot(SQSRecord(sqs_record({"user_id": "u"}, traceparent=traceparent)))

    assert found == trace_id


def test_a_jobs_trace_is_the_fan_outs() -> None:
    """A job names the trace it came out of."""
    job, trace_id = read_job(SQSRecord(sqs_record(JOB | {"trace_id": TRACE_ID})))

    assert (job.snapshot_version, trace_id) == (5, TRACE_ID)


def test_unknown_fields_are_ignored() -> None:
    """A newer producer may say more."""
    snapshot, _ = read_snapshot(SQSRecord(sqs_record({"user_id": "u", "mood": "fine"})))

    assert snapshot.user_id == "u"
