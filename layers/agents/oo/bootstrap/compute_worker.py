"""Compose the worker of `ComputeQueue`: jobs in, stored outputs out."""

import os
from functools import partial

from oo.bootstrap.start import begin, ready

begin()

from oo.agent_runs import AgentRuns
from oo.agents.registry import all_manifests, get_agent
from oo.bootstrap import aws_clients, telemetry
from oo.bootstrap.settings import Config, Settings
from oo.contract.queues import ComputeJob
from oo.errors import ConfigError
from oo.outputs.store import AgentOutputStore
from oo.precompute.batch_memory import BatchMemory
from oo.precompute.compute_job import JobRunner, longest_life
from oo.precompute.messages import read_job
from oo.runtime.refusal import Refusal
from oo.runtime.sqs_batch import SqsBatch, Work
from oo.telemetry.instrumentation import Handler, Shim


def handler() -> Handler:
    """The function's handler, configured by the environment."""
    config = Config.read(os.environ)
    return ready(compose(config, telemetry.make_shim(os.environ, config)).handler)


def compose(config: Config, shim: Shim) -> SqsBatch[ComputeJob]:
    """The function's queue handler."""
    work: Work[ComputeJob]
    memory = BatchMemory()
    try:
        work = _runner(config.usable_settings(), shim, memory).run
    except ConfigError as problem:
        work = Refusal(problem)
    return SqsBatch(
        shim,
        partial(read_job, memory=memory),
        work,
        pseudonym=shim.pseudonym,
        default_zone=config.default_zone,
        during=memory.of_batch,
    )


def _runner(settings: Settings, shim: Shim, memory: BatchMemory) -> JobRunner:
    table = settings.require_outputs_table()
    store = AgentOutputStore(aws_clients.table_for_records(), table, shim.logger)
    runs = AgentRuns(shim.logger, shim.metrics)
    return JobRunner(get_agent, store, runs, shim.trace, longest_life(all_manifests()), memory)
