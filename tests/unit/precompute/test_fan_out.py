import io
import json
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from oo.agent_kit.manifest import Manifest
from oo.agents.registry import all_manifests, get_agent
from oo.contract.queues import ComputeJob, PrecomputeMessage
from oo.deadline import Deadline
from oo.errors import JobsUnsent, SnapshotTooLarge, UnknownMessageAgent
from oo.precompute.fan_out import FanOut
from oo.request_context import RequestContext
from oo.telemetry.logs import make_logger, make_metrics
from oo.telemetry.spans import Trace, recording
from testing.for_each import for_each
from testing.sqs_events import SENT_MS
from testing.stored_outputs import NOW

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
DUE = {"id": "t1", "title": "Send the report to Łódź", "status": "open", "due_at": "2026-03-14T12:00:00Z"}
SHORT = {"id": "t2", "title": "Call the dentist", "status": "open", "estimate_minutes": 5, "mood": "private"}


class Sent:
    """Keeps the bodies, or refuses them."""

    def __init__(self, refuse: Exception | None = None) -> None:
        self.bodies: list[str] = []
        self.refuse = refuse

    def send(self, bodies: Sequence[str]) -> None:
        if self.refuse:
            raise self.refuse
        self.bodies += bodies


class Dispatch:
    """A fan-out with everything around it in memory."""

    def __init__(self, manifests: Sequence[Manifest] | None = None, refuse: Exception | None = None) -> None:
        self.sent = Sent(refuse)
        self.log = io.StringIO()
        self.trace = Trace.begin(TRACE_ID)
        chosen = manifests or [get_agent("deadline-pressure").manifest, get_agent("quick-win").manifest]
        self.fan_out = FanOut(chosen, self.sent, make_logger(self.log, secrets.token_hex(4)), make_metrics())

    def run(self, **fields: Any) -> list[ComputeJob]:
        """Fan out a snapshot of user-7 at NOW."""
        message = PrecomputeMessage.model_validate({"user_id": "user-7", "snapshot_version": SENT_MS} | fields)
        with recording(self.trace):
            self.fan_out.run(message, RequestContext(NOW, Deadline.after(60), self.trace))
        return [ComputeJob.model_validate_json(body) for body in self.sent.bodies]


@pytest.fixture
def dispatch() -> Dispatch:
    return Dispatch()


def ids(jobs: list[ComputeJob]) -> dict[str, str]:
    return {job.agent_id: "withdraw" if job.withdraw else "compute" for job in jobs}


def test_an_eligible_agent_gets_a_job_and_every_other_one_is_withdrawn(dispatch: Dispatch) -> None:
    """One dated task makes one agent eligible; the other's output is withdrawn."""
    assert ids(dispatch.run(tasks=[DUE])) == {"deadline-pressure": "compute", "quick-win": "withdraw"}


def test_every_registered_agent_gets_exactly_one_job() -> None:
    """No agent keeps an output of an older snapshot."""
    jobs = Dispatch(all_manifests()).run(tasks=[DUE, SHORT])

    assert [job.agent_id for job in jobs] == [manifest.agent_id for manifest in all_manifests()]


def test_a_job_holds_what_its_agent_requires(dispatch: Dispatch) -> None:
    """Keys that no agent reads stay behind."""
    jobs = dispatch.run(
        tasks=[SHORT],
        profile={"energy_now": 0.5},
        feedback_history=[{"action": "done"}],
        agent_prefs={"quick-win": {"max_min": 10}, "deadline-pressure": {"enabled": True}},
        now_iso="2026-03-12T10:30:00+01:00",
        timezone="Europe/Berlin",
    )

    assert jobs[1].model_dump(mode="json", exclude_defaults=True) == {
        "user_id": "user-7",
        "agent_id": "quick-win",
        "agent_version": get_agent("quick-win").manifest.version,
        "tasks": [{"id": "t2", "title": "Call the dentist", "status": "open", "estimate_minutes": 5}],
        "agent_prefs": {"max_min": 10},
        "now_iso": "2026-03-12T10:30:00+01:00",
        "timezone": "Europe/Berlin",
        "snapshot_version": SENT_MS,
        "trace_id": TRACE_ID,
    }


def test_a_job_to_withdraw_holds_no_data(dispatch: Dispatch) -> None:
    """It says whose output goes, and as of when."""
    jobs = dispatch.run(tasks=[DUE], agent_prefs={"quick-win": {"max_min": 10}})

    assert jobs[1].model_dump(exclude_defaults=True) == {
        "user_id": "user-7",
        "agent_id": "quick-win",
        "agent_version": get_agent("quick-win").manifest.version,
        "snapshot_version": SENT_MS,
        "withdraw": True,
        "trace_id": TRACE_ID,
    }


def test_a_job_to_withdraw_is_judged_by_the_clock_of_its_message(dispatch: Dispatch) -> None:
    """By the worker's own clock the snapshot may be too old, and the output would stay."""
    jobs = dispatch.run(tasks=[DUE], now_iso="2026-03-12T10:30:00+01:00")

    assert [job.now_iso for job in jobs if job.withdraw] == [datetime.fromisoformat("2026-03-12T10:30:00+01:00")]


