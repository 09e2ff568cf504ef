"""The data that jobs of one batch share, and its life."""

import io
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from hypothesis import given
from hypothesis import strategies as st

from oo.agent_kit.user_view import view_at
from oo.agent_runs import AgentRuns
from oo.agents.registry import all_manifests, get_agent
from oo.contract.queues import Stored, StoredOutput
from oo.deadline import Deadline
from oo.precompute.batch_memory import BatchMemory
from oo.precompute.compute_job import JobRunner, longest_life
from oo.precompute.messages import read_job
from oo.request_context import RequestContext
from oo.snapshot.user_rows import read_decided
from oo.telemetry.instrumentation import Shim
from oo.telemetry.logs import make_logger, make_metrics
from testing.call_counts import calls
from testing.sqs_events import SENT_MS
from testing.stored_outputs import NOW
from tests.unit.telemetry.fixtures import Kept, after_response_of

QUICK = {"id": 1, "title": "Call the dentist", "estimate_minutes": 5, "due_at": "2026-03-10T12:00:00Z"}
_VALUES: dict[str, list[object]] = {
    "id": [1, True, 1.0, 2],
    "status": ["open", "done", 1, True],
    "priority": [1, True, 1.0, 5, "high"],
    "due_at": ["2026-03-10T00:00:00Z", "2026-03-12", {"date": "2026-03-12"}],
    "completed_at": [None, "2026-03-10T00:00:00Z", 1, True],
}
_ROW = st.fixed_dictionaries({key: st.sampled_from(values) for key, values in _VALUES.items()})
_CHANGES: list[dict[str, object]] = [
    {"user_id": "user-8"},
    {"timezone": "Asia/Tokyo"},
    {"now_iso": "2026-03-12T23:30:00Z"},
    {"priority_scale": "smaller_is_higher"},
    {"decided": {"due_at": "utc"}},
]


