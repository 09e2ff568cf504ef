"""A table that throttles, fails, is missing or is full loses no record."""

from datetime import timedelta
from typing import Any

import pytest

from local.soak.workload import JOBS, SNAPSHOTS
from oo.agent_kit.user_view import UserView
from oo.agent_runs import AgentRuns
from oo.contract.agent_output import AgentOutput
from oo.outputs.store import AgentOutputStore
from oo.precompute.compute_job import JobRunner
from oo.precompute.job_queue import MOST_IN_BATCH
from oo.precompute.messages import read_job
from oo.runtime.sqs_batch import SqsBatch
from oo.telemetry.export.after_response import AfterResponse
from oo.telemetry.export.worker import ExportWorker
from oo.telemetry.instrumentation import Shim
from oo.telemetry.logs import make_logger, make_metrics
from operations.aws_lookup import QueueAddress
from operations.redrive import Redrive
from testing.stored_outputs import NOW
from tests.integration.aws.in_process_precompute import AGENTS, House
from tests.integration.aws.snapshots import snapshot
from tests.unit.precompute.scripted_agent import ScriptedAgent


def error_codes(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [vars(line)["error_code"] for line in caplog.records if line.getMessage() == "record_failed"]


@pytest.mark.parametrize(
    ("status", "code"), [(400, "ProvisionedThroughputExceededException"), (400, "ThrottlingException"), (500, "x")]
)
def test_a_throttled_table_is_tried_again_by_the_client_and_by_the_queue(
    house: House, caplog: pytest.LogCaptureFixture, status: int, code: str
) -> None:
    """The client tries thrice, then the record comes again; when the table heals everything is stored."""
    house.refuse("dynamodb.PutItem", 3 * len(AGENTS) + 2, status=status, code=code)
    house.send(SNAPSHOTS, snapshot())
    house.deliver(SNAPSHOTS)

    assert len(house.deliver(JOBS) or []) == min(len(AGENTS), MOST_IN_BATCH)
    house.drain()

    assert error_codes(caplog) == ["store_unavailable"] * len(AGENTS)
    assert house.dead(JOBS) == []
    assert house.judge(snapshot()).breaches == []


def test_a_key_that_always_fails_becomes_a_dead_letter_alone(house: House) -> None:
    """The table takes the others."""

    def fail(params: dict[str, Any], **_: object) -> None:
        if params["Item"]["agent_id"]["S"] == AGENTS[0]:
            raise ConnectionError

    house.on("before-parameter-build.dynamodb.PutItem", fail)
    house.send(SNAPSHOTS, snapshot())

    house.drain()

    assert [letter.deliveries for letter in house.dead(JOBS)] == [5]
    assert {agent for _, agent in house.rows()} == set(AGENTS[1:])


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "AccessDeniedException"])
def test_what_a_wrong_setting_cost_is_redriven(house: House, caplog: pytest.LogCaptureFixture, code: str) -> None:
    """All fail under the code that an operator looks for; after the mending, a redrive brings everything back."""
    house.refuse("dynamodb.PutItem", 5 * len(AGENTS), code=code)
    house.send(SNAPSHOTS, snapshot())
    house.drain()
    assert error_codes(caplog) == ["ddb_config"] * 5 * len(AGENTS)
    assert len(house.dead(JOBS)) == len(AGENTS)

    moved = list(Redrive(house.sqs, *queues(house, JOBS), long_poll_s=0).run(NOW.replace(year=2099)))
    house.drain()

    assert len(moved) == len(AGENTS)
    assert house.dead(JOBS) == []
    assert house.judge(snapshot()).breaches == []


def queues(house: House, name: str) -> tuple[QueueAddress, QueueAddress]:
    """A queue and its dead-letter queue, as operators find them."""
    plan = house.queues[name]
    letters = next(queue for queue in house.queues.values() if queue.name == plan.dead_letter_queue)
    return QueueAddress(plan.name, plan.url), QueueAddress(letters.name, letters.url)


class Verbose(ScriptedAgent):
    """An agent whose output no row holds."""

    def compute(self, view: UserView) -> AgentOutput:
        """400 KB of signals."""
        output = super().compute(view)
        return output.model_copy(update={"signals_snapshot": {"applicable": "x" * 400 * 1024}})


def test_an_output_that_no_row_holds_never_reaches_the_table(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Its record fails under a code of its own, and its job is a dead letter."""
    calls: list[str] = []
    house.on("before-send.dynamodb.PutItem", lambda request, **_: calls.append(request.url))
    logger = make_logger()
    shim = Shim(logger, make_metrics(), AfterResponse(ExportWorker([], logger), logger))
    store = AgentOutputStore(house.dynamodb, house.table, logger)
    runner = JobRunner(Verbose().find, store, AgentRuns(logger, shim.metrics), shim.trace, timedelta(days=1))
    house.workers[JOBS] = SqsBatch(shim, read_job, runner.run).handler
    house.send(SNAPSHOTS, snapshot(agent_ids=["deadline-pressure"]))

    house.drain()

    assert error_codes(caplog) == ["item_too_large"] * 5
    assert (len(house.dead(JOBS)), house.rows(), calls) == (1, {}, [])
