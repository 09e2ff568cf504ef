"""A queue of jobs that does not take everything: the fan-out notices, and its message comes again."""

from typing import Any

import pytest

from local.soak.faults import Faults, Plan
from local.soak.workload import JOBS, SNAPSHOTS
from tests.integration.aws.in_process_precompute import AGENTS, House
from tests.integration.aws.snapshots import snapshot


def test_what_was_refused_within_a_call_that_succeeded_is_sent_again(house: House) -> None:
    """Three of a batch of ten are refused at first: all of them arrive, each once."""
    calls: list[int] = []

    def keep(params: dict[str, Any], context: dict[str, Any], **_: object) -> dict[str, Any]:
        calls.append(len(params["Entries"]))
        context["refused"] = params["Entries"][7:]
        return {**params, "Entries": params["Entries"][:7]}

    def say(parsed: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        parsed["Failed"] = [
            {"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"} for entry in context["refused"]
        ]

    house.on("provide-client-params.sqs.SendMessageBatch", keep)
    house.on("after-call.sqs.SendMessageBatch", say)
    ten = AGENTS[:10]
    house.send(SNAPSHOTS, snapshot(agent_ids=ten))

    assert house.deliver(SNAPSHOTS) == []
    house.drain()

    assert calls == [10, 3]
    assert sorted(job.key[1] for job in house.jobs.values()) == sorted(ten)


def test_a_queue_that_takes_nothing_fails_the_fan_out_with_a_count(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """The line says how many jobs are missing; when the queue is back, the same message does the whole work."""
    house.refuse("sqs.SendMessageBatch", 3, status=503, code="ServiceUnavailable")
    house.send(SNAPSHOTS, snapshot())

    assert len(house.deliver(SNAPSHOTS) or []) == 1
    (line,) = [vars(line) for line in caplog.records if line.getMessage() == "record_failed"]
    assert (line["error_code"], line["unsent"]) == ("jobs_unsent", len(AGENTS))

    house.drain()
    assert house.judge(snapshot()).breaches == []


def test_faults_of_every_kind_together_lose_nothing(house: House) -> None:
    """Throttling, errors and refused entries at rates that no service has, and every output is there in the end."""
    seen: dict[str, int] = {}

    def note(fault: dict[str, Any]) -> None:
        if "fault" in fault:
            seen[fault["fault"]] = seen.get(fault["fault"], 0) + fault["count"]

    faults = Faults(Plan(seed=5, throttled=0.3, failed=0.1, refused=0.3), note)
    for event, handler in faults.handlers():
        house.on(event, handler)
    users = [snapshot(f"user-{number}") for number in range(4)]
    house.send(SNAPSHOTS, *users)

    house.drain()

    assert set(seen) == {"throttled writes", "failed writes", "jobs refused in a batch", "throttled sendings"}
    assert house.judge(*users).breaches == []
    assert house.dead(SNAPSHOTS) + house.dead(JOBS) == []
