"""Composes what each function needs from the environment. Only entries call it, once, while their sandbox starts.

A setting that is missing or unusable does not end the sandbox: the operation that needs it is replaced by one that
raises the ConfigError, so that every caller is told and the log names the setting.
"""

import os
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from oo.agent_runs import AgentRuns
from oo.agents.registry import all_manifests
from oo.contract.agents import HealthResponse, PrecomputeTargets, RegistryResponse
from oo.errors import ConfigError
from oo.gateway import Gateway
from oo.settings import Settings
from oo.telemetry.after_response import AfterResponse
from oo.telemetry.logs import make_logger, make_metrics
from oo.telemetry.shim import Handler, Shim

Operation = TypeVar("Operation", bound=Callable[..., Any])


def gateway() -> Gateway:
    """A function's HTTP side, with its telemetry."""
    try:
        budget_s = _settings().llm_budget_s
    except ConfigError:
        return Gateway(shim())
    return Gateway(shim(), budget_s)


def shim() -> Shim:
    """A function's telemetry; Powertools reads the function's name and the log level from its own variables."""
    logger = make_logger()
    return Shim(logger=logger, metrics=make_metrics(), after_response=AfterResponse([], logger))


def health() -> Callable[[], HealthResponse]:
    """Answers `GET /health`."""

    def compose() -> Callable[[], HealthResponse]:
        settings = _settings()
        targets = PrecomputeTargets(
            queue_url=settings.precompute_queue_url or None, table=settings.agent_outputs_table or None
        )
        answer = HealthResponse(ok=True, agents=[manifest.agent_id for manifest in all_manifests()], precompute=targets)
        return lambda: answer

    return _composed(compose)


def registry() -> Callable[[], RegistryResponse]:
    """Answers `GET /agents/registry`."""
    answer = RegistryResponse(agents=[manifest.to_dict() for manifest in all_manifests()])
    return lambda: answer


def agent_runs(gateway: Gateway) -> AgentRuns:
    """Runs single agents."""
    return AgentRuns(gateway.shim.logger)


def precompute_worker() -> Handler:
    """Answers `PrecomputeQueue`: snapshots in, jobs out."""
    from oo.precompute.fan_out import FanOut  # noqa: PLC0415  # HTTP functions do without boto3 and the batch utility
    from oo.precompute.job_queue import JobQueue  # noqa: PLC0415
    from oo.precompute.messages import read_snapshot  # noqa: PLC0415
    from oo.precompute.records import Records  # noqa: PLC0415

    own = shim()

    def compose() -> Callable[..., None]:
        from oo import aws_clients  # noqa: PLC0415

        url = _required(_settings(), "compute_queue_url")
        return FanOut(all_manifests(), JobQueue(aws_clients.queue(), url), own.logger).run

    return Records(own, read_snapshot, _composed(compose)).handler


def compute_worker() -> Handler:
    """Answers `ComputeQueue`: jobs in, stored outputs out."""
    from oo.outputs.store import AgentOutputStore, PutResult  # noqa: PLC0415  # as above
    from oo.precompute.job import JobRunner  # noqa: PLC0415
    from oo.precompute.messages import read_job  # noqa: PLC0415
    from oo.precompute.records import Records  # noqa: PLC0415

    own = shim()

    def compose() -> Callable[..., PutResult]:
        from oo import aws_clients  # noqa: PLC0415

        table = _required(_settings(), "agent_outputs_table")
        store = AgentOutputStore(aws_clients.table_for_records(), table, own.logger)
        return JobRunner(store, AgentRuns(own.logger), own.trace).run

    return Records(own, read_job, _composed(compose)).handler


def _required(settings: Settings, name: str) -> str:
    value: str = getattr(settings, name)
    if not value:
        raise ConfigError(f"Missing setting: {name.upper()}")
    return value


def _settings() -> Settings:
    return Settings.from_environment(os.environ)


def _composed(compose: Callable[[], Operation]) -> Operation | Callable[..., NoReturn]:
    try:
        return compose()
    except ConfigError as error:
        problem = error

        def refuse(*_: object) -> NoReturn:
            raise problem

        return refuse
