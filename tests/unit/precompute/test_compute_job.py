import io
import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from oo.agent_kit.agent import Agent
from oo.agent_kit.manifest import Manifest
from oo.agent_runs import AgentRuns
from oo.agents.registry import all_manifests, get_agent
from oo.contract.queues import ComputeJob, Outcome, Outdated, Stale, Stored, StoredOutput
from oo.deadline import Deadline
from oo.errors import AgentFailed, OtherAgentVersion, UnknownMessageAgent
from oo.precompute.compute_job import JobRunner, longest_life, merged
from oo.request_context import RequestContext
from oo.telemetry.instrumentation import Shim
from oo.telemetry.logs import make_logger, make_metrics
from testing.call_counts import calls
from testing.sqs_events import SENT_MS
from testing.stored_outputs import NOW, MemoryStore
from tests.unit.precompute.scripted_agent import ScriptedAgent
from tests.unit.telemetry.fixtures import Kept, after_response_of

OVERDUE = {"id": "t1", "title": "Send the report", "status": "open", "due_at": "2026-03-10T12:00:00Z"}
EARLY = [
    {"completed_at": f"2026-02-{day:02}T10:00:00Z", "due_at": f"2026-02-{day + 3:02}T10:00:00Z"} for day in range(1, 13)
]
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
LONGEST_LIFE = timedelta(hours=24)


class Worker:
    """A job runner with everything around it in memory."""

    def __init__(self, agent: ScriptedAgent | None = None, find: Callable[[str], Agent] | None = None) -> None:
        self.agent = agent or ScriptedAgent()
        self.store = MemoryStore()
        self.log = io.StringIO()
        self.kept = Kept()
        logger = make_logger(self.log, secrets.token_hex(4))
        self.after_response = after_response_of(self.kept, logger=logger)
        self.shim = Shim(logger, make_metrics(), self.after_response)
        runs = AgentRuns(logger, self.shim.metrics)
        self.runner = JobRunner(find or self.agent.find, self.store, runs, self.shim.trace, LONGEST_LIFE)

    def run(self, **changes: Any) -> Outcome:
        """Run a job for one overdue task of user-7, snapshot and clock at NOW."""
        fields = {
            "user_id": "user-7",
            "agent_id": "deadline-pressure",
            "agent_version": "1.0.0",
            "tasks": [OVERDUE],
            "snapshot_version": SENT_MS,
        }
        with self.shim.trace(TRACE_ID) as trace:
            self.trace = trace
            call = RequestContext(NOW, Deadline.after(60), trace)
            return self.runner.run(ComputeJob.model_validate(fields | changes), call)

    @property
    def stored(self) -> StoredOutput | None:
        """The stored row of the pair that every job is about."""
        return self.store.outputs.get(("user-7", "deadline-pressure"))

    @property
    def events(self) -> list[str]:
        """The log's events in order."""
        return [json.loads(line)["message"] for line in self.log.getvalue().splitlines()]


@pytest.fixture
def worker() -> Worker:
    return Worker()


def test_an_output_is_stored_with_everything_that_is_known_of_it(worker: Worker) -> None:
    """The table gets the output, its version, its trace and its last day."""
    assert worker.run() == Stored()

    assert worker.stored == StoredOutput(
        user_id="user-7",
        agent_id="deadline-pressure",
        prompt_text="[start|3] Fact: one. Move: two.",
        signals_snapshot={"applicable": True, "open_n": 1},
        computed_at=NOW,
        expires_at=NOW + timedelta(hours=6),
        agent_version="1.4.2",
        inferred_prefs={},
        snapshot_version=SENT_MS,
        trace_id=worker.trace.trace_id,
        span_id=worker.trace.spans[0].span_id,
        ttl=int((NOW + timedelta(hours=30)).timestamp()),
    )


def test_a_job_is_two_traces_under_one_id(worker: Worker) -> None:
    """Learning and computing are roots of their own, as they are over HTTP, and share the id of the fan-out."""
    worker.run()
    worker.after_response.drain()

    assert [[span.name for span in trace.spans] for trace in worker.kept.traces] == [
        ["infer:deadline-pressure"],
        ["compute:deadline-pressure"],
    ]
    assert {trace.correlation_id for trace in worker.kept.traces} == {TRACE_ID}


