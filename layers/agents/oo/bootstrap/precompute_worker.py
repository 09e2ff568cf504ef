"""Compose the worker of `PrecomputeQueue`, which turns snapshots into jobs."""

import os

from oo.bootstrap.start import begin, ready

begin()

from oo.agents.registry import all_manifests
from oo.bootstrap import aws_clients, telemetry
from oo.bootstrap.settings import Config
from oo.contract.queues import PrecomputeMessage
from oo.errors import ConfigError
from oo.precompute.fan_out import FanOut
from oo.precompute.job_queue import JobQueue
from oo.precompute.messages import read_snapshot
from oo.runtime.refusal import Refusal
from oo.runtime.sqs_batch import SqsBatch, Work
from oo.telemetry.instrumentation import Handler, Shim


def handler() -> Handler:
    """The function's handler, configured by the environment."""
    config = Config.read(os.environ)
    return ready(compose(config, telemetry.make_shim(os.environ, config)).handler)


def compose(config: Config, shim: Shim) -> SqsBatch[PrecomputeMessage]:
    """The function's queue handler."""
    work: Work[PrecomputeMessage]
    try:
        queue_url = config.usable_settings().require_compute_queue()
        work = FanOut(all_manifests(), JobQueue(aws_clients.queue(), queue_url), shim.logger, shim.metrics).run
    except ConfigError as problem:
        work = Refusal(problem)
    return SqsBatch(shim, read_snapshot, work, pseudonym=shim.pseudonym, default_zone=config.default_zone)
