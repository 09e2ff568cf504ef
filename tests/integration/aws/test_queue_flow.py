"""The two workers as bootstrap composes them, on a real queue and table over HTTP."""

import json
from pathlib import Path
from typing import Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from oo.agents.registry import all_manifests
from oo.bootstrap import compute_worker, precompute_worker
from oo.contract.tips import StoredSnippet
from oo.outputs.store import AgentOutputStore
from oo.telemetry.instrumentation import Handler
from oo.telemetry.logs import make_logger
from testing.lambda_context import FakeContext
from testing.sqs_events import SENT_MS, sqs_event, sqs_record
from tests.integration.aws.conftest import Queue, Table

ROOT = Path(__file__).parents[3]
SNAPSHOT: dict[str, Any] = {
    "user_id": "user-7",
    "tasks": [
        {"id": "t1", "title": "Send the report", "status": "open", "due_at": "2026-03-13T16:00:00Z"},
        {"id": "t2", "title": "Call the dentist", "status": "open", "estimate_minutes": 5},
    ],
    "now_iso": "2026-03-12T09:30:00Z",
    "snapshot_version": SENT_MS,
}


class System:
    """Both workers, with their queue and table."""

    def __init__(self, queue: Queue, table: Table) -> None:
        self.queue = queue
        self.store = AgentOutputStore(table.client, table.name, make_logger())
        self.precompute = precompute_worker.handler()
        self.compute = compute_worker.handler()

    def take(self, **changes: Any) -> list[str]:
        """Fan one snapshot out; the jobs that came of it."""
        assert run(self.precompute, SNAPSHOT | changes) == []
        return self.queue.bodies()

    def read(self) -> dict[str, StoredSnippet]:
        """The stored outputs, by agent."""
        return {snippet.agent_id: snippet for snippet in self.store.read("user-7")}


def run(worker: Handler, *bodies: object) -> list[str]:
    """The bodies that the worker reports as failed, by their places."""
    records = [sqs_record(body, str(place)) for place, body in enumerate(bodies)]
    answer = worker(sqs_event(*records), cast("LambdaContext", FakeContext(remaining_ms=60_000)))
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def error_codes(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The codes of the failures that were logged."""
    return [vars(line)["error_code"] for line in caplog.records if line.getMessage() == "record_failed"]


@pytest.fixture
def system(queue: Queue, table: Table, monkeypatch: pytest.MonkeyPatch) -> System:
    monkeypatch.setenv("COMPUTE_QUEUE_URL", queue.url)
    monkeypatch.setenv("AGENT_OUTPUTS_TABLE", table.name)
    return System(queue, table)


def test_a_snapshot_becomes_stored_outputs(system: System) -> None:
    """Each agent has its job; those that may speak have their output stored."""
    jobs = system.take()
    assert len(jobs) == len(all_manifests())

    assert run(system.compute, *jobs) == []

    outputs = system.read()
    assert {"deadline-pressure", "quick-win"} <= set(outputs)
    assert "«Send the report»" in outputs["deadline-pressure"].prompt_text
    assert outputs["deadline-pressure"].expires_at > outputs["deadline-pressure"].computed_at


def test_jobs_delivered_twice_and_backwards_change_nothing(system: System) -> None:
    """At-least-once delivery in any order ends where a single delivery ends."""
    jobs = system.take()
    run(system.compute, *jobs)
    once = system.read()

    assert run(system.compute, *reversed(jobs), *jobs) == []
    assert system.read() == once


def test_a_newer_snapshot_withdraws_what_no_longer_holds(system: System) -> None:
    """The task is done, so no snippet mentions it; the older jobs cannot restore one."""
    older = system.take()
    run(system.compute, *older)
    newer = system.take(tasks=SNAPSHOT["tasks"][1:], snapshot_version=SENT_MS + 1)

    assert run(system.compute, *newer, *older) == []

    assert "deadline-pressure" not in system.read()
    assert "quick-win" in system.read()


def test_a_poison_job_leaves_its_neighbours_alone(system: System) -> None:
    """Everything but the poison is stored on the first delivery."""
    jobs = system.take()

    assert run(system.compute, "{", *jobs, {"user_id": "user-7"}) == ["0", str(len(jobs) + 1)]
    assert "quick-win" in system.read()


def test_a_dispatcher_that_died_half_way_is_run_again(system: System) -> None:
    """Jobs sent twice are harmless."""
    jobs = system.take() + system.take()

    assert run(system.compute, *jobs) == []
    assert "quick-win" in system.read()


def test_without_a_table_every_job_fails_and_names_the_setting(
    queue: Queue, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A missing setting loses nothing: the jobs come back until it is set."""
    monkeypatch.setenv("COMPUTE_QUEUE_URL", queue.url)
    monkeypatch.delenv("AGENT_OUTPUTS_TABLE", raising=False)
    worker = compute_worker.handler()
    job = {"user_id": "u", "agent_id": "quick-win", "agent_version": "1.0.0", "snapshot_version": SENT_MS}

    assert run(worker, job) == ["0"]
    assert error_codes(caplog) == ["config_error"]


def test_a_table_that_is_missing_is_named_as_a_wrong_setting(
    system: System, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The error differs from that of a busy table."""
    jobs = system.take(agent_ids=["quick-win"])
    monkeypatch.setenv("AGENT_OUTPUTS_TABLE", "no-such-table")

    assert run(compute_worker.handler(), *jobs) == ["0"]
    assert error_codes(caplog) == ["ddb_config"]


@pytest.mark.parametrize("name", ["precompute", "compute-worker"])
def test_the_example_events_are_done_without_a_failure(system: System, name: str) -> None:
    """The examples of `sam local invoke` work."""
    event = json.loads((ROOT / "events" / f"{name}.json").read_text(encoding="utf-8"))
    worker = {"precompute": system.precompute, "compute-worker": system.compute}[name]

    assert worker(event, cast("LambdaContext", FakeContext(remaining_ms=60_000))) == {"batchItemFailures": []}
