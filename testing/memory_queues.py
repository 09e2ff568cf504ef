"""Both workers of precompute in this process, with the queue of jobs and the table in memory."""

import io
import json
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from aws_lambda_powertools.utilities.typing import LambdaContext

from oo.agent_runs import AgentRuns
from oo.agents.registry import all_manifests, get_agent
from oo.precompute.compute_job import JobRunner
from oo.precompute.fan_out import FanOut
from oo.precompute.messages import read_job, read_snapshot
from oo.runtime.sqs_batch import SqsBatch
from oo.telemetry.export.after_response import AfterResponse
from oo.telemetry.export.worker import ExportWorker
from oo.telemetry.instrumentation import Shim
from oo.telemetry.logs import make_logger, make_metrics
from testing.lambda_context import FakeContext
from testing.sqs_events import sqs_event, sqs_record
from testing.stored_outputs import NOW, MemoryStore


class Queues:
    """Both workers, with queues and table in memory."""

    def __init__(self) -> None:
        self.log = io.StringIO()
        self.store = MemoryStore()
        self.bodies: list[str] = []
        logger = make_logger(self.log, secrets.token_hex(4))
        shim = Shim(logger, make_metrics(), AfterResponse(ExportWorker([], logger), logger))
        fan_out = FanOut(all_manifests(), self, logger, shim.metrics)
        runner = JobRunner(get_agent, self.store, AgentRuns(logger, shim.metrics), shim.trace, timedelta(days=1))
        self._snapshots = SqsBatch(shim, read_snapshot, fan_out.run, clock=lambda: NOW).handler
        self._jobs = SqsBatch(shim, read_job, runner.run, clock=lambda: NOW).handler

    def send(self, bodies: Sequence[str]) -> None:
        """Take the bodies of jobs."""
        self.bodies += bodies

    def take(self, *messages: object) -> list[str]:
        """Process messages and all resulting jobs; returns the ids of the failed ones."""
        return self.fan_out(*messages) + self.work_off()

    def fan_out(self, *messages: object) -> list[str]:
        """Process messages; returns the ids of the failed ones."""
        records = [sqs_record(message, f"m{number}") for number, message in enumerate(messages)]
        return _failed(self._snapshots(sqs_event(*records), cast("LambdaContext", FakeContext())))

    def work_off(self) -> list[str]:
        """Process the jobs in the queue; returns an id for each failed one."""
        jobs, self.bodies = self.bodies, []
        events = [sqs_event(sqs_record(body, f"job {number}")) for number, body in enumerate(jobs)]
        return [job for event in events for job in _failed(self._jobs(event, cast("LambdaContext", FakeContext())))]

    def lines(self, event: str) -> list[dict[str, Any]]:
        """The log's lines of one event."""
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return [line for line in lines if line["message"] == event]


def _failed(answer: dict[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
