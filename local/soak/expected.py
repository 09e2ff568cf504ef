"""The expected rows of a snapshot, computed by the product's own code without a queue or a table."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from oo.agent_runs import AgentRuns
from oo.agents.registry import all_manifests, get_agent
from oo.contract.queues import ComputeJob, PrecomputeMessage, Stored, StoredOutput
from oo.deadline import Deadline
from oo.precompute.compute_job import JobRunner, longest_life
from oo.precompute.fan_out import FanOut
from oo.request_context import RequestContext
from oo.telemetry.logs import make_logger, make_metrics
from oo.telemetry.spans import Trace, recording

COMPARED = (
    "prompt_text",
    "signals_snapshot",
    "computed_at",
    "expires_at",
    "agent_version",
    "inferred_prefs",
    "snapshot_version",
    "ttl",
)
WITHDRAWN: dict[str, Any] = {"withdrawn": True}


class _Kept:
    """Receives jobs' bodies and outputs, and stores the last of each."""

    def __init__(self) -> None:
        self.bodies: Sequence[str] = ()
        self.row: dict[str, Any] = {}

    def send(self, bodies: Sequence[str]) -> None:
        self.bodies = bodies

    def put(self, output: StoredOutput, *, now: datetime) -> Stored:
        del now
        row = output.model_dump()
        self.row = {name: row[name] for name in COMPARED}
        return Stored()

    def withdraw(self, *, user_id: str, agent_id: str, snapshot_version: int, now: datetime) -> Stored:
        del user_id, agent_id, now
        self.row = {**WITHDRAWN, "snapshot_version": snapshot_version}
        return Stored()


class Expectation:
    """Computes the outputs of snapshots. They do not depend on the time of the run: each snapshot contains its own."""

    def __init__(self) -> None:
        self._kept = _Kept()
        self._log = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  # as long as the expectation
        logger = make_logger(self._log, "soak-expectation")
        self._fan_out = FanOut(all_manifests(), self._kept, logger, make_metrics())
        life = longest_life(all_manifests())
        self._runner = JobRunner(get_agent, self._kept, AgentRuns(logger, make_metrics()), _traced, life)

    def rows(self, body: str) -> dict[str, dict[str, Any]]:
        """By agent, the fields of the row that remains of a snapshot: those in `COMPARED`, or a withdrawal."""
        call = RequestContext(datetime.now(UTC), Deadline.after(60), Trace.begin(None))
        self._fan_out.run(PrecomputeMessage.model_validate_json(body), call)
        rows = {}
        for text in self._kept.bodies:
            job = ComputeJob.model_validate_json(text)
            self._runner.run(job, call)
            rows[job.agent_id] = self._kept.row
        return rows

    def close(self) -> None:
        """Close the unread log."""
        self._log.close()


@contextmanager
def _traced(caller_trace_id: str | None) -> Iterator[Trace]:
    with recording(Trace.begin(caller_trace_id)) as trace:
        yield trace