def test_learning_comes_first_and_reaches_the_agent(worker: Worker) -> None:
    """The inferred preferences are used and stored."""
    worker.run(task_completions=EARLY)

    assert worker.stored
    learned = worker.stored.inferred_prefs
    assert 2 <= learned["lead_days"] <= 3
    preferences = worker.agent.seen[0].preferences
    assert (preferences.number("lead_days"), preferences.sources) == (learned["lead_days"], {"lead_days": "inferred"})
    assert worker.events == ["inference_run", "agent_computed"]


def test_what_the_user_set_beats_what_was_learned(worker: Worker) -> None:
    """The stored inference is unchanged."""
    worker.run(task_completions=EARLY, agent_prefs={"lead_days": 9})

    assert worker.agent.seen[0].preferences.number("lead_days") == 9
    assert worker.stored
    assert worker.stored.inferred_prefs["lead_days"] < 9


@pytest.mark.parametrize(
    ("own", "together"),
    [
        ({}, {"a": 1, "_sources": {"a": "inferred"}}),
        ({"a": None}, {"a": 1, "_sources": {"a": "inferred"}}),
        ({"a": False}, {"a": False, "_sources": {"a": "user"}}),
        ({"b": 2}, {"a": 1, "b": 2, "_sources": {"a": "inferred", "b": "user"}}),
    ],
    ids=str,
)
def test_a_null_is_no_setting(own: dict[str, Any], together: dict[str, Any]) -> None:
    """A form's empty field lets the learned value show through."""
    assert merged({"a": 1}, own) == together


@pytest.mark.parametrize("change", [{"withdraw": True}, {"tasks": []}, {"agent_prefs": {"enabled": False}}], ids=str)
def test_an_agent_with_nothing_to_go_on_is_withdrawn(worker: Worker, change: dict[str, Any]) -> None:
    """A job to withdraw, a rule that no longer holds and a switch that is off all take the output back."""
    worker.run()

    assert worker.run(snapshot_version=SENT_MS + 1, **change) == Stored()

    assert worker.stored is None
    assert len(worker.agent.seen) == 1


def test_an_older_job_is_done_without_an_effect(worker: Worker) -> None:
    """Duplicates and reordered jobs change nothing."""
    worker.run(snapshot_version=SENT_MS)
    newest = worker.stored

    assert [worker.run(snapshot_version=SENT_MS - earlier) for earlier in (0, 1)] == [Stale(SENT_MS), Stale(SENT_MS)]
    assert worker.stored == newest


@pytest.mark.parametrize("change", [{}, {"withdraw": True}, {"tasks": []}], ids=str)
def test_a_snapshot_older_than_any_output_lives_changes_nothing(worker: Worker, change: dict[str, Any]) -> None:
    """Stored as new it would look fresh, and a row of a newer snapshot may have been deleted; nothing is computed."""
    day_ms = 24 * 3_600_000
    runs = [worker.run(snapshot_version=SENT_MS - age, **change) for age in (13 * day_ms, day_ms + 1_000)]

    assert runs == [Outdated(13 * 86_400), Outdated(86_401)]
    assert (worker.store.versions, worker.agent.seen, worker.events) == ({}, [], [])

    assert [worker.run(snapshot_version=SENT_MS - age, **change) for age in (day_ms, 3_600_000)] == [Stored()] * 2


def test_an_outdated_job_leaves_the_row_that_is_there(worker: Worker) -> None:
    """Neither an output nor a withdrawal of long ago touches it."""
    worker.run()
    stored = worker.stored

    for change in ({}, {"withdraw": True}):
        assert worker.run(snapshot_version=SENT_MS - 13 * 86_400_000, **change) == Outdated(13 * 86_400)
        assert worker.stored == stored


@pytest.mark.parametrize("withdraw", [False, True])
def test_the_jobs_own_clock_says_how_old_a_snapshot_is(worker: Worker, *, withdraw: bool) -> None:
    """A producer that sends the time gets the answer of that time, at any time of the machine's clock."""
    old = SENT_MS - 13 * 86_400_000

    assert worker.run(snapshot_version=old, now_iso="2026-02-27T10:00:00Z", withdraw=withdraw) == Stored()
    assert worker.run(now_iso="2026-03-25T09:30:00Z", withdraw=withdraw) == Outdated(13 * 86_400)


