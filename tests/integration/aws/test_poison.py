"""Messages that cannot be processed: they fail alone, five times, and end in the dead-letter queue."""

import json
from typing import Any

import pytest

from local.lambda_emulation.runtime import FunctionAnswer
from local.soak.workload import JOBS, SNAPSHOTS
from oo.telemetry.instrumentation import Handler
from testing.sqs_events import SENT_MS
from tests.integration.aws.in_process_precompute import AGENTS, House, counted, invoke
from tests.integration.aws.snapshots import snapshot

JOB = {"user_id": "poison", "agent_id": AGENTS[0], "agent_version": "1.0.0", "snapshot_version": SENT_MS}


def failures(caplog: pytest.LogCaptureFixture) -> list[tuple[str, int, str]]:
    """Level, count of deliveries and code of every failed delivery in the log."""
    lines = [vars(line) for line in caplog.records if line.getMessage() == "record_failed"]
    return [(line["levelname"], line["receive_count"], line["error_code"]) for line in lines]


def test_a_poison_among_ten_fails_alone(house: House) -> None:
    """Nine jobs are stored at the first delivery; the tenth is delivered five times and kept as it was sent."""
    house.send(SNAPSHOTS, snapshot(agent_ids=AGENTS[:9]))
    house.deliver(SNAPSHOTS)
    (poison,) = house.send(JOBS, '{"user_id": "poi', poison=True)

    assert house.deliver(JOBS) == [poison]
    assert len(house.rows()) == 9

    house.drain()
    assert [(letter.body, letter.deliveries) for letter in house.dead(JOBS)] == [('{"user_id": "poi', 5)]


def test_nothing_else_is_lost_beside_poison(house: House) -> None:
    """Every message that was sent is in exactly one place, and it is the right one."""
    house.send(SNAPSHOTS, snapshot())
    house.send(SNAPSHOTS, "{", poison=True)
    house.send(JOBS, "[]", poison=True)

    house.drain()

    verdict = house.judge(snapshot())
    assert verdict.breaches == []
    assert verdict.poison == {"dead letter after 5 deliveries": 2}
    assert verdict.jobs["stored"] == len(AGENTS)


def test_ten_poisons_are_ten_failed_records_and_no_failed_function(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is reported by its id; in the end all ten are dead letters, after fifty failed records."""
    sent = house.send(SNAPSHOTS, *(f"poison {number}" for number in range(10)), poison=True)

    assert sorted(house.deliver(SNAPSHOTS) or []) == sorted(sent)
    house.drain()

    assert counted(capsys.readouterr().out, "RecordsFailed") == 50
    assert house.judge().poison == {"dead letter after 5 deliveries": 10}


@pytest.mark.parametrize(
    ("queue", "body", "code"),
    [
        (SNAPSHOTS, snapshot(agent_ids=["decision-fatigue"]), "unknown_agent"),
        (SNAPSHOTS, {"tasks": []}, "invalid_message"),
        (SNAPSHOTS, {"user_id": "u", "profile": {"energy_now": float("nan")}}, "invalid_message"),
        (JOBS, JOB | {"agent_id": "decision-fatigue"}, "unknown_agent"),
        (JOBS, JOB | {"agent_version": "99.0.0"}, "other_agent_version"),
        (JOBS, {"user_id": "u", "agent_id": AGENTS[0], "agent_version": "1.0.0"}, "invalid_message"),
    ],
)
def test_each_kind_of_poison_says_what_it_is(
    house: House, caplog: pytest.LogCaptureFixture, queue: str, body: dict[str, Any], code: str
) -> None:
    """Each delivery writes one error line with the code of the fault, and none writes to the table."""
    house.send(queue, body, poison=True)

    house.drain()

    assert failures(caplog) == [("ERROR", count, code) for count in range(1, 6)]
    assert [letter.deliveries for letter in house.dead(queue)] == [5]
    assert house.rows() == {}


def test_the_audit_sees_what_a_wrong_answer_loses(house: House) -> None:
    """A worker that reports failures under another key has all of them deleted: the law of conservation breaks."""

    def mistaken(worker: Handler, event: dict[str, Any]) -> FunctionAnswer:
        reported = json.loads(invoke(worker, event).payload)
        return FunctionAnswer(json.dumps({"failures": reported["batchItemFailures"]}).encode())

    house.send(SNAPSHOTS, snapshot())
    house.send(JOBS, "{", poison=True)
    house.refuse("dynamodb.PutItem", 3)
    house.drain(mistaken)

    assert sorted(house.judge(snapshot()).breaches) == ["1 jobs: lost", "1 outputs: missing", "1 poison: lost"]
