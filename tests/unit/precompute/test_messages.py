from datetime import UTC, datetime
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from oo.contract.queues import ComputeJob, PrecomputeMessage
from oo.errors import InvalidMessage
from oo.precompute import messages
from testing.for_each import for_each
from testing.sqs_events import SENT_MS, sqs_record

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE_ID}-00f067aa0ba902b7-01"
JOB: dict[str, Any] = {
    "user_id": "user-7",
    "agent_id": "deadline-pressure",
    "agent_version": "1.0.0",
    "snapshot_version": SENT_MS,
}
NOW = datetime(2026, 3, 12, 10, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
DAY_MS = 24 * 3_600_000


def read_snapshot(record: SQSRecord) -> tuple[PrecomputeMessage, str | None]:
    """The snapshot of a record at NOW."""
    return messages.read_snapshot(record, NOW)


def read_job(record: SQSRecord) -> tuple[ComputeJob, str | None]:
    """The job of a record at NOW."""
    return messages.read_job(record, NOW)


def refusal(**fields: Any) -> InvalidMessage:
    """The error of a snapshot and of a job with these fields; both are the same."""
    errors = []
    for read in (read_snapshot, read_job):
        with pytest.raises(InvalidMessage) as caught:
            read(SQSRecord(sqs_record(JOB | fields)))
        errors.append(caught.value)
    assert errors[0].errors == errors[1].errors
    return errors[0]


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
        '{"user_id": 7.5}',
        '{"user_id": true}',
        '{"user_id": "' + "x" * 257 + '"}',
        '{"user_id": "u", "tasks": "no"}',
        '{"user_id": "u", "tasks": {}}',
        '{"user_id": "u", "profile": {"energy_now": NaN}}',
        '{"user_id": "u", "profile": {"energy_now": 1e999}}',
        '{"user_id": "u", "tasks": [{"title": "\\ud800"}]}',
        '{"user_id": "u", "tasks": [{"a": ' + "[" * 8 + "]" * 8 + "}]}",
        '{"user_id": "u", "now_iso": "tomorrow"}',
        '{"user_id": "u", "priority_scale": "upwards"}',
        '{"user_id": "u", "snapshot_version": "later"}',
        '{"user_id": "u", "snapshot_version": -1}',
        '{"user_id": "u", "snapshot_version": 1.5}',
        '{"user_id": "u", "agent_ids": "momentum"}',
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
        read_snapshot(SQSRecord(sqs_record({"user_id": 7.5, "now_iso": "secret", "tasks": "secret task"})))

    assert "secret" not in repr(caught.value.errors)
    assert "secret" not in str(caught.value)


def test_the_version_is_the_producers() -> None:
    """A snapshot is as old as its producer says, however long the message was under way."""
    snapshot, _ = read_snapshot(SQSRecord(sqs_record({"user_id": "u", "snapshot_version": SENT_MS + 5})))

    assert snapshot.snapshot_version == SENT_MS + 5


@pytest.mark.parametrize("body", [{"user_id": "u"}, {"user_id": "u", "snapshot_version": None}], ids=str)
def test_without_a_version_the_moment_of_sending_counts(body: dict[str, Any]) -> None:
    """A message says itself when it was sent."""
    snapshot, _ = read_snapshot(SQSRecord(sqs_record(body)))

    assert snapshot.snapshot_version == SENT_MS


@pytest.mark.parametrize(
    "version",
    [
        *(99_999_999_999_999, 1_790_000_000, 0, -1, 10**299, 946_684_799_999, NOW_MS + DAY_MS + 1, NOW_MS * 1000, True),
        *(1_790_000_000.5, NOW_MS + 0.5, 1e300, "1790000000", "1790000000.5", "later", "", "1e12", [], {}, [NOW_MS]),
    ],
)
def test_a_version_outside_of_its_range_is_refused_by_name_and_range(version: object) -> None:
    """It would block every later snapshot, or sort below all of them: seconds are the commonest mistake."""
    error = refusal(snapshot_version=version)

    assert [(problem["loc"], problem["type"]) for problem in error.errors] == [
        (["body", "snapshot_version"], "snapshot_version_range")
    ]
    for part in ("snapshot_version", "milliseconds", "946684800000 (2000-01-01)", f"{NOW_MS + DAY_MS} (now + 1 day)"):
        assert part in error.reason


@pytest.mark.parametrize("version", [946_684_800_000, NOW_MS, NOW_MS + 3_600_000, NOW_MS + DAY_MS])
def test_a_version_up_to_a_day_ahead_is_taken(version: int) -> None:
    """Clocks differ; an hour is no reason to refuse a snapshot."""
    record = SQSRecord(sqs_record(JOB | {"snapshot_version": version}))

    assert read_snapshot(record)[0].snapshot_version == read_job(record)[0].snapshot_version == version


def test_a_time_of_sending_outside_of_the_range_is_refused() -> None:
    """Where a snapshot names no version, the time of sending orders it and is held to the same range."""
    with pytest.raises(InvalidMessage) as caught:
        read_snapshot(SQSRecord(sqs_record({"user_id": "u"}, sent_ms=NOW_MS + DAY_MS + 1)))

    assert caught.value.errors[0]["type"] == "snapshot_version_range"


@for_each(
    "now_iso",
    [
        *("2099-01-01T00:00:00Z", "2026-03-13T10:00:01Z", "2026-03-13T12:00:01+02:00", "2026-03-12T23:00:01-11:00"),
        *("2150-01-01", "1999-12-31T23:59:59Z", "tomorrow", 1_790_000_000, True, []),
    ],
)
def test_a_moment_outside_of_its_range_is_refused_by_name_and_range(now_iso: object) -> None:
    """The output of a moment too far ahead would be fresh until then."""
    error = refusal(now_iso=now_iso)

    assert [(problem["loc"], problem["type"]) for problem in error.errors] == [(["body", "now_iso"], "now_iso_range")]
    assert error.reason == (
        "body.now_iso: Input should be an ISO 8601 date and time from 2000-01-01 to 2026-03-13T10:00:00+00:00"
        " (now + 1 day)."
    )


@for_each("now_iso", ["2000-01-01T00:00:00Z", "2026-03-12T11:00:00Z", "2026-03-13T10:00:00Z", None, ""])
def test_a_moment_up_to_a_day_ahead_is_taken(now_iso: str | None) -> None:
    """A producer may ask for the state of tomorrow, and for that of long ago."""
    message, _ = read_snapshot(SQSRecord(sqs_record(JOB | {"now_iso": now_iso})))

    assert message.now_iso == (datetime.fromisoformat(now_iso) if now_iso else None)


def numbered(count: int) -> dict[str, Any]:
    """A mapping of so many keys."""
    return {f"key-{number}": number for number in range(count)}


@pytest.mark.parametrize(
    "few", [{"profile": numbered(256)}, {"agent_prefs": numbered(256)}], ids=lambda few: next(iter(few))
)
def test_a_jobs_mapping_has_at_most_256_keys(few: dict[str, dict[str, Any]]) -> None:
    """The text names the limit, and the mapping where it is missed."""
    ((name, mapping),) = few.items()
    read_job(SQSRecord(sqs_record(JOB | few)))

    with pytest.raises(InvalidMessage) as caught:
        read_job(SQSRecord(sqs_record(JOB | {name: {**mapping, "more": 1}})))
    assert [(problem["loc"], "256" in problem["msg"]) for problem in caught.value.errors] == [(["body", name], True)]


def test_a_snapshots_mappings_have_at_most_256_keys() -> None:
    """The profile, the agents that have preferences, and each agent's own."""
    one_agents = ["body", "agent_prefs", "(key)"]
    for name, of, loc in (
        ("profile", numbered, ["body", "profile"]),
        ("agent_prefs", lambda count: {key: {} for key in numbered(count)}, ["body", "agent_prefs"]),
        ("agent_prefs", lambda count: {"quick-win": numbered(count)}, one_agents),
    ):
        read_snapshot(SQSRecord(sqs_record({"user_id": "u", name: of(256)})))
        with pytest.raises(InvalidMessage) as caught:
            read_snapshot(SQSRecord(sqs_record({"user_id": "u", name: of(257)})))
        assert [(each["loc"], "256" in each["msg"]) for each in caught.value.errors] == [(loc, True)]


def test_without_any_version_a_snapshot_is_refused() -> None:
    """A snapshot without an order is not stored."""
    record = sqs_record({"user_id": "u"}) | {"attributes": None}

    with pytest.raises(InvalidMessage):
        read_snapshot(SQSRecord(record))


@for_each(
    ("traceparent", "trace_id"), [(TRACEPARENT, TRACE_ID), (None, None), (f"00-{TRACE_ID}-1-01", None), ("x\ny", None)]
)
def test_a_snapshots_trace_is_the_messages_attribute(traceparent: str | None, trace_id: str | None) -> None:
    """Only a valid header gives a trace id."""
    _, found = read_snapshot(SQSRecord(sqs_record({"user_id": "u"}, traceparent=traceparent)))

    assert found == trace_id


def test_a_jobs_trace_is_the_fan_outs() -> None:
    """A job names the trace it came out of."""
    job, trace_id = read_job(SQSRecord(sqs_record(JOB | {"trace_id": TRACE_ID})))

    assert (job.snapshot_version, trace_id) == (SENT_MS, TRACE_ID)


def test_unknown_fields_are_ignored() -> None:
    """A newer producer may say more."""
    snapshot, _ = read_snapshot(SQSRecord(sqs_record({"user_id": "u", "mood": "fine"})))

    assert snapshot.user_id == "u"


def test_mappings_of_messages_hold_256_keys() -> None:
    """By agent and within an agent, in snapshots and in jobs alike."""
    many, few = (dict.fromkeys(map(str, range(count)), 1) for count in (257, 256))
    for fields, place in (
        ({"profile": many}, "profile"),
        ({"agent_prefs": {str(number): {} for number in range(257)}}, "agent_prefs"),
        ({"agent_prefs": {"quick-win": many}}, "agent_prefs"),
    ):
        with pytest.raises(InvalidMessage) as caught:
            read_snapshot(SQSRecord(sqs_record({"user_id": "u"} | fields)))
        (problem,) = caught.value.errors
        assert place in problem["loc"], fields
        assert "256" in problem["msg"], fields
    assert read_snapshot(SQSRecord(sqs_record({"user_id": "u", "profile": few})))
    with pytest.raises(InvalidMessage, match="1 problem"):
        read_job(SQSRecord(sqs_record(JOB | {"agent_prefs": many})))


def test_a_message_of_wrong_values_is_a_short_list_of_problems() -> None:
    """Neither 90,000 wrong ids of agents nor 256 wrong numbers are listed one by one."""
    wrong = {"agent_ids": [7] * 90_000, "profile": dict.fromkeys(map(str, range(256)), "nan")}
    with pytest.raises(InvalidMessage) as caught:
        read_snapshot(SQSRecord(sqs_record({"user_id": "u"} | wrong)))

    assert len(caught.value.errors) == 21
    assert caught.value.errors[-1]["msg"] == "237 more problems"