def test_the_longest_life_is_the_registrys() -> None:
    """It follows the manifests."""
    assert longest_life(all_manifests()) == timedelta(seconds=max(each.ttl.max_s for each in all_manifests()))
    assert longest_life(all_manifests()) == LONGEST_LIFE


def test_an_empty_text_is_stored() -> None:
    """To have nothing to say is an answer."""
    worker = Worker(ScriptedAgent(text=""))

    worker.run()

    assert worker.stored
    assert worker.stored.prompt_text == ""


def test_the_message_may_say_what_time_it_is(worker: Worker) -> None:
    """Its moment beats the worker's clock, its zone is the user's."""
    worker.run(now_iso="2026-03-11T08:00:00+01:00", timezone="America/New_York")

    clock = worker.agent.seen[0].clock
    assert clock.now == datetime(2026, 3, 11, 7, tzinfo=UTC)
    assert clock.local(clock.now).utcoffset() == timedelta(hours=-4)


def test_without_a_zone_the_moments_own_zone_counts(worker: Worker) -> None:
    """The producer's offset is the user's clock."""
    worker.run(now_iso="2026-03-11T08:00:00+01:00")

    assert worker.agent.seen[0].clock.zone == timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"agent_id": "decision-fatigue"}, UnknownMessageAgent),
        ({"agent_version": "2.0.0"}, OtherAgentVersion),
        ({"agent_version": "0.9.0"}, OtherAgentVersion),
        ({"agent_version": ""}, OtherAgentVersion),
        ({"agent_version": "10.0.0"}, OtherAgentVersion),
        ({"agent_version": "2.0.0", "withdraw": True}, OtherAgentVersion),
    ],
    ids=str,
)
def test_a_job_for_an_agent_that_is_not_here_is_poison(
    worker: Worker, change: dict[str, Any], error: type[Exception]
) -> None:
    """An unknown agent and another major version never become right by trying again."""
    with pytest.raises(error):
        worker.run(**change)

    assert worker.stored is None


@pytest.mark.parametrize("version", ["1.0.0", "1.99.0", "1"])
def test_any_version_of_the_same_major_runs(worker: Worker, version: str) -> None:
    """Only a changed meaning parts a job from its agent."""
    assert worker.run(agent_version=version) == Stored()


def test_an_agent_that_raises_fails_its_record_by_type_only() -> None:
    """Neither the error nor the log quotes the value that made the agent fail."""
    worker = Worker(ScriptedAgent(error=KeyError("Send the report")))

    with pytest.raises(AgentFailed, match="KeyError") as caught:
        worker.run()

    assert worker.events == ["inference_run", "agent_compute_failed"]
    assert "report" not in worker.log.getvalue() + str(caught.value)
    assert worker.trace.spans[0].error_type == "AgentFailed"


@pytest.mark.parametrize("manifest", all_manifests(), ids=lambda manifest: manifest.agent_id)
def test_a_job_reads_each_part_that_its_agent_requires_once(manifest: Manifest) -> None:
    """Inference, eligibility and the agent share one reading, in the zone that the job names."""
    requires = manifest.requires
    lists_n = int(bool(requires.tasks or requires.completions))
    readings = {
        "read_tasks": lists_n,
        "read_task_completions": lists_n,
        "read_feedback": int(requires.feedback),
        "read_preferences": 1,
    }
    stamps = [(NOW - timedelta(days=age, hours=age % 5)).isoformat() for age in range(60)]
    rows = [{"completed_at": at, "created_at": at, "due_at": at, "action": "done", "project_id": "p"} for at in stamps]
    tasks = [OVERDUE, {"id": "t2", "title": "Call the dentist", "estimate_minutes": 5, "priority": 4}, *rows]
    worker = Worker(find=get_agent)

    identity = {"agent_id": manifest.agent_id, "agent_version": manifest.version}
    job = {**identity, "tasks": tasks, "timezone": "Europe/Berlin"}
    counts = calls(lambda: worker.run(**job, feedback_history=rows, task_completions=rows))

    assert {name: counts[name] for name in readings} == readings
    assert counts["read_profile"] <= len(requires.profile)