@st.composite
def _batches(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Jobs of three lists: any one, with another value in one row, and without one of its fields."""
    rows = draw(st.lists(_ROW, min_size=1, max_size=3))
    place, key = draw(st.integers(0, len(rows) - 1)), draw(st.sampled_from(sorted(_VALUES)))
    changed = [*rows[:place], rows[place] | {key: draw(st.sampled_from(_VALUES[key]))}, *rows[place + 1 :]]
    cut = [{name: value for name, value in row.items() if name != key} for row in rows]
    tasks, finished = (st.lists(st.sampled_from([rows, changed, cut]), min_size=6, max_size=6) for _ in range(2))
    jobs = [{"tasks": each, "task_completions": done} for each, done in zip(draw(tasks), draw(finished), strict=True)]
    return [{**each, **change} for each in jobs for change in ({}, draw(st.sampled_from(_CHANGES)))]


DONE = [{"completed_at": f"2026-03-{day:02}T09:00:00Z", "task_id": str(day)} for day in range(1, 12)]


class Outputs:
    """Keeps the outputs in their order, and withdrawals as None."""

    def __init__(self) -> None:
        self.all: list[StoredOutput | None] = []

    def put(self, output: StoredOutput, **_: object) -> Stored:
        self.all.append(output)
        return Stored()

    def withdraw(self, **_: object) -> Stored:
        self.all.append(None)
        return Stored()


class Worker:
    """Reads and runs the jobs of batches, with the table in memory."""

    def __init__(self) -> None:
        self.memory = BatchMemory()
        self.outputs = Outputs()
        logger = make_logger(io.StringIO(), secrets.token_hex(4))
        self.shim = Shim(logger, make_metrics(), after_response_of(Kept(), logger=logger))
        runs = AgentRuns(logger, self.shim.metrics)
        life = longest_life(all_manifests())
        self.runner = JobRunner(get_agent, self.outputs, runs, self.shim.trace, life, self.memory)

    def batch(self, *jobs: Mapping[str, Any]) -> list[object]:
        """The stored output of each job of one batch."""
        with self.memory.of_batch():
            for each in jobs:
                body = json.dumps(each, separators=(",", ":"))
                with self.shim.trace(secrets.token_hex(16)) as trace:
                    message, _ = read_job(SQSRecord({"body": body}), NOW, self.memory)
                    self.runner.run(message, RequestContext(NOW, Deadline.after(60), trace))
        stored, self.outputs.all = self.outputs.all, []
        return [each and (each.prompt_text, each.signals_snapshot, each.expires_at) for each in stored]


def job(agent_id: str, *tasks: object, **changes: object) -> dict[str, Any]:
    """A job of user-7, which holds its tasks and no other data."""
    version = get_agent(agent_id).manifest.version
    fields = {"agent_id": agent_id, "agent_version": version, "snapshot_version": SENT_MS, "timezone": "Europe/Berlin"}
    return {"user_id": "user-7", "tasks": tasks, **fields, **changes}


def parts(memory: BatchMemory, fields: Mapping[str, Any]) -> tuple[str, object]:
    """Everything that is read of a job, written so that 1, 1.0 and True differ, and the report."""
    message, _ = read_job(SQSRecord({"body": json.dumps(fields, separators=(",", ":"))}), NOW, memory)
    view = view_at(message, NOW, decided=read_decided(message.decided), shared=memory.of(message.user_id).parts)
    return repr((message, view.tasks, view.completions, view.sent_completions)), view.reading


def test_jobs_of_a_batch_read_a_list_that_they_share_once() -> None:
    """A job with another list, and one in another zone, read their own."""
    shared = [job("quick-win", QUICK), job("deadline-pressure", QUICK)]
    others = [job("quick-win", QUICK, QUICK), job("quick-win", QUICK, timezone="Asia/Tokyo")]

    assert calls(lambda: Worker().batch(*shared))["read_tasks"] == 1
    assert calls(lambda: Worker().batch(*shared, *others))["read_tasks"] == 3


def test_neither_batches_nor_users_share_a_list() -> None:
    """Each user's list is read again for each batch."""
    worker, one = Worker(), job("quick-win", QUICK)

    counts = calls(lambda: (worker.batch(one), worker.batch(one, one | {"user_id": "user-8"})))

    assert counts["read_tasks"] == 3


def test_outputs_of_a_batch_are_those_of_single_jobs() -> None:
    """Also if lists differ by values that are equal for Python: 1 is an id, and True is none."""
    jobs = [
        job(agent_id, QUICK | {"id": task_id}, task_completions=DONE[:done_n])
        for task_id in (1, True, 1.0)
        for done_n in (0, 5, 11)
        for agent_id in ("quick-win", "deadline-pressure")
    ]

    assert Worker().batch(*jobs) == [Worker().batch(each)[0] for each in jobs]


@given(_batches())
def test_a_batch_is_read_as_its_jobs_are_alone(changes: list[dict[str, Any]]) -> None:
    """All parts and reports of jobs that share a list, a field, a zone, a time or a user, or differ in them."""
    jobs = [job("quick-win", **each) for each in changes]
    alone = [parts(BatchMemory(), each) for each in jobs]
    memory = BatchMemory()

    with memory.of_batch():
        assert alone == [parts(memory, each) for each in jobs]


def test_a_job_does_not_change_the_completions_of_another() -> None:
    """Its fan-out decided that midnights are dates, and that of the other one, at another time, did not."""
    done = [{"completed_at": "2026-03-09T09:00:00Z", "due_at": "2026-03-10T00:00:00Z"}]
    plain, of_dates = job("quick-win", task_completions=done), job("quick-win", task_completions=done)
    of_dates["decided"] = {"due_at": "utc"}
    memory = BatchMemory()

    with memory.of_batch():
        read = [parts(memory, each) for each in (plain, of_dates, plain)]

    assert (read[0] == read[1], read[0] == read[2]) == (False, True)


def test_a_job_sees_no_list_of_an_earlier_one() -> None:
    """A job without completions is computed without those of the batch's earlier jobs."""
    one, other = job("quick-win", QUICK, task_completions=DONE, feedback_history=DONE), job("quick-win", QUICK)

    assert Worker().batch(one, other)[1:] == Worker().batch(other)


def test_a_user_has_one_memory_during_a_batch() -> None:
    """Another user has another one."""
    memory = BatchMemory()

    with memory.of_batch():
        found = [memory.of("user-7"), memory.of("user-7"), memory.of("user-8")]

    assert (found[0] is found[1], found[0] is found[2]) == (True, False)


def test_nothing_is_kept_outside_of_a_batch() -> None:
    """Neither before one nor for the next one, also if the batch fails."""
    memory = BatchMemory()
    found = [memory.of("user-7"), memory.of("user-7")]
    with suppress(ZeroDivisionError), memory.of_batch():
        found.append(memory.of("user-7"))
        raise ZeroDivisionError
    found.append(memory.of("user-7"))
    with memory.of_batch():
        found.append(memory.of("user-7"))

    assert len({id(each) for each in found}) == len(found)