def test_a_switch_that_is_off_withdraws(dispatch: Dispatch) -> None:
    """The user's own switch beats eligibility."""
    jobs = dispatch.run(tasks=[DUE], agent_prefs={"deadline-pressure": {"enabled": False}})

    assert ids(jobs)["deadline-pressure"] == "withdraw"


def test_an_agent_whose_status_is_off_is_withdrawn() -> None:
    """A retired agent computes nothing, and its output is withdrawn."""
    dispatch = Dispatch([replace(get_agent("deadline-pressure").manifest, status="off")])

    assert ids(dispatch.run(tasks=[DUE])) == {"deadline-pressure": "withdraw"}


def test_only_agents_asked_for_get_jobs(dispatch: Dispatch) -> None:
    """The stored outputs of the others are unchanged."""
    assert ids(dispatch.run(tasks=[DUE], agent_ids=["quick-win", "quick-win"])) == {"quick-win": "withdraw"}


def test_no_agent_asked_for_means_no_job(dispatch: Dispatch) -> None:
    """An empty list is not an absent one."""
    assert dispatch.run(tasks=[DUE], agent_ids=[]) == []


def test_an_unknown_agent_asked_for_is_poison(dispatch: Dispatch) -> None:
    """Nothing is sent for the known ones either."""
    with pytest.raises(UnknownMessageAgent):
        dispatch.run(tasks=[DUE], agent_ids=["quick-win", "decision-fatigue"])

    assert dispatch.sent.bodies == []


def test_preferences_of_unknown_agents_are_ignored(dispatch: Dispatch) -> None:
    """A backend may keep settings of an agent that is gone."""
    assert len(dispatch.run(tasks=[DUE], agent_prefs={"decision-fatigue": {"enabled": True}})) == 2


def test_the_moment_of_the_message_decides_what_is_due(dispatch: Dispatch) -> None:
    """A task that is far off at the worker's clock is near at the message's."""
    later = DUE | {"due_at": "2026-05-01T12:00:00Z"}

    assert ids(dispatch.run(tasks=[later]))["deadline-pressure"] == "withdraw"
    dispatch.sent.bodies.clear()
    assert ids(dispatch.run(tasks=[later], now_iso="2026-04-30T12:00:00Z"))["deadline-pressure"] == "compute"


def test_a_job_over_the_limit_of_a_message_is_refused(dispatch: Dispatch) -> None:
    """A snapshot of two-byte characters may fit as a message, but not with the fields that a job adds."""
    with pytest.raises(SnapshotTooLarge):
        dispatch.run(tasks=[DUE | {"title": "é" * (512 * 1024)}])

    assert dispatch.sent.bodies == []


def test_what_could_not_be_sent_fails_the_message() -> None:
    """The whole record comes again, which is harmless."""
    dispatch = Dispatch(refuse=JobsUnsent(2))

    with pytest.raises(JobsUnsent):
        dispatch.run(tasks=[DUE])

    assert [span.error_type for span in dispatch.trace.spans] == ["JobsUnsent", "JobsUnsent"]
    assert dispatch.log.getvalue() == ""


def test_the_fan_out_is_one_trace_with_the_sending_in_it(dispatch: Dispatch) -> None:
    """The spans say how much was done, and hold no task."""
    dispatch.run(tasks=[DUE], agent_ids=None)

    precompute, enqueue = dispatch.trace.spans
    assert (precompute.name, precompute.kind, precompute.parent_id) == ("precompute", "CHAIN", None)
    assert (enqueue.name, enqueue.kind, enqueue.parent_id) == ("enqueue", "TOOL", precompute.span_id)
    assert precompute.outputs == {"compute_count": 1, "withdraw_count": 1}
    assert "report" not in repr(dispatch.trace)


def test_the_log_has_counts_only(dispatch: Dispatch) -> None:
    """One line a message, without a title."""
    dispatch.run(tasks=[DUE])

    line = json.loads(dispatch.log.getvalue())
    assert (line["message"], line["task_count"], line["compute_count"], line["withdraw_count"]) == (
        "precompute_fanned_out",
        1,
        1,
        1,
    )
    assert "report" not in dispatch.log.getvalue()


def test_a_job_comes_back_as_it_was_cut(dispatch: Dispatch) -> None:
    """Text in any script, odd characters and exact numbers survive the queue's format."""
    task = DUE | {"title": "Łódź \uffff 🥖 \x07", "priority": 0.1}

    assert dispatch.run(tasks=[task])[0].tasks == [task]


@for_each(("max_words", "job"), [(30, "compute"), (None, "withdraw"), ("30", "withdraw")])
def test_a_limit_that_is_set_to_the_default_is_one(max_words: object, job: str) -> None:
    """Without any feedback."""
    jobs = Dispatch([get_agent("tip-receptivity").manifest]).run(
        agent_prefs={"tip-receptivity": {"max_words": max_words}}
    )

    assert ids(jobs) == {"tip-receptivity": job}
